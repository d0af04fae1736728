"""What an uploader should know about a file and need not fix."""

import streamlit as st

import labels
from gcs_data.incoming.sheets import Reading
from gcs_data.incoming.understand import Understood
from gcs_data.problems import MESSAGES
from ui.escape import md
from words import Words


def draw(reading: Reading, understood: Understood, t: Words) -> None:
    """Which sheet holds which dataset, and what was left out, converted or read as ours."""
    names = labels.datasets(t)
    held = [
        t.plural("{dataset}: {n} row", "{dataset}: {n} rows", len(frame), dataset=names[name])
        for name, frame in understood.frames.items()
    ]
    if reading.file_name:
        st.markdown(
            t(
                "**{file}** was read as {kind}. It holds {held}.",
                file=md(reading.file_name[:120]),
                kind=md(reading.kind),
                held=md(t.listed(held)) if held else t("nothing of ours"),
            )
        )
    said = [t(MESSAGES[note.code], **note.fields) for note in understood.notes]
    if said:
        lid = st.expander(
            t.plural("{n} thing to know", "{n} things to know", len(said)),
            icon=":material/info:",
            expanded=len(said) <= 6,
        )
        lid.markdown("\n".join(f"- {md(text)}" for text in said))
