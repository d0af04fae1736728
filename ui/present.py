"""The facilitator's desk: which room, what it is doing, and the parts below.

A room says who made it, but it is not theirs alone: everybody who may facilitate sees and steers
every room. A workshop must go on when the laptop that opened it does not, two people often run one
together, and names are no keys: a provider may change them. Whoever is on the list is trusted.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

import streamlit as st
from babel.dates import format_datetime

from ui import (
    address,
    present_join,
    present_keep,
    present_notes,
    present_paper,
    present_results,
    present_steer,
)
from ui.escape import md
from ui.present_said import refusal, standing
from words import Words
from workshop import rooms, votes
from workshop.ballots import OVER
from workshop.room import LIVES, Room

NOW = "now"
PARTS: Mapping[str, Callable[[Room, Words], None]] = {
    "join": present_join.draw,
    "results": present_results.draw,
    "paper": present_paper.draw,
    "notes": present_notes.draw,
    "keep": present_keep.draw,
}


def chosen_room(me: str, t: Words) -> Room | None:
    """The room and run in the address; None where a new one is wanted.

    Raises:
        VotesError: If rooms cannot be read.
    """
    place = votes.here()
    known = {room.code: room for room in _ordered(rooms.listed(place), me)}
    if not known:
        address.ids("room", [])  # Says that there is no such room, if the address names one.
        return None
    code = address.select(
        "room",
        t("Room"),
        {code: _label(room, t) for code, room in known.items()},
        placeholder=t("Open a new room, or choose one"),
    )
    if code is None:
        return None
    runs = {
        NOW if run.is_now else str(run.run): run for run in rooms.runs(place, known[code].room_id)
    }
    if len(runs) == 1:
        return next(iter(runs.values()))
    named = {
        key: t("The present run") if run.is_now else t("Run {n}", n=run.run)
        for key, run in runs.items()
    }
    return runs[address.one_of("run", t("Run"), named)]


def heading(room: Room, t: Words) -> None:
    """Which story, which room, which round."""
    st.title(md(room.subject.title), anchor=False)
    said = [t("Room {code}", code=room.code)]
    if room.rounds > 1:
        said.append(t("round {round} of {rounds}", round=room.round, rounds=room.rounds))
    if room.run > 1:
        said.append(t("run {n}", n=room.run))
    said.append(t.plural("{n} gene", "{n} genes", len(room.genes)))
    said.append(t("opened by {name}", name=room.owner))
    st.caption(md(" · ".join(said)))


def steer(room: Room, t: Words) -> None:
    """The controls of the present run; of all others, how they ended."""
    if not room.is_now:
        st.info(
            t(
                "This is an older run of the room, kept as it was. It can still be saved or "
                "discarded."
            ),
            icon=":material/history:",
        )
    elif votes.here().clock() - room.used_at > LIVES:
        st.info(
            t(
                "This room’s code no longer works. What it found is kept for four weeks from its "
                "last use: save it or discard it."
            ),
            icon=":material/hourglass_bottom:",
        )
    else:
        present_steer.draw(room, t)
        return
    st.markdown(standing(room, t))
    refusal(room.code)


def chosen_part(t: Words) -> str:
    """Which part of the desk is shown below the controls."""
    return address.one_of(
        "part",
        t("On this desk"),
        {
            "join": t("Join"),
            "results": t("Results"),
            "paper": t("Paper and hands"),
            "notes": t("Notes and runs"),
            "keep": t("Save and take home"),
        },
        label_visibility="collapsed",
    )


def _ordered(known: list[Room], me: str) -> list[Room]:
    """Those that go on before those that have ended, mine before others, the newest first."""
    return sorted(known, key=lambda room: (room.state in OVER, room.owner != me))


def _label(room: Room, t: Words) -> str:
    """Not with its state: a list that is worded anew forgets what is chosen in it."""
    when = format_datetime(
        datetime.fromtimestamp(room.created_at), "d MMM HH:mm", locale=t.language
    )
    return t(
        "{code}: {title} ({when}, {name})",
        code=room.code,
        title=room.subject.title,
        when=when,
        name=room.owner,
    )
