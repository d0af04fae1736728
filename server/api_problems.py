"""What the data API says when it cannot answer: RFC 9457, in plain sentences.

A sentence names the value, what is allowed and the next step; the same stands beside it as data.
"""

import logging
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from gcs_data.errors import (
    DamagedReleaseError,
    StoreError,
    UnknownDatasetError,
    UnknownReleaseError,
    near_misses,
)
from server.errors import incident

LOG = logging.getLogger("gcs")
MEDIA_TYPE = "application/problem+json"
LONGEST_SHOWN = 60
MOST_ALLOWED = 60  # A longer list is not read; it has an address of its own.
UNSEEN = "\N{REPLACEMENT CHARACTER}"
TRY_AGAIN = {"Retry-After": "60"}


class Problem(Exception):
    """A request that cannot be answered. `more` are members of the JSON beside the sentence."""

    def __init__(self, status: int, code: str, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.more = {name: value for name, value in more.items() if value not in (None, [])}

    def as_json(self) -> dict[str, Any]:
        """The members of RFC 9457, `code` for programs, and what was said as data."""
        return {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            **self.more,
        }


def shown(value: str) -> str:
    """A value as a sentence quotes it: cut off, and without what cannot be seen."""
    start = value[:LONGEST_SHOWN] + ("…" if len(value) > LONGEST_SHOWN else "")
    return "".join(letter if letter.isprintable() else UNSEEN for letter in start)


def did_you_mean(value: str, known: Iterable[str]) -> tuple[str, list[str]]:
    """A sentence with the known values that look like this one, and the values."""
    similar = near_misses(value[:LONGEST_SHOWN], known)
    quoted = " or ".join(f"“{each}”" for each in similar)
    return (f" Did you mean {quoted}?" if similar else ""), similar


def unknown(status: int, code: str, sentence: str, value: str, known: Iterable[str]) -> Problem:
    """A problem with a name that is not known: the sentence, what is alike and what is allowed."""
    names = list(known)
    question, similar = did_you_mean(value, names)
    allowed = names if len(names) <= MOST_ALLOWED else None
    return Problem(status, code, sentence + question, did_you_mean=similar, allowed=allowed)


def problem_of(error: Exception) -> Problem:
    """What a visitor is told about an error. Paths and tracebacks stay in the log."""
    match error:
        case Problem():
            return error
        case UnknownReleaseError():
            return Problem(404, "unknown_release", f"{error} All are listed at /api/v1/releases.")
        case UnknownDatasetError():
            return Problem(
                404,
                "not_in_release",
                "This release does not hold this dataset. Without “release”, the newest is read.",
            )
        case DamagedReleaseError():
            LOG.error("%s", error)
            return Problem(
                503,
                "damaged_release",
                "This release cannot be opened: its data are damaged. Ask for another one with "
                "“release”; all are listed at /api/v1/releases.",
            )
        case StoreError():
            LOG.error("%s", error)
            return Problem(
                503,
                "store_unreachable",
                "The place where releases are kept cannot be read just now. Try again in a minute.",
            )
    number = incident(error)
    return Problem(
        500,
        "incident",
        "Something went wrong on our side. Try again in a moment. If it happens again, tell "
        f"whoever runs this site the incident number {number}.",
        incident=number,
    )
