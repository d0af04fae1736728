"""Which language this visitor reads."""

import streamlit as st

from ui.once import once_in_a_run
from words import DEFAULT_LANGUAGE, LANGUAGES, Words, words


def asked() -> str:
    """The language in the address, known or not; empty where there is none."""
    return st.query_params.get("lang", "")


@once_in_a_run
def code() -> str:
    """The visitor's language: of the address, else of the browser, else English."""
    if asked() in LANGUAGES:
        return asked()
    preferred = (st.context.locale or "").split("-")[0].lower()
    return preferred if preferred in LANGUAGES else DEFAULT_LANGUAGE


def visitor_words() -> Words:
    """The words for this visitor. Never kept beyond one run of a page."""
    return words(code())
