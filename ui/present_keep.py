"""The end of a run: its files to take home, and whether its ratings are published or deleted."""

from datetime import date, datetime

import streamlit as st

import gcs_data
from gcs_data import query
from gcs_data.errors import GcsDataError
from server.session import Person
from ui import datasets, present_files, present_save
from ui.present_said import tried
from words import Words
from workshop import rooms, tally, votes
from workshop.keep import Occasion
from workshop.room import Room

LONGEST_TITLE, LONGEST_CITY = 160, 80


def draw(room: Room, t: Words) -> None:
    """What the workshop was, its files, and saving or discarding."""
    if room.state == "discarded":
        st.info(t("There is nothing to take home from a run that was discarded."))
        return
    if room.state == "saved":
        occasion = _published(room) or _default(room, t)
        present_save.say_saved(room, t)
        present_files.draw(room, occasion, t)
        return
    st.header(t("What was this workshop?"), anchor=False)
    occasion = _asked(room, t)
    present_files.draw(room, occasion, t)
    st.header(t("Save or discard"), anchor=False)
    if room.state not in ("closed", "revealed"):
        st.info(t("A run can be saved once its round is closed."), icon=":material/info:")
    else:
        present_save.draw(room, occasion, t)
    _discard(room, t)


def _default(room: Room, t: Words) -> Occasion:
    when = datetime.fromtimestamp(room.opened_at or room.created_at)
    return Occasion(t("Workshop on {title}", title=room.subject.title), f"{when:%Y-%m-%d}")


def _asked(room: Room, t: Words) -> Occasion:
    """What the facilitator says of it; kept while the other parts of the desk are looked at."""
    start = _default(room, t)
    key = f"occasion {room.run_id}"
    left, right = st.columns(2, gap="large")
    with left:
        title = st.text_input(
            t("Title"),
            start.title,
            max_chars=LONGEST_TITLE,
            key=f"{key} title",
            persist_state="session",
        )
        day = st.date_input(
            t("Day"),
            date.fromisoformat(start.held_on),
            format="DD/MM/YYYY",
            key=f"{key} day",
            persist_state="session",
        )
    with right:
        city = st.text_input(
            t("City"), max_chars=LONGEST_CITY, key=f"{key} city", persist_state="session"
        )
        countries = datasets.country_names(t.language)
        country = st.selectbox(
            t("Country"),
            list(countries),
            index=None,
            format_func=lambda code: countries[code],
            placeholder=t("Not given"),
            key=f"{key} country",
            persist_state="session",
        )
    held_on = day.isoformat() if isinstance(day, date) else start.held_on
    return Occasion(" ".join(title.split()) or start.title, held_on, city.strip(), country or "")


def _published(room: Room) -> Occasion | None:
    """What was said of the workshop when it was saved."""
    try:
        occasions = gcs_data.load(datasets.store(), "occasions")
    except GcsDataError:
        return None
    for number in (room.round, 1):
        mine = occasions[occasions["occasion_id"] == tally.occasion_id(room, number)]
        for row in query.rows(mine):
            words = [each if isinstance(each, str) else "" for each in (row.city, row.country_iso3)]
            return Occasion(row.title, row.held_on, *words)
    return None


def _discard(room: Room, t: Words) -> None:
    with st.popover(t("Discard this run"), icon=":material/delete:"):
        st.markdown(
            t(
                "Its ballots and everything counted from them are deleted for good, and phones are "
                "told that the workshop has ended. Nothing is published."
            )
        )
        sure = st.checkbox(t("I am sure"), key=f"sure {room.run_id}")
        st.button(
            t("Discard for good"),
            disabled=not sure,
            on_click=_gone,
            args=(room, t),
            key="discard",
        )


def _gone(room: Room, t: Words) -> None:
    def do(_person: Person) -> None:
        rooms.discard(votes.here(), room)

    tried(room.code, do, t)
