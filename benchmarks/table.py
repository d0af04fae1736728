"""The rows of the table, and how they are written."""

from dataclasses import dataclass


@dataclass
class Row:
    """One line of the table. `met` is None where there is no target."""

    what: str
    measured: str
    target: str = ""
    met: bool | None = None
    by: str = ""

    def __str__(self):
        answer = {True: "yes", False: "**no**", None: ""}[self.met]
        short = f"{answer}, {self.by}" if self.by else answer
        return f"| {self.what} | {self.measured} | {self.target} | {short} |"


def at_most(what, value, target, unit="", detail=""):
    """A row whose value must not be larger; it says by how much it is."""
    by = f"{value / target:.2f} times the target" if value > target else ""
    return _row(what, value, f"at most {_said(target, unit)}", value <= target, by, unit, detail)


def at_least(what, value, target, unit="", detail=""):
    """A row whose value must not be smaller; it says by how much it is."""
    by = f"{value / target:.2f} of the target" if value < target else ""
    return _row(what, value, f"at least {_said(target, unit)}", value >= target, by, unit, detail)


def _row(what, value, target, met, by, unit, detail):
    return Row(what, _said(value, unit) + (f" ({detail})" if detail else ""), target, met, by)


def _said(value, unit):
    digits = 0 if value >= 1000 else 1 if value >= 100 else 2
    number = f"{value:,.{digits}f}"
    number = number.rstrip("0").rstrip(".") if "." in number else number
    return f"{number} {unit}".rstrip()


def table(rows):
    """The rows as Markdown."""
    head = ["| what | measured | target | met |", "| --- | --- | --- | --- |"]
    return "\n".join([*head, *map(str, rows)])
