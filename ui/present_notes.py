"""The facilitator's notes, and the runs of a room."""

from datetime import datetime

import streamlit as st

from ui import present_steer
from ui.escape import md
from ui.present_said import states, still_here, tried, why
from words import Words
from workshop import rooms, votes
from workshop.ballots import OVER
from workshop.errors import WorkshopError
from workshop.room import Room

LONGEST = 1_000


def draw(room: Room, t: Words) -> None:
    """What was noted, a line to add, and how to begin again."""
    left, right = st.columns(2, gap="large")
    with left:
        st.header(t("Notes"), anchor=False)
        _notes(room, t)
    with right:
        st.header(t("Runs"), anchor=False)
        _runs(room, t)


def _notes(room: Room, t: Words) -> None:
    """Lines are added and not edited in place, so two people never overwrite each other."""
    st.caption(t("For facilitators only. They go with the room and are never published."))
    with st.form(f"note {room.room_id}", clear_on_submit=True):
        line = st.text_area(t("A note"), max_chars=LONGEST, key=f"note {room.room_id} line")
        pressed = st.form_submit_button(t("Add the note"), icon=":material/add:")
    notes = room.notes
    if pressed and line.strip():
        try:
            notes = _added(room, line)
        except WorkshopError as error:
            st.error(md(why(error, t)), icon=":material/block:")
    for each in filter(None, notes.split("\n")):
        st.markdown(md(each))
    if notes:
        with st.popover(t("Delete all notes"), icon=":material/delete:"):
            st.button(t("Yes, delete them"), on_click=_forget, args=(room, t), key="forget")


def _added(room: Room, line: str) -> str:
    person, place = still_here(), votes.here()
    at = datetime.fromtimestamp(place.clock())
    text = " ".join(line.split())
    return rooms.add_note(place, room, f"{at:%H:%M} {person.name}: {text}").notes


def _forget(room: Room, t: Words) -> None:
    tried(room.code, lambda _: rooms.note(votes.here(), room, ""), t)


def _runs(room: Room, t: Words) -> None:
    place = votes.here()
    named = states(t)
    for run in rooms.runs(place, room.room_id):
        now = t("the present one") if run.is_now else t("kept")
        said = t("Run {n}: {state}, {now}.", n=run.run, state=named[run.state], now=now)
        counted = t.plural("{n} phone joined.", "{n} phones joined.", run.joined)
        st.markdown(f"{md(said)} {md(counted)}")
    if not room.is_now:
        return
    st.caption(
        t(
            "To begin again with the same code, start a new run. This one is kept and can still "
            "be saved or discarded."
        )
        if room.state not in OVER
        else t("To use the same code once more, start a new run.")
    )
    with st.popover(t("Start a new run"), icon=":material/restart_alt:"):
        st.markdown(t("The vote is closed if it is open, and phones begin with an empty ballot."))
        st.button(
            t("Yes, start a new run"),
            type="primary",
            on_click=present_steer.press,
            args=(room, rooms.reset, t),
            key="reset",
        )
