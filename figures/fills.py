"""What the countries of a map are filled with: whether they are on record, or figures on them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from figures.kinds import NO_RECORD, ON_RECORD
from words import Words

# Light to dark, less to more: the luminance falls by a third or more at each step, so the order
# survives grey print and every kind of colour blindness. Marks get a white ground on top of these.
RAMP = tuple(
    f"rgba({red}, {green}, {blue}, 1)"
    for red, green, blue in (
        (211, 235, 224),
        (166, 211, 192),
        (116, 181, 157),
        (69, 147, 122),
        (29, 106, 85),
    )
)
NO_FIGURE = NO_RECORD
GROUND = "#ffffff"  # Under marks on a coloured country; the marks have 3:1 on white.
GROUND_MARGIN = 5  # Pixels that it is wider than the widest mark.


@dataclass(frozen=True)
class Fill:
    """Countries of one colour.

    Attributes:
        name: Of this part of the picture.
        colour: As `rgba(…)`.
        label: What the legend says.
        countries: Their codes.
    """

    name: str
    colour: str
    label: str
    countries: tuple[str, ...]


@dataclass(frozen=True)
class Context:
    """Figures on countries from elsewhere, to lay under the marks of a map.

    Attributes:
        label: What they are about, such as "People online".
        unit: What they count, such as "% of people".
        source: Whose they are. Plain text, like the others.
        figures: Index country_iso3; columns value and year. A country without a row has no
            figure, which is not zero.
    """

    label: str
    unit: str
    source: str
    figures: pd.DataFrame

    def figure(self, code: str, t: Words) -> str:
        """What is known of a country, as a line of text."""
        if code not in self.figures.index:
            return t("{label}: no figure", label=self.label)
        return t(
            "{label}: {value} {unit} ({year})",
            label=self.label,
            value=value_of(self.figures["value"].astype("float64")[code], t),
            unit=self.unit,
            year=str(self.figures["year"][code]),
        )

    def years(self) -> str:
        """The years that the figures are from."""
        first, last = int(self.figures["year"].min()), int(self.figures["year"].max())
        return str(first) if first == last else f"{first}–{last}"


def record_fills(marks: pd.DataFrame, countries: pd.DataFrame, t: Words | None) -> list[Fill]:
    """Countries by whether they are on record; without words, for a map without a legend."""
    yes = countries.index.isin(marks["country_iso3"])
    said = (t("On record"), t("No record (this is not a no)")) if t else ("", "")
    return [
        Fill("on record", ON_RECORD, said[0], tuple(countries.index[yes])),
        Fill("no record", NO_RECORD, said[1], tuple(countries.index[~yes])),
    ]


def context_fills(context: Context, countries: pd.DataFrame, t: Words) -> list[Fill]:
    """Countries in at most five classes from less to more, and those without a figure.

    Each class has about as many different figures, not countries: where a hundred countries stand
    at 100 %, the others can still be told apart. A class is named by its least and its greatest.
    """
    values = context.figures["value"]
    values = values[values.index.isin(countries.index)]
    fills = []
    for place, members in _classes(values).items():
        low, high = (value_of(float(end), t) for end in (members.min(), members.max()))
        between = low if low == high else t("{low} to {high}", low=low, high=high)
        label = t("{value} {unit}", value=between, unit=context.unit)
        fills.append(Fill(f"class {place}", RAMP[place], label, tuple(members.index)))
    without = tuple(countries.index[~countries.index.isin(values.index)])
    fills.append(Fill("no figure", NO_FIGURE, t("No figure (this is not zero)"), without))
    return fills


def value_of(value: float, t: Words) -> str:
    """A figure as people read it: whole from 100 on, with one decimal below where it has any."""
    return t.number(value, 0 if abs(value) >= 100 or float(value).is_integer() else 1)


def context_notes(context: Context, countries: pd.DataFrame, t: Words) -> list[str]:
    """What a map says about the figures under its marks."""
    lost = sorted(set(context.figures.index) - set(countries.index))
    notes = [
        t(
            "Colour: {label}, in {unit}, the newest figure of each country ({years}). "
            "Source: {source}. It says nothing about why a story is there.",
            label=context.label,
            unit=context.unit,
            years=context.years(),
            source=context.source,
        )
    ]
    if lost:
        notes.append(
            t("Figures for unknown countries are not drawn: {codes}.", codes=t.listed(lost))
        )
    return notes


def _classes(values: pd.Series) -> Mapping[int, pd.Series]:
    if values.empty:
        return {}
    different = np.unique(values)
    n = min(len(RAMP), len(different))
    classes = np.array_split(different, n)
    place = np.searchsorted([each[-1] for each in classes], values.to_numpy(), side="left")
    groups = [members for _, members in values.groupby(place)]
    # Few classes are spread over the whole ramp, so that the last is always the darkest.
    steps = np.linspace(0, len(RAMP) - 1, len(groups)) if len(groups) > 1 else [len(RAMP) // 2]
    return {round(step): members for step, members in zip(steps, groups, strict=True)}
