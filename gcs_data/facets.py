"""Facets of a list of stories: what a visitor can narrow it by, and how many each choice leaves.

Within a facet, choices are alternatives; facets narrow each other. The counts of a facet take the
choices of all the others into account but not its own, so that each count is the length of the
list that this one choice would give.
"""

from collections.abc import Collection, Iterable, Mapping

import pandas as pd

from gcs_data.query import items

FACETS = ("topic", "lead_type", "region", "kind", "official", "edition")
# A story without, say, a lead country is counted and can be asked for: it never just drops out.
NOT_ON_RECORD = "not_on_record"

Values = Mapping[str, Mapping[str, frozenset[str]]]
Chosen = Mapping[str, Collection[str]]


def facet_values(
    stories: pd.DataFrame, replications: pd.DataFrame, countries: pd.DataFrame
) -> Values:
    """Which values each story has in each of `FACETS`. Look them up once per release.

    Returns:
        By story id and facet, a set of ids; `NOT_ON_RECORD` alone where the story has none.
        `region` is that of the lead country, `kind` every kind of spread on record, `official` is
        "yes" or "no".
    """
    placed = countries.dropna(subset="region")
    region_of = dict(zip(placed["country_iso3"], placed["region"], strict=True))
    kinds: dict[str, set[str]] = {}
    for story_id, kind in zip(
        replications["story_id"].tolist(), replications["kind"].tolist(), strict=True
    ):
        kinds.setdefault(story_id, set()).add(kind)
    ids = stories["story_id"].tolist()
    columns: dict[str, list[Collection[str]]] = {
        "topic": [items(text) for text in stories["topics"].tolist()],
        "lead_type": [_one(value) for value in stories["lead_type"].tolist()],
        "region": [_one(region_of.get(code)) for code in stories["lead_country_iso3"].tolist()],
        "kind": [kinds.get(story_id, ()) for story_id in ids],
        "official": [["yes" if flag else "no"] for flag in stories["official"].tolist()],
        "edition": [_one(value) for value in stories["edition"].tolist()],
    }
    return {
        story_id: {facet: frozenset(columns[facet][at] or [NOT_ON_RECORD]) for facet in FACETS}
        for at, story_id in enumerate(ids)
    }


def _one(value: object) -> list[str]:
    return [value] if isinstance(value, str) else []


def selected(values: Values, story_ids: Iterable[str], chosen: Chosen) -> list[str]:
    """The stories that fit every facet chosen, in the order given.

    Args:
        values: As `facet_values` returns them.
        story_ids: The stories to choose from, such as those that a search found.
        chosen: Ids by facet; a facet with none asks for nothing.

    Raises:
        KeyError: If `chosen` names something that is not one of `FACETS`.
    """
    wanted = _wanted(chosen)
    return [story_id for story_id in story_ids if not _missed(values[story_id], wanted)]


def facets(values: Values, story_ids: Collection[str], chosen: Chosen) -> dict[str, dict[str, int]]:
    """How many stories each value of each facet would leave; arguments as for `selected`.

    Returns:
        For each of `FACETS`, the number of stories by value, most first, then by id. Every value
        that one of the stories has is there, and every one chosen, also with 0: a visitor must be
        able to take a choice back.

    Raises:
        KeyError: If `chosen` names something that is not one of `FACETS`.
    """
    wanted = _wanted(chosen)
    counts = {facet: dict.fromkeys(chosen.get(facet, ()), 0) for facet in FACETS}
    for story_id in story_ids:
        missed = _missed(values[story_id], wanted)
        for facet, count in counts.items():
            # It counts where only this facet's own choice, if any, leaves the story out.
            counted = not missed or missed == [facet]
            for value in values[story_id][facet]:
                count[value] = count.get(value, 0) + counted
    return {facet: _most_first(count) for facet, count in counts.items()}


def _most_first(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _wanted(chosen: Chosen) -> dict[str, frozenset[str]]:
    if unknown := [facet for facet in chosen if facet not in FACETS]:
        raise KeyError(unknown[0])
    return {facet: frozenset(ids) for facet, ids in chosen.items() if ids}


def _missed(story: Mapping[str, frozenset[str]], wanted: Mapping[str, frozenset[str]]) -> list[str]:
    """The facets whose choices leave a story out."""
    return [facet for facet, ids in wanted.items() if not story[facet] & ids]
