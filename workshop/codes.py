"""Codes of rooms: six characters that nobody mistakes, read from a screen or said aloud."""

import re
import secrets

# None of 0 O Q D, 1 I L, 5 S, 2 Z, 8 B, 6 G, U V, and of M and N one; no A or E, so no words.
ALPHABET = "CFHJKMPRTWXY3479"
LENGTH = 6
CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")
_BETWEEN = re.compile(r"[\s.·_-]+")


def new_code() -> str:
    """A code drawn by chance, one of sixteen million."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def tidy(typed: str) -> str:
    """The code that somebody typed, in any case and with any spaces; empty if it is none."""
    code = _BETWEEN.sub("", typed[:40]).upper()
    return code if CODE.fullmatch(code) else ""
