"""How the four kinds of record are drawn, on the map and on the tiles alike."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Look:
    """A kind's mark: Plotly's symbol, its size in pixels, its colour."""

    symbol: str
    size: int
    colour: str


# Weakest to strongest claim, growing outwards: a dot, a ring round it, a square round that and a
# diamond through it, so that all four of one country can be told apart at one centre.
# Luminance falls from 0.24 to 0.17: 3:1 on a white and on a near-black page, also on the fill
# below, in an order that survives grey print. Any two differ by 30 (CIE Lab) or more, also for
# readers with each of the three kinds of colour blindness.
LOOKS = {
    "participated": Look("circle", 6, "#3090c1"),
    "adopted": Look("circle-open", 10, "#8a65f7"),
    "scaled_up": Look("square-open", 14, "#e12e69"),
    "replicated": Look("diamond-open", 17, "#a76018"),
}
LINE = "#6f7b87"  # Lines of one story, its origin and the country that is chosen.
ON_RECORD = "rgba(48, 144, 193, 0.14)"
NO_RECORD = "rgba(128, 128, 128, 0.27)"


def counts(marks: pd.DataFrame) -> dict[str, list[tuple[str, int]]]:
    """What is on record in each country: kind and number of records, strongest claim first."""
    strength = {kind: place for place, kind in enumerate(LOOKS)}
    rows = zip(marks["country_iso3"], marks["kind"], marks["n"], strict=True)
    known: dict[str, list[tuple[str, int]]] = {}
    for code, kind, n in sorted(rows, key=lambda row: -strength[row[1]]):
        known.setdefault(code, []).append((kind, int(n)))
    return known


def check(marks: pd.DataFrame, countries: pd.DataFrame) -> None:
    """Refuse marks that would silently be missing from a map or a grid.

    Raises:
        ValueError: If a mark names a country or a kind that is not known.
    """
    if unknown := sorted(set(marks["country_iso3"]) - set(countries.index)):
        raise ValueError(f"No country has the code {unknown[0]!r}.")
    if unknown := sorted(set(marks["kind"]) - set(LOOKS)):
        raise ValueError(f"No kind of record is called {unknown[0]!r}: {', '.join(LOOKS)}.")
