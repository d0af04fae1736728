"""What can be wrong with a room, a ballot or a command, and how it is said.

WorkshopError           `code` and `values`; said by `sentence`
├── UnknownRoomError    no room has this code, or its time is over
├── RefusedError        a room, ballot or command that is not taken
└── VotesError          the database of ballots cannot be read or written
"""

from typing import Any

from words import Words


class WorkshopError(Exception):
    """The base of every error that this package raises on purpose."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


class UnknownRoomError(WorkshopError):
    """No room has this code, or its time is over."""


class RefusedError(WorkshopError):
    """A room, a ballot or a command that is not taken."""


class VotesError(WorkshopError):
    """The database of ballots cannot be read or written."""


def sentence(error: WorkshopError, t: Words) -> str:
    """What is wrong and what to do next, in plain text."""
    return (_of_ballots(t) | _of_rooms(t))[error.code].format(**error.values)


def _of_ballots(t: Words) -> dict[str, str]:
    """What a phone is told."""
    return {
        "unknown_room": t("There is no room with this code. Look at the code on the screen."),
        "ended": t("This workshop has ended. Thank you."),
        "moved_on": t("The room has moved on. Look at this page again, then send once more."),
        "not_open": t("The vote has not started yet. Your answers were not counted."),
        "paused": t("The vote is paused. Send again when it goes on."),
        "closed": t("This round is closed. Your last answers came too late."),
        "no_answer": t("Nothing was chosen yet. Choose an answer, then send."),
        "score": t("An answer is a whole number from 1 to 5, or “don’t know”."),
        "gene": t("This room does not ask for “{gene}”. Load the page again."),
        "group": t("This room has no such group. Load the page again."),
        "damaged": t("These answers arrived damaged. Load the page again, then send once more."),
        "too_large": t("This is too large for a ballot."),
        "no_cookie": t(
            "Your browser did not send back this page’s cookie, so your answers were not counted. "
            "Allow cookies for this site, load the page again, then send once more."
        ),
        "too_fast": t("That was too fast. Wait a few seconds, then try again."),
        "votes_unwritable": t(
            "Your answers could not be saved just now. Send again in a few seconds."
        ),
        "votes_unreadable": t("The vote cannot be reached just now. Try again in a few seconds."),
    }


def _of_rooms(t: Words) -> dict[str, str]:
    """What a facilitator is told."""
    return {
        "unknown_story": t("There is no story called “{story}” in this release."),
        "unknown_gene": t("There is no gene called “{gene}” in this release."),
        "too_many_genes": t("A room rates at least one gene and at most {n}."),
        "impossible_room": t("A room has one or two rounds, at most 40 tables and our languages."),
        "not_now": t("That is not possible while the room is in the state “{state}”."),
        "seen_already": t("The room has seen these results. Begin a second round, or reset."),
        "not_yours": t("Only the facilitator’s screen can do this. Open it from the desk."),
        "unknown_command": t("There is no such command."),
        "no_ratings": t("Nobody has rated anything in this run, so there is nothing to save."),
        "hands": t("A count of hands is five whole numbers, 0 or more."),
        "notes_full": t(
            "The notes are full: they hold {n} characters. Delete what you no longer need."
        ),
        "unknown_ballot": t("There is no paper ballot with this number."),
    }
