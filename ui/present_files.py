"""Slides and a handout of a run, made in a process of their own when somebody asks."""

import streamlit as st

from exports import apart
from exports.apart import ExportError, Kind
from gcs_data.errors import GcsDataError
from ui import datasets, trouble
from ui.escape import md
from ui.present_said import why
from words import Words
from workshop import result, votes
from workshop.errors import WorkshopError
from workshop.keep import Occasion
from workshop.room import Room

ENDINGS: dict[Kind, tuple[str, str]] = {
    "slides": (
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    "handout": ("pdf", "application/pdf"),
}


def draw(room: Room, occasion: Occasion, t: Words) -> None:
    """A button for each file: first to make it, then to take it."""
    st.header(t("Files to take home"), anchor=False)
    if not room.shows_results:
        st.info(
            t("Reveal the results first: the files hold them."), icon=":material/visibility_off:"
        )
        return
    st.markdown(
        t(
            "Slides have charts that you can edit, with the reading sentences as notes. The "
            "handout is one page."
        )
    )
    with st.container(horizontal=True, vertical_alignment="center", key="files"):
        _file("slides", t("Prepare the slides"), t("Download the slides"), room, occasion, t)
        _file("handout", t("Prepare the handout"), t("Download the handout"), room, occasion, t)


def _file(kind: Kind, prepare: str, take: str, room: Room, occasion: Occasion, t: Words) -> None:
    """One file. What was made stays until something in it would be another."""
    of = (room.run_id, room.round, room.counted, occasion, t.language)
    name = f"file {kind}"
    known, content = st.session_state.get(name, (None, b""))
    place = st.empty()
    if known != of:
        if not place.button(prepare, icon=":material/build:", key=f"prepare {kind}"):
            return
        place.empty()
        with place, st.spinner(t("Making the file in a process of its own…")):
            content = _made(kind, room, occasion, t)
        if not content:
            return
        st.session_state[name] = (of, content)
    ending, mime = ENDINGS[kind]
    place.download_button(
        take,
        content,
        file_name=f"workshop-{room.code.lower()}.{ending}",
        mime=mime,
        icon=":material/download:",
        type="primary",
        on_click="ignore",
        key=f"take {kind}",
    )


def _made(kind: Kind, room: Room, occasion: Occasion, t: Words) -> bytes:
    """The file; empty where it could not be made, which is said."""
    countries = datasets.country_names(t.language)
    where = [occasion.city, countries.get(occasion.country_iso3, "")]
    try:
        found = result.room_result(
            votes.here(),
            room,
            datasets.store(),
            occasion,
            place=", ".join(filter(None, where)),
            t=t,
        )
        return apart.exported(kind, found)
    except ExportError as error:
        st.error(md(apart.sentence(error, t)), icon=":material/error:")
    except WorkshopError as error:
        st.error(md(why(error, t)), icon=":material/error:")
    except GcsDataError as error:
        trouble.say(error)
    return b""
