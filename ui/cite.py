"""“Cite this”: the view as a reference, in the forms that people need."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import streamlit as st

from exports import cite
from gcs_data.errors import GcsDataError
from gcs_data.store import release
from ui import datasets, parts
from ui.escape import md
from ui.kept import kept
from ui.language import visitor_words


def cite_this(kind: str, ids: Sequence[str], title: str, sources: Sequence[str] = ()) -> None:
    """A button that opens the citations of this view, each with a button that copies it.

    Args:
        kind, ids, title, sources: As `exports.cite.View` has them.
    """
    t = visitor_words()
    lid = st.popover(
        t("Cite this"), icon=":material/format_quote:", on_change="rerun", key=f"cite {kind}"
    )
    if not lid.open:
        return
    view = this_view(kind, ids, title, sources)
    forms = {
        t("Plain text"): cite.plain(view, t),
        "APA": cite.apa(view, t),
        "BibTeX": cite.bibtex(view),
        "RIS": cite.ris(view),
        t("Link to this release"): view.url,
    }
    with lid:
        for name, text in forms.items():
            st.markdown(f"**{md(name)}**")
            st.code(text, language=None, wrap_lines=True)


def this_view(kind: str, ids: Sequence[str], title: str, sources: Sequence[str] = ()) -> cite.View:
    """What the visitor looks at, as something that can be cited; arguments as `cite_this`."""
    return cite.View(
        kind=kind,
        ids=tuple(ids),
        title=title,
        address=parts.full_address(),
        release=datasets.release(),
        accessed=datetime.now(UTC).date(),
        published=_published(datasets.release()),
        sources=tuple(sources),
    )


def _published(number: int) -> date | None:
    """The day of a release; None for the shipped one, and while the store is out of reach."""
    try:
        return _day(number)
    except GcsDataError:
        return None


@kept
def _day(number: int) -> date | None:
    when = release(datasets.store(), number).when
    return date.fromisoformat(when[:10]) if when else None
