"""Keys that only look alike: the same to the eye, written with letters of another alphabet."""

import unicodedata
from collections.abc import Iterable

from gcs_data.checks import same_key

# Small Cyrillic and Greek letters that look like a Latin one, by what they look like. Capitals are
# compared by their small letters, except those that only look alike as capitals.
_SAME = {
    "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "ѕ": "s", "і": "i",
    "ј": "j", "ԛ": "q", "ԝ": "w", "һ": "h", "ԁ": "d", "ӏ": "l", "ѵ": "v",
    "α": "a", "ο": "o", "ν": "v", "ρ": "p", "υ": "u", "ι": "i", "κ": "k", "χ": "x", "γ": "y",
}  # fmt: skip
_CAPITALS = {
    "В": "b", "Н": "h", "К": "k", "М": "m", "Т": "t", "З": "3", "Р": "p", "Х": "x", "У": "y",
    "Β": "b", "Ε": "e", "Ζ": "z", "Η": "h", "Μ": "m", "Ν": "n", "Ρ": "p", "Τ": "t", "Υ": "y",
    "Χ": "x",
}  # fmt: skip
_LETTERS = str.maketrans(_SAME | _CAPITALS)


def skeleton(text: str) -> str:
    """What a text looks like: letters of one shape are one letter; what cannot be seen is gone."""
    shown = unicodedata.normalize("NFKC", text).translate(_LETTERS)
    shown = shown.casefold().translate(_LETTERS)
    seen = (letter for letter in shown if unicodedata.category(letter) != "Cf")
    return " ".join("".join(seen).split())


def look_alikes(keys: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of keys that differ and look the same, each with the first one seen.

    Keys that differ in case, spaces or the composition of accents only are the same key, no pair.
    """
    first: dict[str, str] = {}
    pairs = []
    for key in dict.fromkeys(keys):
        other = first.setdefault(skeleton(key), key)
        if not (key.isascii() and other.isascii()) and same_key(key) != same_key(other):
            pairs.append((key, other))
    return pairs
