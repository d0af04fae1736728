"""The lineage of a story over time: as arcs from its beginning, and as a dated tree."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Any

import pandas as pd

from figures.drawing import Drawing, Label, Line, Mark
from figures.kinds import LINE, LOOKS
from words import Words

MOST_ROWS = 40  # Of the tree; the rest is counted in words and stands in the table.
ROW_HEIGHT, LANE_HEIGHT = 27, 34
STEPS = 24
ARC_LANES = 4.0  # How high the longest arc is.
ROOT = -1


@dataclass(frozen=True)
class Beginning:
    """Where and when a story began; what is not on record is None."""

    title: str
    year: int | None
    country: str | None


@dataclass(frozen=True)
class _Years:
    """Where years stand across a picture, and where what has no year does."""

    begin: float
    first: float
    last: float
    unknown: float

    def x(self, year: Any) -> float:
        return self.unknown if pd.isna(year) else float(year)

    @property
    def span(self) -> tuple[float, float]:
        """The whole width, with room for half a mark."""
        room = max((self.unknown - self.first) * 0.06, 0.5)
        return min(self.begin, self.first) - room, self.unknown + room


def _years(rows: pd.DataFrame, beginning: Beginning) -> _Years:
    known = [int(year) for year in rows["year"].dropna()]
    if beginning.year is not None:
        known.append(beginning.year)
    known = known or [0]
    first, last = float(min(known)), float(max(known))
    gap = max((last - first) * 0.14, 1.0)
    begin = float(beginning.year) if beginning.year is not None else first - gap
    return _Years(begin, first, last, last + gap)


def _ticks(years: _Years, any_year: bool, undated: bool, t: Words) -> list[tuple[float, str]]:
    """At most four years, and where what has no year stands."""
    ticks = []
    if any_year:
        step = max(1, round((years.last - years.first) / 3))
        at = list(range(int(years.first), int(years.last) + 1, step))
        ticks = [(float(year), str(year)) for year in at]
    return [*ticks, (years.unknown, t("no year"))] if undated else ticks


def _start_says(beginning: Beginning, t: Words) -> str:
    year = (
        t("start: no year on record")
        if beginning.year is None
        else t("began in {year}", year=beginning.year)
    )
    place = (
        ""
        if beginning.country is None
        else "\n" + t("led from {country}", country=beginning.country)
    )
    return f"{beginning.title}\n{year}{place}"


def _key(rows: pd.DataFrame, labels: Mapping[str, str], t: Words) -> list[tuple[str, str, str]]:
    there = set(rows["kind"])
    kinds = [
        (look.symbol, look.colour, labels[kind])
        for kind, look in reversed(LOOKS.items())
        if kind in there
    ]
    return [("star", LINE, t("The story itself")), *kinds]


def arcs_drawing(
    rows: pd.DataFrame, beginning: Beginning, *, labels: Mapping[str, str], t: Words
) -> Drawing:
    """One arc from the beginning to every year with a record, and a lane of marks per kind.

    Args:
        rows: One row per record: kind, year (missing where unknown) and name (of the country).
        beginning: The story itself.
        labels: What each kind is called.
        t: The words of the visitor's language.

    An arc is as thick as its year has records. What has no year stands at the right, dotted; a
    story without a year of its own begins at the left, dashed. A number says how many countries.
    """
    years = _years(rows, beginning)
    kinds = [kind for kind in reversed(LOOKS) if (rows["kind"] == kind).any()]
    placed = rows.assign(x=[years.x(year) for year in rows["year"]])
    most = max(placed["x"].value_counts().max(), 1) if len(rows) else 1
    widest = max(abs(placed["x"] - years.begin).max(), 1.0) if len(rows) else 1.0
    lines = []
    for at, n in placed["x"].value_counts(sort=False).items():
        far = float(str(at)) - years.begin
        if not far:
            continue
        dash = "solid" if beginning.year is not None else "dash"
        dash = "dot" if float(str(at)) == years.unknown else dash
        high = ARC_LANES * abs(far) / widest
        points = tuple(
            (years.begin + far * (1 - cos(pi * step / STEPS)) / 2, high * sin(pi * step / STEPS))
            for step in range(STEPS + 1)
        )
        lines.append(Line(points, LINE, round(1 + 4 * n / most, 1), dash))
    marks = [Mark(years.begin, 0, _start_says(beginning, t), "star", 17, LINE)]
    numbers = []
    for lane, kind in enumerate(kinds, 1):
        look, of_kind = LOOKS[kind], placed[placed["kind"] == kind]
        for at, here in of_kind.groupby("x"):
            year = t("no year on record") if at == years.unknown else str(int(float(str(at))))
            names = sorted(here["name"])
            said = t.listed(names[:12]) + (" …" if len(names) > 12 else "")
            x = float(str(at))
            marks.append(
                Mark(
                    x, -lane, f"{labels[kind]}, {year}\n{said}", look.symbol, look.size, look.colour
                )
            )
            if len(names) > 1:
                numbers.append(
                    Label(x, -lane, "\u00a0\u00a0\u00a0" + t.number(len(names)), "middle right")
                )
    return Drawing(
        x=years.span,
        y=(-len(kinds) - 0.6, ARC_LANES + 0.4),
        height=round(LANE_HEIGHT * (len(kinds) + ARC_LANES + 1)),
        lines=lines,
        marks=marks,
        labels=numbers,
        x_ticks=_ticks(years, _any_year(rows, beginning), bool(rows["year"].isna().any()), t),
        y_ticks=[(-lane, labels[kind]) for lane, kind in enumerate(kinds, 1)],
        key=_key(rows, labels, t),
    )


def _any_year(rows: pd.DataFrame, beginning: Beginning) -> bool:
    return bool(rows["year"].notna().any()) or beginning.year is not None


def tree_drawing(
    rows: pd.DataFrame, beginning: Beginning, *, labels: Mapping[str, str], t: Words
) -> Drawing:
    """One row per record, branching from the story or from the copy that it came of.

    Args:
        rows: As `gcs_data.lineage.lineage` gives them, with name (of the country) and copy (the
            title of the copy where it is a story of its own, else missing).
        beginning, labels, t: As for `arcs_drawing`.

    The first `MOST_ROWS` are drawn, which are the strongest claims; a branch leaves its stem in
    its row and ends at its year.
    """
    shown = rows.head(MOST_ROWS)
    years = _years(shown, beginning)
    stems = {ROOT: (years.begin, 0.0)}
    lines, marks, words = (
        [],
        [Mark(years.begin, 0, _start_says(beginning, t), "star", 17, LINE)],
        [],
    )
    records: list[Any] = list(shown.itertuples(index=False))
    for place, record in enumerate(records, 1):
        x, look = years.x(record.year), LOOKS[record.kind]
        from_x, from_y = stems[record.parent]
        dash = "dash" if record.parent == ROOT and beginning.year is None else "solid"
        dash = "dot" if pd.isna(record.year) else dash
        elbow = ((from_x, from_y), (from_x, -float(place)), (x, -float(place)))
        lines.append(Line(elbow, LINE, 1.2, dash))
        year = t("no year on record") if pd.isna(record.year) else str(record.year)
        says = f"{record.name}\n{labels[record.kind]}, {year}"
        marks.append(Mark(x, -place, says, look.symbol, look.size, look.colour))
        if isinstance(record.copy, str):
            stems[record.row] = (x, -float(place))
            words.append(Label(x, -place, record.copy, "middle right"))
    return Drawing(
        x=years.span,
        y=(-len(records) - 0.7, 0.8),
        height=ROW_HEIGHT * (len(records) + 2),
        lines=lines,
        marks=marks,
        labels=words,
        x_ticks=_ticks(years, _any_year(shown, beginning), bool(shown["year"].isna().any()), t),
        y_ticks=[(-place, record.name) for place, record in enumerate(records, 1)],
        key=_key(shown, labels, t),
    )


def lineage_sentence(
    rows: pd.DataFrame, beginning: Beginning, *, labels: Mapping[str, str], t: Words
) -> str:
    """Where and when the story began, and of each kind how many countries and from when to when."""
    values = {"title": beginning.title, "country": beginning.country, "year": beginning.year}
    if beginning.year is None and beginning.country is None:
        begun = t("When “{title}” began and which country leads it is not on record.", **values)
    elif beginning.year is None:
        begun = t("“{title}” is led from {country}; when it began is not on record.", **values)
    elif beginning.country is None:
        begun = t("“{title}” began in {year}; no single country leads it.", **values)
    else:
        begun = t("“{title}” began in {year}, led from {country}.", **values)
    said = [
        _kind(rows[rows["kind"] == kind], labels[kind], t)
        for kind in reversed(LOOKS)
        if (rows["kind"] == kind).any()
    ]
    return " ".join([begun, *said])


def _kind(rows: pd.DataFrame, name: str, t: Words) -> str:
    n, years = rows["country_iso3"].nunique(), rows["year"].dropna()
    counted = t.plural("{n} country", "{n} countries", n)
    undated = int(rows["year"].isna().sum())
    when = ""
    if len(years) and years.min() == years.max():
        when = ", " + str(years.min())
    elif len(years):
        when = ", " + t("{first} to {last}", first=years.min(), last=years.max())
    if undated:
        when += ", " + t.plural("{n} without a year", "{n} without a year", undated)
    return t("{name}: {value}", name=name, value=f"{counted}{when}.")
