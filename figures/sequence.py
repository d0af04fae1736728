"""The published DNA, drawn as what it is: an order of letters, not a score."""

from html import escape
from typing import Any

import pandas as pd

from words import Words


def published_sequence(published: pd.DataFrame, *, t: Words) -> str:
    """An HTML fragment: one tile per gene in published order, dominant genes filled.

    Args:
        published: Columns name, letter, position and dominant, in order; position is missing
            where only the dominant genes were published. A gene may lack a name or a letter.

    Every value is escaped. The tiles are an ordered list to a screen reader, in which each says
    its place, its name and whether it is dominant.
    """
    tiles = "".join(_tile(row, t) for row in published.itertuples())
    label = escape(t("Published DNA, an order of genes"), quote=True)
    tag = "ol" if published["position"].notna().all() else "ul"
    return f'{_STYLE}<{tag} class="gcs-sequence" aria-label="{label}">{tiles}</{tag}>'


def sequence_note(published: pd.DataFrame, t: Words) -> str:
    """What a published DNA is and is not; `published` as for `published_sequence`. Plain text."""
    if published["position"].notna().all():
        return t(
            "An order that Good Cyber Stories published, not a score. The first three "
            "genes are the dominant ones."
        )
    return t(
        "Good Cyber Stories published the dominant genes of this story, without an "
        "order and without a score."
    )


def _tile(row: Any, t: Words) -> str:
    name = row.name if isinstance(row.name, str) else t("no public name")
    letter = row.letter if isinstance(row.letter, str) else name[:2]
    kind = " gcs-dominant" if row.dominant else ""
    dominant = escape(t("dominant"))
    mark = f'<span class="gcs-mark">{dominant}</span>' if row.dominant else ""
    place = "" if pd.isna(row.position) else f'<span class="gcs-place">{int(row.position)}</span>'
    return (
        f'<li class="gcs-gene{kind}">{place}<b class="gcs-letter">{escape(letter)}</b>'
        f'<span class="gcs-name">{escape(name)}</span>{mark}</li>'
    )


_STYLE = """<style>
.gcs-sequence{list-style:none;display:flex;flex-wrap:wrap;gap:.5rem;padding:0;margin:0}
.gcs-gene{position:relative;flex:1 1 7.5rem;max-width:11rem;min-height:5.4rem;margin:0!important;
padding:.5rem .6rem;border:1px solid color-mix(in srgb,currentColor 35%,transparent);
border-radius:.5rem;display:flex;flex-direction:column;gap:.1rem;font-size:.85rem;line-height:1.25}
.gcs-dominant{border:2px solid currentColor;
background:color-mix(in srgb,currentColor 9%,transparent)}
.gcs-letter{font-size:1.6rem;line-height:1.1}
.gcs-place{position:absolute;top:.4rem;right:.6rem;opacity:.75}
.gcs-mark{margin-top:auto;font-weight:600}
</style>"""
