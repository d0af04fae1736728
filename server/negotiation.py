"""What a browser says it can read and already has (RFC 9110, sections 12.5.3 and 13.1.2)."""

from collections.abc import Sequence

PREFERRED = ("br", "gzip")  # At equal wishes, the smaller one.


def best_encoding(accept: str, offered: Sequence[str]) -> str | None:
    """The encoding to send, or None for the plain file."""
    wishes = dict(_wish(part) for part in accept.lower().split(",") if part.strip())

    def wish(encoding: str) -> float:
        return wishes.get(encoding, wishes.get("*", 0.0))

    possible = [encoding for encoding in PREFERRED if encoding in offered and wish(encoding) > 0]
    if not possible:
        return None
    best = max(possible, key=wish)
    return None if wishes.get("identity", 0.0) > wish(best) else best


def _wish(part: str) -> tuple[str, float]:
    encoding, _, parameter = part.partition(";")
    name, _, weight = parameter.partition("=")
    if name.strip() != "q":
        return encoding.strip(), 1.0
    try:
        return encoding.strip(), float(weight)
    except ValueError:
        return encoding.strip(), 0.0


def same_tag(tag: str, known: str) -> bool:
    """Whether an `If-None-Match` header names this version."""
    tags = [each.strip().removeprefix("W/") for each in known.split(",")]
    return tag in tags or known.strip() == "*"
