"""What has changed since an old release, in a sentence."""

from collections.abc import Mapping

import streamlit as st

import labels
from gcs_data import changes
from gcs_data.errors import GcsDataError
from gcs_data.schema import PUBLIC_DATASETS
from ui import datasets
from words import Words

Counts = Mapping[str, Mapping[str, int]]  # By dataset: rows added, changed and removed.


def sentence(old: int, new: int, t: Words) -> str:
    """What release `new` changed against release `old`, dataset by dataset. Plain text."""
    try:
        said = in_words(_counts(old, new), t)
    except GcsDataError:  # A damaged release; whoever opens it is told why.
        return ""
    if not said:
        return t("Nothing that is public has changed since.")
    return t("Since then: {changes}", changes=said)


def in_words(counts: Counts, t: Words) -> str:
    """Numbers of rows as a sentence, dataset by dataset; empty where nothing changed."""
    names, said = labels.datasets(t), []
    for name, of_it in counts.items():
        added, changed, removed = (of_it[each] for each in ("added", "changed", "removed"))
        kinds = [
            *([t.plural("{n} added", "{n} added", added)] if added else []),
            *([t.plural("{n} changed", "{n} changed", changed)] if changed else []),
            *([t.plural("{n} removed", "{n} removed", removed)] if removed else []),
        ]
        if kinds:
            said.append(t("{name}: {changes}", name=names[name], changes=t.listed(kinds)))
    return t("; ").join(said) + "." if said else ""


@st.cache_data(show_spinner=False, max_entries=256)
def _counts(old: int, new: int) -> dict[str, dict[str, int]]:
    """Rows added, changed and removed, by dataset; releases never change, so it is kept."""
    found = changes.between(datasets.store(), old, new)
    return {name: found[name].counts for name in PUBLIC_DATASETS if name in found}
