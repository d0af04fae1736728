"""The words of a text as a search compares them: without accents, case and punctuation."""

import unicodedata

# Letters that Unicode does not take apart into a plain letter and an accent.
PLAIN = {
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "ł": "l",
    "ħ": "h",
    "ŧ": "t",
    "ı": "i",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ـ": "",  # The line that stretches an Arabic word.
}


class _Characters(dict[int, str]):
    """What `str.translate` makes of each character; worked out once, then remembered."""

    def __missing__(self, code: int) -> str:
        self[code] = "".join(_part(part) for part in _decomposed(chr(code)))
        return self[code]


def _decomposed(character: str) -> str:
    folded = unicodedata.normalize("NFKD", character).casefold()
    return unicodedata.normalize("NFKD", folded)


def _part(part: str) -> str:
    """A letter, mark or digit as it is, a space for what stands between words."""
    # Accents and the vowel points of Arabic and Hebrew go. Marks that make another letter stay:
    # those of kana and of Indic scripts have combining class 0 or 7 to 9.
    if unicodedata.combining(part) > 9:
        return ""
    category = unicodedata.category(part)
    if category == "Cf":  # Direction marks, soft hyphens, joiners.
        return ""
    return PLAIN.get(part, part) if category[0] in "LMN" else " "


_CHARACTERS = _Characters()


def folded(text: object) -> list[str]:
    """The words of a text, folded; a missing text has none."""
    return text.translate(_CHARACTERS).split() if isinstance(text, str) else []
