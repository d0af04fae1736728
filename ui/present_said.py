"""What the desk says: the states of a room, and what was refused."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from gcs_data.errors import TEMPLATES, GcsDataError
from server.accounts import FACILITATOR
from server.session import Person
from ui import access
from ui.escape import md
from words import Words
from workshop.errors import RefusedError, VotesError, WorkshopError, sentence
from workshop.room import Room

_REFUSED = "what the desk was refused"


@contextmanager
def told(t: Words) -> Iterator[None]:
    """Draw a sentence for what was refused or is out of reach; what comes after is not drawn."""
    try:
        yield
    except WorkshopError as error:
        st.error(md(why(error, t)), icon=":material/error:")


def tried(about: str, do: Callable[[Person], object], t: Words) -> bool:
    """Do something for whoever may still facilitate, and say whether it was done. For callbacks.

    Args:
        about: The room's code, or empty; why it was not done is shown there by `refusal`, until
            the next try.
        do: What to do; it is handed the person.
        t: The words of the visitor's language.
    """
    st.session_state.pop(_REFUSED, None)
    try:
        do(still_here())
    except (WorkshopError, GcsDataError) as error:
        st.session_state[_REFUSED] = (about, why(error, t))
        return False
    return True


def refusal(about: str) -> None:
    """Draw why the last try was refused, if it was."""
    room, said = st.session_state.get(_REFUSED, ("", ""))
    if said and room == about:
        st.error(md(said), icon=":material/block:")


def still_here() -> Person:
    """Who is signed in and may still facilitate.

    Raises:
        RefusedError: If nobody is.
    """
    person = access.still(FACILITATOR)
    if person is None:
        raise RefusedError("signed_out")
    return person


def why(error: WorkshopError | GcsDataError, t: Words) -> str:
    """What is wrong and what to do next, for a facilitator. Plain text."""
    if isinstance(error, GcsDataError):
        return t(TEMPLATES[error.code], **error.values)
    if error.code == "signed_out":
        return t(
            "You are no longer signed in, so nothing was changed. Load this page again to sign in."
        )
    if error.code == "moved_on":
        return t(
            "Somebody else has moved the room on, so nothing was changed. Look again, then decide."
        )
    if isinstance(error, VotesError):
        return t(
            "The room’s votes cannot be reached just now. Nothing was changed; try again in a few "
            "seconds. Phones keep their answers and send them again."
        )
    if error.code == "unknown_room":
        return t("This room is there no longer. Choose another one, or open a new one.")
    if error.code == "no_answer":
        return t("Nothing was chosen yet, so no ballot was counted.")
    if "state" in error.values:
        name = states(t).get(error.values["state"], error.values["state"])
        error = WorkshopError(error.code, **error.values | {"state": name})
    return sentence(error, t)


def states(t: Words) -> dict[str, str]:
    """What each state of a room is called."""
    return {
        "lobby": t("not open yet"),
        "test": t("rehearsal"),
        "open": t("open"),
        "paused": t("paused"),
        "closed": t("closed"),
        "revealed": t("revealed"),
        "saved": t("saved"),
        "discarded": t("discarded"),
        "ended": t("ended"),
    }


def standing(room: Room, t: Words) -> str:
    """The state of a run in a sentence. Plain text."""
    if room.phase == "test":
        return t("Rehearsal: phones send test ballots, which are never counted.")
    if room.state == "closed" and room.revealed_at is not None:
        return t("The round is closed. The room has seen its results; they are hidden now.")
    if room.state == "lobby" and room.round > 1:
        return t("The second round has not opened yet. Phones wait for it.")
    return {
        "lobby": t("The vote has not opened yet. Phones wait for it."),
        "open": t("The vote is open."),
        "paused": t("The vote is paused. Answers stay on the phones."),
        "closed": t("The round is closed. Nobody has seen its results."),
        "revealed": t("The results are on the screen."),
        "saved": t("This run is saved: its ratings are published, its ballots deleted."),
        "discarded": t("This run was discarded: its ballots and counts are deleted."),
    }[room.state]


def lasted(seconds: float, t: Words) -> str:
    """A length of time, to the second below an hour."""
    whole = max(0, int(seconds))
    if whole >= 3600:
        return t("{hours} h {minutes} min", hours=whole // 3600, minutes=whole % 3600 // 60)
    return t("{minutes} min {seconds} s", minutes=whole // 60, seconds=whole % 60)
