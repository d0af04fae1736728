"""Manage data: staff publish spreadsheets, correct single records, and undo."""

import streamlit as st

from ui import access, address, manage
from ui.language import visitor_words

person = access.require("staff")

t = visitor_words()
st.title(t("Manage data"), anchor=False)
part = address.one_of(
    "part",
    t("What would you like to do?"),
    {
        "upload": t("Upload a file"),
        "record": t("Add or correct one record"),
        "history": t("History and undo"),
    },
)

if part == "upload":
    manage.upload(t)
elif part == "record":
    manage.record(t)
else:
    manage.history(t)
