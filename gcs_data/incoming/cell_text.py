"""The value of a cell as the text that a person sees."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

EXACT = 1e15  # Spreadsheets keep 15 digits; whole numbers from here on may have lost their end.


def as_text(value: Any) -> str:
    """A cell's value as `sheets.Sheet` promises to write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value % 1 == 0 and abs(value) < EXACT else repr(value)
    if isinstance(value, datetime):
        day = value.date().isoformat()
        clock = value.time().replace(microsecond=0)
        return day if clock == time() else f"{day} {clock.isoformat()}"
    if isinstance(value, time):
        return value.replace(microsecond=0).isoformat()
    if isinstance(value, timedelta):
        return _duration(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _duration(value: timedelta) -> str:
    seconds = round(abs(value.total_seconds()))
    sign = "-" if value < timedelta() else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def percent(text: str) -> str:
    """The text of a number as a percentage: 0.45 is shown as 45%."""
    number = Decimal(text)
    if not number.is_finite():
        return text
    return f"{(number * 100).normalize():f}%"
