"""What the map and its tiles say, in plain words, made from the marks they draw. Plain text."""

from collections.abc import Mapping

import pandas as pd

from figures.fills import Context, value_of
from figures.kinds import LOOKS, counts
from words import Words

MOST_NAMED = 3


def world_sentence(
    marks: pd.DataFrame,
    *,
    countries: pd.DataFrame,
    labels: Mapping[str, str],
    t: Words,
    stories: pd.Series | None = None,
    undated: int = 0,
    left_out: int = 0,
) -> str:
    """How many countries are on record, of which kind, where most stories are, what has no year.

    Args:
        marks: One row per country and kind: country_iso3, kind, n.
        countries: Index country_iso3, column name.
        labels: What each kind is called.
        t: The words of the visitor's language.
        stories: How many different stories are on record in each country, index country_iso3. The
            kinds are never added up, so this cannot be read off the marks.
        undated: How many of the records drawn have no year.
        left_out: How many more records fit but for having no year, and are not drawn.
    """
    if marks.empty:
        said = [t("Nothing on record fits this choice.")]
    else:
        said = [_reach(marks, labels, t)]
        if stories is not None:
            said.append(_most(stories, countries, t))
        if undated:
            said.append(
                t.plural(
                    "{n} of the records has no year.", "{n} of the records have no year.", undated
                )
            )
    if left_out:
        said.append(
            t.plural(
                "{n} more record has no year and is left out.",
                "{n} more records have no year and are left out.",
                left_out,
            )
        )
    return " ".join([*(part for part in said if part), t("No record does not mean no.")])


def context_sentence(
    marks: pd.DataFrame, context: Context, countries: pd.DataFrame, t: Words
) -> str:
    """What lies under the marks: its span, and the median where something is and is not on record.

    Args:
        marks: As for `world_sentence`.
        context: The figures.
        countries: As for `world_sentence`.
        t: As for `world_sentence`.
    """
    figures = context.figures[context.figures.index.isin(countries.index)]
    if figures.empty:
        return t("{label}: no country has a figure.", label=context.label)
    on_record = figures.index.isin(marks["country_iso3"])
    spread = t(
        "Under the marks: {label}, in {unit}, from {low} ({lowest}) to {high} ({highest}).",
        label=context.label,
        unit=context.unit,
        low=value_of(float(figures["value"].min()), t),
        lowest=_places(figures, figures["value"].min(), countries, t),
        high=value_of(float(figures["value"].max()), t),
        highest=_places(figures, figures["value"].max(), countries, t),
    )
    if not on_record.any() or on_record.all():
        return spread
    halves = t(
        "The median is {yes} where something is on record and {no} elsewhere; "
        "that does not say why.",
        yes=value_of(float(figures.loc[on_record, "value"].median()), t),
        no=value_of(float(figures.loc[~on_record, "value"].median()), t),
    )
    return f"{spread} {halves}"


def _places(figures: pd.DataFrame, value: float, countries: pd.DataFrame, t: Words) -> str:
    codes = figures.index[figures["value"] == value]
    if len(codes) == 1:
        return str(countries.at[codes[0], "name"])
    return t.plural("{n} country", "{n} countries", len(codes))


def no_origin_sentence(t: Words) -> str:
    """Why the map of one story has no lines."""
    return t("No single country leads this story on record, so there are no lines.")


def country_sentence(
    marks: pd.DataFrame,
    code: str,
    *,
    countries: pd.DataFrame,
    labels: Mapping[str, str],
    t: Words,
) -> str:
    """What is on record in one country, kind by kind, strongest claim first.

    Args:
        marks: As for `world_sentence`.
        code: The country.
        countries: As for `world_sentence`.
        labels: As for `world_sentence`.
        t: As for `world_sentence`.
    """
    name = countries.at[code, "name"]
    here = counts(marks[marks["country_iso3"] == code]).get(code, [])
    if not here:
        return t("{country}: no record. We have not found one; it does not mean no.", country=name)
    records = [f"{inside(labels[kind])} {t.number(n)}" for kind, n in here]
    return t("{country}: {records}.", country=name, records=", ".join(records))


def country_summary(stories: int, undated: int, t: Words) -> str:
    """How many stories a country has on record, and how many of its records have no year."""
    said = [t.plural("{n} story is on record here.", "{n} stories are on record here.", stories)]
    if undated:
        said.append(
            t.plural("{n} of the records has no year.", "{n} of the records have no year.", undated)
        )
    return " ".join([*said, t("No record does not mean no.")])


def inside(label: str) -> str:
    """A label as it is written inside a sentence."""
    return label[:1].lower() + label[1:]


def _reach(marks: pd.DataFrame, labels: Mapping[str, str], t: Words) -> str:
    reached = marks.groupby("kind")["country_iso3"].nunique()
    parts = [
        t.plural(
            "{kind}: {n} country", "{kind}: {n} countries", int(reached[kind]), kind=labels[kind]
        )
        for kind in LOOKS
        if kind in reached.index
    ]
    return t.plural(
        "{n} country or territory is on record ({kinds}).",
        "{n} countries and territories are on record ({kinds}; a country can be in several).",
        marks["country_iso3"].nunique(),
        kinds=t("; ").join(parts),
    )


def _most(stories: pd.Series, countries: pd.DataFrame, t: Words) -> str:
    """The places with most stories: three, or fewer where a tie would cut an equal one off."""
    known = stories[stories > 0].sort_values(ascending=False, kind="stable")
    if known.empty:
        return ""
    if len(known) > MOST_NAMED:
        known = known[known > known.iloc[MOST_NAMED]].iloc[:MOST_NAMED]
    if known.empty:
        top = int(stories.max())
        return t.plural(
            "No place stands out: {places} have {n} story each.",
            "No place stands out: {places} have {n} stories each.",
            top,
            places=t.number(int((stories == top).sum())),
        )
    named = [
        t.plural("{country} ({n} story)", "{country} ({n} stories)", int(n), country=name)
        for name, n in sorted(
            zip(countries.loc[known.index, "name"], known, strict=True),
            key=lambda row: (-row[1], row[0]),
        )
    ]
    return t("Most stories: {countries}.", countries=t.listed(named))
