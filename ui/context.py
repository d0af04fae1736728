"""A layer of figures under the map: which one a visitor chose, and what it holds."""

from urllib.parse import urlsplit

import pandas as pd
import streamlit as st

import labels
from figures.fills import Context
from gcs_data import context
from ui import address, datasets
from words import Words, words

NAME = "layer"


def names() -> dict[str, str]:
    """What the layers of this release are called."""
    found = known(datasets.release())
    return dict(zip(found.index, found["label"], strict=True))


@st.cache_resource(show_spinner=False, max_entries=16)
def known(release: int) -> pd.DataFrame:
    """The layers of a release with label, unit and source; read once. Index layer_id."""
    return context.known_layers(datasets.frame("layers", release))


def ask(t: Words) -> str:
    """The layer that the visitor wants under the map; empty for none."""
    options = names()
    if not options:
        address.ids(NAME, options)  # Says that there is no such layer, if the address names one.
        return ""
    chosen = address.select(
        NAME, t("Under the marks"), options, placeholder=t("Whether a country is on record")
    )
    return chosen or ""


@st.cache_resource(show_spinner=False, max_entries=64)
def layer(layer_id: str, release: int, language: str) -> Context | None:
    """The layer of a release as the map takes it; None where there is no such layer."""
    layers = datasets.frame("layers", release)
    figures = context.newest_figures(layers, layer_id)
    if figures.empty:
        return None
    about = known(release).loc[layer_id]
    label, unit, source = (str(each) for each in about)
    said = labels.sources(words(language))
    return Context(
        label=label,
        unit=unit,
        source=said.get(source) or urlsplit(source).hostname or source,
        figures=figures,
    )
