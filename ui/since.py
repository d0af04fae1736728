"""What has changed since an old release, in a sentence."""

import streamlit as st

import labels
from gcs_data import changes
from gcs_data.errors import GcsDataError
from gcs_data.schema import PUBLIC_DATASETS
from ui import datasets
from words import Words


def sentence(old: int, new: int, t: Words) -> str:
    """What release `new` changed against release `old`, dataset by dataset. Plain text."""
    try:
        counts = _counts(old, new)
    except GcsDataError:  # A damaged release; whoever opens it is told why.
        return ""
    names, said = labels.datasets(t), []
    for name, (added, changed, removed) in counts.items():
        parts = [
            *([t.plural("{n} added", "{n} added", added)] if added else []),
            *([t.plural("{n} changed", "{n} changed", changed)] if changed else []),
            *([t.plural("{n} removed", "{n} removed", removed)] if removed else []),
        ]
        said.append(t("{name}: {changes}", name=names[name], changes=t.listed(parts)))
    if not said:
        return t("Nothing that is public has changed since.")
    return t("Since then: {changes}.", changes=t("; ").join(said))


@st.cache_data(show_spinner=False, max_entries=256)
def _counts(old: int, new: int) -> dict[str, tuple[int, int, int]]:
    """Rows added, changed and removed, by dataset; releases never change, so it is kept."""
    found = changes.between(datasets.store(), old, new)
    return {
        name: (len(found[name].added), len(found[name].now), len(found[name].removed))
        for name in PUBLIC_DATASETS
        if name in found
    }
