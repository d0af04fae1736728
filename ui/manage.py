"""The three ways in which staff change the data; each ends in the same review."""

import hashlib

import streamlit as st

import gcs_data
import labels
from exports import templates
from gcs_data import preview
from gcs_data.errors import GcsDataError
from gcs_data.incoming.read import read
from gcs_data.incoming.sheets import Reading
from gcs_data.incoming.text import ENCODINGS
from server.accounts import STAFF
from ui import address, datasets, publishing, record_form, trouble
from ui import history as releases
from ui.chart import download
from ui.work import Work, go_through, published
from words import Words


def upload(t: Words) -> None:
    """Take a file, show what is wrong with it and what it would change, and publish it."""
    _templates(t)
    file = st.file_uploader(
        t("A spreadsheet: xlsx, xls, ods, csv, tsv or parquet, up to 20 MB"), key="file"
    )
    if file is None:
        return
    encoding = st.session_state.get(f"encoding {file.file_id}")
    name = f"{file.file_id} {encoding or ''}"
    work = st.session_state.get("in hand")
    if not isinstance(work, Work) or work.name != name:
        reading = _read(file.getvalue(), file.name, encoding, t)
        if reading is None:
            return
        work = Work(name, reading, file.getvalue())
        st.session_state["in hand"] = work
    if encoding or any(notice.code == "assumed_encoding" for notice in work.reading.notices):
        st.selectbox(
            t("If letters look wrong, read the file as"),
            list(ENCODINGS),
            index=None,
            key=f"encoding {file.file_id}",
        )
    go_through(work, t)


def record(t: Words) -> None:
    """One record in a form, through the same checks, changes and reason."""
    reading = record_form.draw()
    if reading is None:
        return
    cells = reading.sheets[0].cells.to_json()
    name = hashlib.sha256(f"{reading.sheets[0].name}{cells}".encode()).hexdigest()
    work = st.session_state.get("form in hand")
    if not isinstance(work, Work) or work.name != name:
        work = Work(name, reading)
        st.session_state["form in hand"] = work
    go_through(work, t)


def history(t: Words) -> None:
    """Every release, and going back to one."""
    release = releases.draw(t)
    if release is None or release.damaged:
        return
    store = datasets.store()
    name = f"undo {release.number}"
    base = publishing.base_of(name)
    if publishing.done(name, base, t):
        publishing.begin_anew(name)
        return
    # The newest one is undone by going back to the one it was made from.
    to = release.base if release.number == base else release.number
    if to is None:
        return
    st.header(
        t("Undo release {number}", number=release.number)
        if release.number == base
        else t("Go back to release {number}", number=to),
        anchor=False,
    )
    st.markdown(
        t(
            "The data become as they were in release {number}. Nothing is deleted: that is a new "
            "release.",
            number=to,
        )
    )
    try:
        found = preview.undo(store, to, base)
    except GcsDataError as error:
        trouble.say(error)
        return
    publishing.draw(
        publishing.Review(
            name=name,
            base=base,
            changes=found,
            before=lambda dataset: gcs_data.load(store, dataset, base),
            after=lambda dataset: gcs_data.load(store, dataset, to),
            stories=preview.affected(found).stories,
            publish=lambda who, why: gcs_data.rollback(store, to, base=base, who=who, why=why),
        ),
        STAFF,
        t,
    )


def _templates(t: Words) -> None:
    with st.expander(t("Take a template"), icon=":material/description:"):
        st.markdown(
            t(
                "A workbook with the columns, lists to choose from and an example row, which is "
                "skipped when you upload it."
            )
        )
        names = {"all": t("All datasets")} | {
            name: title for name, title in labels.datasets(t).items() if name in templates.NAMES
        }
        chosen = address.select(
            "template", t("Dataset"), names, placeholder=t("Choose a dataset, or all of them")
        )
        if chosen:
            wanted = templates.NAMES if chosen == "all" else (chosen,)
            release = datasets.release()
            download(
                f"template-{chosen}",
                t("Download template"),
                lambda: templates.template(wanted, published(templates.REFERRED, release), t=t),
                "xlsx",
            )


def _read(content: bytes, file_name: str, encoding: str | None, t: Words) -> Reading | None:
    bar = st.progress(0.0, t("Reading the file in a process of its own…"))

    def progress(_stage: str, part: float) -> None:
        bar.progress(part)

    try:
        return read(content, file_name, encoding=encoding, progress=progress)
    except GcsDataError as error:
        trouble.say(error)
        return None
    finally:
        bar.empty()
