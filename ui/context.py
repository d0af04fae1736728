"""A layer of figures under the map: which one a visitor chose, and what it holds."""

from urllib.parse import urlsplit

import streamlit as st

import labels
from figures.fills import Context
from gcs_data import context
from ui import address, datasets
from words import Words, words

NAME = "layer"


def names() -> dict[str, str]:
    """What the layers of this release are called."""
    known = context.known_layers(datasets.frame("layers"))
    return dict(zip(known.index, known["label"], strict=True))


def ask(t: Words) -> str:
    """The layer that the visitor wants under the map; empty for none."""
    known = names()
    if not known:
        address.ids(NAME, known)  # Says that there is no such layer, if the address names one.
        return ""
    chosen = address.select(
        NAME, t("Under the marks"), known, placeholder=t("Whether a country is on record")
    )
    return chosen or ""


@st.cache_resource(show_spinner=False, max_entries=64)
def layer(layer_id: str, release: int, language: str) -> Context | None:
    """The layer of a release as the map takes it; None where there is no such layer."""
    layers = datasets.frame("layers", release)
    figures = context.newest_figures(layers, layer_id)
    if figures.empty:
        return None
    known = context.known_layers(layers)
    label, unit, source = (str(known.at[layer_id, name]) for name in known.columns)
    said = labels.sources(words(language))
    return Context(
        label=label,
        unit=unit,
        source=said.get(source) or urlsplit(source).hostname or source,
        figures=figures,
    )
