"""Numbers as people write them: what is certain is taken, the rest is said and suggested.

A decimal comma counts only in a text file separated by semicolons. Excel turns what looks like a
day, such as 1-5, into a date; in a column of numbers that is said with the day it made.
"""

import re
from collections.abc import Sequence
from datetime import date
from functools import cache

from babel import Locale
from babel.dates import format_skeleton

from gcs_data.folding import folded
from gcs_data.incoming.verdicts import LANGUAGES, Judge, Verdict

NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
WHOLE_WITH_ZEROS = re.compile(r"([+-]?[0-9]{1,15})\.00?")
COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+")
POINTS_AND_COMMA = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?")
PERCENT = re.compile(r"([+-]?[0-9]+(?:[.,][0-9]+)?)\s*%")
DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T][0-9:.]+)?")
DAY_MONTH = re.compile(r"([0-9]{1,2})[-/. ]([^\W\d_]{3,12})\.?")
MONTH_DAY = re.compile(r"([^\W\d_]{3,12})\.?[-/. ]([0-9]{1,2})")


def number(rule: str, *, comma: bool = False, mixed: bool = False, year: bool = False) -> Judge:
    """The judge of a column of numbers.

    Args:
        rule: What a text that is no number breaks: not_number, or not_whole in a column of whole
            numbers.
        comma: Whether 1,5 is a number in this file.
        mixed: Whether some numbers of this column have a comma, so that a point may part thousands.
        year: Whether the column holds years, so that a date's year may be meant.
    """

    def judge(text: str, near: bool) -> Verdict:
        if PERCENT.fullmatch(text):
            return Verdict(rule="percent", suggestions=(text.rstrip(" %").replace(",", "."),))
        if day := turned_into_a_day(text):
            return _day(text, day, year)
        if "," in text:
            return _with_comma(text, rule, comma)
        if mixed and POINTS_AND_COMMA.fullmatch(text):
            return Verdict(rule="mixed_decimals", suggestions=(text, text.replace(".", "")))
        return _plain(text, rule)

    return judge


def has_comma(text: str) -> bool:
    """Whether a text is a number with a decimal comma."""
    return bool(COMMA.fullmatch(text))


def _plain(text: str, rule: str) -> Verdict:
    if rule != "not_whole":
        return Verdict(text) if NUMBER.fullmatch(text) else Verdict(rule=rule)
    if WHOLE.fullmatch(text):
        return Verdict(text)
    # As other programs write a whole number in a column that has gaps.
    zeros = WHOLE_WITH_ZEROS.fullmatch(text)
    return Verdict(zeros[1]) if zeros else Verdict(rule=rule)


def _with_comma(text: str, rule: str, comma: bool) -> Verdict:
    point = text.replace(",", ".")
    if comma and COMMA.fullmatch(text):
        read = _plain(point, rule)
        return Verdict(read.text, note="commas_read") if not read.rule else read
    if comma and POINTS_AND_COMMA.fullmatch(text):
        return Verdict(rule=rule, suggestions=(text.replace(".", "").replace(",", "."),))
    if not COMMA.fullmatch(text) or THOUSANDS.fullmatch(text):
        near = (text.replace(",", ""),) if THOUSANDS.fullmatch(text) else ()
        return Verdict(rule=rule, suggestions=near)
    near = () if _plain(point, rule).rule else (point,)
    return Verdict(rule="decimal_comma", suggestions=near)


def turned_into_a_day(text: str) -> date | None:
    """The day in a leap year that a date stands for, as a spreadsheet shows or saves one."""
    if found := DAY.fullmatch(text):
        month, day = int(found[2]), int(found[3])
    elif found := DAY_MONTH.fullmatch(text):
        month, day = months().get("".join(folded(found[2])), 0), int(found[1])
    elif found := MONTH_DAY.fullmatch(text):
        month, day = months().get("".join(folded(found[1])), 0), int(found[2])
    else:
        return None
    try:
        return date(2000, month, day)  # Nobody typed a year.
    except ValueError:
        return None


def excel_date(text: str, allowed: Sequence[str] = ()) -> Verdict:
    """A cell that holds a date where an id, or one of a few values such as 1-5, is expected."""
    day = turned_into_a_day(text)
    if day is None:
        return Verdict(text)
    typed = (f"{day.month}-{day.day}", f"{day.day}-{day.month}")  # By where it was typed.
    near = tuple(value for value in typed if value in allowed)
    return _day(text, day, year=False, near=near)


def _day(text: str, day: date, year: bool, near: tuple[str, ...] = ()) -> Verdict:
    if year and (whole := DAY.fullmatch(text)):
        return Verdict(rule="date_not_number", suggestions=(whole[1],))
    said = format_skeleton("MMMMd", day, locale="en_GB")
    values = {"typed": f"{day.month}-{day.day}", "day": said}
    return Verdict(rule="excel_date", values=values, suggestions=near)


@cache
def months() -> dict[str, int]:
    """The number of a month by its name or abbreviation in our languages, folded."""
    return {
        "".join(folded(name)): number
        for language in LANGUAGES
        for context in ("format", "stand-alone")
        for width in ("abbreviated", "wide")
        for number, name in Locale(language).months[context][width].items()
    }
