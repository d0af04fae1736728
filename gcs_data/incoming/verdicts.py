"""What is made of the text of one cell: taken, or refused with a rule and suggestions."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from babel import Locale

from gcs_data.folding import folded
from gcs_data.incoming import meanings, places
from gcs_data.incoming.lookalikes import skeleton
from gcs_data.incoming.meanings import Meaning, Names, plain
from gcs_data.problems import PATTERNS
from gcs_data.schema import ISO3, LANGUAGE, LETTER, SLUG, SOURCE, WEB

LANGUAGES = ("en", "fr", "es")
ADDRESS = re.compile(r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/\S*)?")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Either the text to take, in the schema's spelling, or the rule that refuses it.

    `note` is the code of a note that counts such cells. `keep` says that a refused text stays in
    the frame, because other rows may refer to it.
    """

    text: str = ""
    rule: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    suggestions: tuple[str, ...] = ()
    note: str = ""
    keep: bool = False


# The text, and whether to look for near misses: with thousands of them, nobody asks.
Judge = Callable[[str, bool], Verdict]


def taken(written: str, value: str) -> Verdict:
    """A text whose meaning is certain; noted where it is more than another way to write it."""
    return Verdict(value, note="" if plain(written) == plain(value) else "read_as")


def _judged(written: str, meaning: Meaning, rule: str, values: Mapping[str, Any]) -> Verdict:
    if meaning.value:
        return taken(written, meaning.value)
    if meaning.several:
        allowed = {"allowed": ", ".join(meaning.candidates)}
        return Verdict(rule="ambiguous", values=allowed, suggestions=meaning.candidates)
    return Verdict(rule=rule, values=values, suggestions=meaning.candidates)


def reference(target: str, names: Names) -> Judge:
    """The judge of a column whose values are ids of another dataset."""
    values = {"refers": target}
    return lambda text, near: _judged(text, names.meaning(text, near), "unknown_reference", values)


def country(known: frozenset[str] | None) -> Judge:
    """The judge of a column of countries; `known` are the codes of ours, None where not given."""

    def judge(text: str, near: bool) -> Verdict:
        is_code = text in known if known is not None else bool(re.fullmatch(ISO3, text))
        meaning = Meaning(text) if is_code else places.meaning(text, near)
        codes = (meaning.value,) if meaning.value else meaning.candidates
        ours = tuple(code for code in codes if known is None or code in known)
        if not ours:
            meaning = meanings.NOTHING
        return _judged(text, meaning, "unknown_reference", {"refers": "countries"})

    return judge


def choice(allowed: tuple[str, ...]) -> Judge:
    """The judge of a column that allows a few values."""
    names, values = meanings.choice(allowed), {"allowed": ", ".join(allowed)}
    return lambda text, near: _judged(text, names.meaning(text, near), "choice", values)


def flag(text: str, near: bool) -> Verdict:
    """Yes or no."""
    return _judged(text, meanings.flag().meaning(text, near), "not_flag", {})


def pattern(expected: str) -> Judge | None:
    """The judge of a column with a pattern, where more can be said than that it does not fit."""
    return _PATTERNS.get(expected)


def _slug(text: str, near: bool) -> Verdict:
    if re.fullmatch(SLUG, text):
        return Verdict(text)
    words = "-".join(folded(skeleton(text)))
    like = (words,) if re.fullmatch(SLUG, words) else ()
    expected = {"expected": PATTERNS[SLUG]}
    return Verdict(text, rule="pattern", values=expected, suggestions=like, keep=True)


def _upper(expected: str) -> Judge:
    def judge(text: str, near: bool) -> Verdict:
        # Only the form is of interest here; the schema's own check says what does not fit.
        return Verdict(text.upper() if re.fullmatch(expected, text.upper()) else text)

    return judge


def _address(expected: str) -> Judge:
    def judge(text: str, near: bool) -> Verdict:
        if re.fullmatch(expected, text) or not ADDRESS.fullmatch(text.lower()):
            return Verdict(text)
        values = {"expected": PATTERNS[expected]}
        return Verdict(rule="pattern", values=values, suggestions=(f"https://{text}",))

    return judge


def _language(text: str, near: bool) -> Verdict:
    if re.fullmatch(LANGUAGE, text):
        return Verdict(text)
    return _judged(
        text, _languages().meaning(text, near), "pattern", {"expected": PATTERNS[LANGUAGE]}
    )


@cache
def _languages() -> Names:
    names = [
        (str(name), str(code))
        for language in LANGUAGES
        for code, name in Locale(language).languages.items()
        if re.fullmatch(LANGUAGE, str(code))
    ]
    return Names({code for _, code in names}, names)


_PATTERNS: dict[str, Judge] = {
    SLUG: _slug,
    ISO3: _upper(ISO3),
    LETTER: _upper(LETTER),
    LANGUAGE: _language,
    WEB: _address(WEB),
    SOURCE: _address(SOURCE),
}
