"""What a visitor sees when a page breaks: a sentence and an incident number."""

import logging

import streamlit as st

from gcs_data.errors import TEMPLATES, GcsDataError
from server.errors import incident
from ui import runs
from ui.escape import md
from ui.language import visitor_words

# Streamlit logs the same traceback a second time, without the number.
logging.getLogger("streamlit.error_util").addFilter(
    lambda record: record.msg != "Uncaught app execution"
)


def on_script_error(error: Exception) -> bool:
    """Log the error and draw our own sentence; True tells Streamlit not to draw its own."""
    number = incident(error)
    runs.failed(number)
    t = visitor_words()
    st.error(
        t(
            "Something went wrong on our side, and this page is not complete. Reload it to try "
            "again. If it happens again, tell whoever runs this site the incident number {number}.",
            number=number,
        ),
        icon=":material/error:",
    )
    return True


def say(error: GcsDataError) -> None:
    """Draw an error of the data module: its own sentence already says what to do next."""
    t = visitor_words()
    st.error(md(t(TEMPLATES[error.code], **error.values)), icon=":material/error:")
