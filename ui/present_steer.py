"""The controls of a run and who has answered, looked at again every second.

Only these few elements are drawn anew, so that nothing that somebody is typing is disturbed. The
rest of the page follows when the room moves on, whoever moved it.
"""

from collections.abc import Callable
from functools import partial

import streamlit as st

from server.session import Person
from ui import parts, runs
from ui.escape import md
from ui.present_said import lasted, refusal, standing, tried, why
from words import Words
from workshop import rooms, site, tally, votes
from workshop.ballots import OVER
from workshop.errors import RefusedError, WorkshopError
from workshop.room import Room
from workshop.votes import Votes

EVERY = 1.0  # Seconds; the projector is faster, and a phone asks every three to seven.
Command = Callable[[Votes, str], Room]


def draw(room: Room, t: Words) -> None:
    """Draw what the room is doing, and the buttons."""
    with st.container():  # See DECISIONS.md: what stands after a part must not hang on it.
        watched(room, shown(room), t)


def shown(room: Room) -> tuple[object, ...]:
    """What the rest of the page depends on."""
    return room.run_id, room.version, room.notes, room.counted if room.shows_results else 0


# A sign-in is not asked for at each tick, or an unattended desk would never be signed out. What is
# seen here is what everybody in the room sees on the screen.
@st.fragment(run_every=EVERY)
@runs.part_of("present")
def watched(room: Room, drawn: tuple[object, ...], t: Words) -> None:
    """The part that is looked at again and again."""
    place = votes.here()
    try:
        now = rooms.room(place, room.code)
        cast = place.read(lambda c: tally.turnout(c, now, now.ballot_round), tally.Turnout())
    except WorkshopError as error:
        st.error(md(why(error, t)), icon=":material/error:")
        return
    if shown(now) != drawn:
        st.rerun()
    with st.container(border=True, key="steer"):
        st.markdown(f"**{standing(now, t)}** {_time(now, place.clock(), t)}")
        _counts(now, cast, t)
        if now.state not in OVER:
            _buttons(now, t)
            if now.state == "revealed" and now.round == now.rounds:
                st.caption(t("When the room has talked: save the run and take the slides, below."))
        _pages(now, t)
        refusal(now.code)


def press(seen: Room, command: Command, t: Words) -> None:
    """Do what a button stands for, if it is still about the round that was seen. For callbacks.

    Two people may steer one room: a press that was meant for the round before must not end this
    one.
    """

    def do(_person: Person) -> None:
        place = votes.here()
        now = rooms.room(place, seen.code)
        if (now.run_id, now.round) != (seen.run_id, seen.round):
            raise RefusedError("moved_on")
        command(place, seen.code)

    tried(seen.code, do, t)


def _counts(room: Room, cast: tally.Turnout, t: Words) -> None:
    voted = t("have sent a test ballot") if room.phase == "test" else t("have voted")
    snapshot = site.here().live.snapshot(room.code)
    connected = t.number(snapshot.connected) if snapshot else "–"
    parts.figures(
        [
            (t.number(room.joined), t("have joined")),
            (connected, t("are connected now")),
            (t.number(cast.voted), voted),
        ]
    )
    said = []
    if cast.paper:
        said.append(t.plural("{n} of them on paper.", "{n} of them on paper.", cast.paper))
    if cast.late:
        said.append(
            t.plural(
                "{n} came in the seconds after the round was closed; it counts and is flagged.",
                "{n} came in the seconds after the round was closed; they count and are flagged.",
                cast.late,
            )
        )
    if said:
        st.caption(" ".join(said))


def _time(room: Room, now: float, t: Words) -> str:
    """How long the round has been open, or was, or how long ago it opened."""
    if room.opened_at is None or room.state in OVER:
        return ""
    since = lasted(now - room.opened_at, t)
    if room.stopped_at is None:
        return t("Open for {time}.", time=since)
    return t(
        "Opened {time} ago, stopped after {length}.",
        time=since,
        length=lasted(room.stopped_at - room.opened_at, t),
    )


def _buttons(room: Room, t: Words) -> None:
    """One row that keeps its places; what leads on is the strong one, what cannot be is grey."""
    with st.container(horizontal=True, vertical_alignment="center", key="commands"):
        if room.state == "lobby" and room.round == 1:
            label = t("End the rehearsal") if room.testing else t("Rehearse")
            _button(room, "rehearse", label, partial(rooms.rehearse, on=not room.testing), t)
        labels = {
            "open": _opening(room, t),
            "pause": t("Pause"),
            "close": t("Close"),
            "reveal": t("Reveal"),
            "hide": t("Hide"),
        }
        if room.rounds > 1:
            labels["second_round"] = t("Second round")
        for name, label in labels.items():
            _button(room, name, label, rooms.COMMANDS[name], t)


def _pages(room: Room, t: Words) -> None:
    """Next and back for the projector, where nobody stands beside it."""
    with st.container(horizontal=True, vertical_alignment="center", key="pages"):
        for name, label, icon, by in (
            ("back", t("Page back"), ":material/arrow_back:", -1),
            ("next", t("Next page"), ":material/arrow_forward:", 1),
        ):
            st.button(
                label,
                key=f"page {name}",
                icon=icon,
                on_click=press,
                args=(room, partial(rooms.turn, by=by), t),
            )
        st.caption(t("They turn the projector's page; they open and close nothing."))


def _opening(room: Room, t: Words) -> str:
    again = {"paused": t("Go on"), "closed": t("Open again")}
    return again.get(room.state, t("Open the vote"))


ICONS = {
    "rehearse": ":material/science:",
    "open": ":material/play_arrow:",
    "pause": ":material/pause:",
    "close": ":material/stop:",
    "reveal": ":material/visibility:",
    "hide": ":material/visibility_off:",
    "second_round": ":material/replay:",
}


def _button(room: Room, name: str, label: str, command: Command, t: Words) -> None:
    st.button(
        label,
        key=f"do {name}",
        icon=ICONS[name],
        type="primary" if _next(room) == name else "secondary",
        disabled=name not in possible(room),
        on_click=press,
        args=(room, command, t),
    )


def possible(room: Room) -> set[str]:
    """The commands that a run takes now, as `workshop.rooms` decides."""
    names = {
        "lobby": {"open"},
        "open": {"pause", "close"},
        "paused": {"open", "close"},
        "closed": {"reveal"},
        "revealed": {"hide"},
    }.get(room.state, set())
    if room.state == "lobby" and room.round == 1:
        names.add("rehearse")
    if room.state == "closed" and room.revealed_at is None:
        names.add("open")
    if room.state in ("closed", "revealed") and room.round < room.rounds:
        names.add("second_round")
    return names


def _next(room: Room) -> str:
    steps = {"lobby": "open", "open": "close", "paused": "open", "closed": "reveal"}
    if room.state == "revealed" and room.round < room.rounds:
        return "second_round"
    return steps.get(room.state, "")
