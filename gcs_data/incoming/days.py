"""Days as people write them; ours are written 2026-05-14."""

import re
from datetime import date

from gcs_data.folding import folded
from gcs_data.incoming.numbers import months
from gcs_data.incoming.verdicts import Verdict
from gcs_data.problems import PATTERNS
from gcs_data.schema import DATE

WITH_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T][0-9]{2}:[0-9]{2}(?::[0-9.]+)?")
YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
YEAR_LAST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
IN_WORDS = re.compile(r"([0-9]{1,2})\.? (?:de )?([^\W\d_]{3,12})\.?,? (?:de )?([0-9]{4})")


def day(text: str, near: bool) -> Verdict:
    """A day as in the schema, or the days that a text may mean: 5/6/2026 may be two."""
    if re.fullmatch(DATE, text):
        return Verdict(text)
    if found := WITH_TIME.fullmatch(text):
        return Verdict(found[1], note="times_dropped")
    possible = tuple(dict.fromkeys(day.isoformat() for day in _possible(text)))
    return Verdict(rule="pattern", values={"expected": PATTERNS[DATE]}, suggestions=possible)


def _possible(text: str) -> list[date]:
    orders: list[tuple[int, int, int]] = []
    if found := YEAR_FIRST.fullmatch(text):
        orders = [(int(found[1]), int(found[2]), int(found[3]))]
    elif found := YEAR_LAST.fullmatch(text):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        orders = [(year, second, first), (year, first, second)]
    elif found := IN_WORDS.fullmatch(text):
        orders = [(int(found[3]), months().get("".join(folded(found[2])), 0), int(found[1]))]
    return [day for order in orders if (day := _day(*order))]


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
