"""Who works with whom: partners across stories, and the neighbourhood of one of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from gcs_data.folding import folded
from gcs_data.query import items, rows

MOST_NEIGHBOURS, MOST_STORIES = 60, 20


def partner_list(partners: pd.DataFrame) -> pd.DataFrame:
    """Every partner once.

    Returns:
        One row per partner name: partner, partner_type and country_iso3 (as `a;b` where records
        differ, missing where none says), stories (how many), story_ids (`a;b`). Those in most
        stories first, then in the alphabet.
    """
    known: dict[str, tuple[set[str], set[str], set[str]]] = {}
    for row in rows(partners):
        found = known.setdefault(row.partner, (set(), set(), set()))
        for values, value in zip(
            found, (row.partner_type, row.country_iso3, row.story_id), strict=True
        ):
            if isinstance(value, str):
                values.add(value)
    ordered = sorted(known.items(), key=lambda item: (-len(item[1][2]), item[0].casefold()))
    table = pd.DataFrame(
        [
            (name, _cell(types), _cell(countries), len(stories), _cell(stories))
            for name, (types, countries, stories) in ordered
        ],
        columns=["partner", "partner_type", "country_iso3", "stories", "story_ids"],
    )
    text = dict.fromkeys(["partner", "partner_type", "country_iso3", "story_ids"], "str")
    return table.astype(text | {"stories": "int64"})


def _cell(values: Collection[str]) -> str | None:
    return ";".join(sorted(values)) or None


def search_texts(
    table: pd.DataFrame, *, countries: Mapping[str, str], titles: Mapping[str, str]
) -> list[str]:
    """What is searched of each partner: its name, its countries and its stories, folded."""
    texts = []
    for row in rows(table):
        places = [countries.get(code, "") for code in items(row.country_iso3)]
        stories = [titles.get(story, "") for story in items(row.story_ids)]
        texts.append(" " + " ".join(folded(" ".join([row.partner, *places, *stories]))))
    return texts


def matching(
    table: pd.DataFrame,
    texts: Collection[str],
    *,
    asked: str = "",
    types: Collection[str] = (),
    country: str | None = None,
) -> pd.DataFrame:
    """The partners that fit: every word asked for begins a word, and one of the types.

    Args:
        table: As `partner_list` returns it.
        texts: As `search_texts` returns them, row by row.
        asked: Words, in any order; accents, case and punctuation make no difference.
        types: Kinds of organisation; none asks for all.
        country: A country's code, or None for all.
    """
    words = [f" {word}" for word in folded(asked)]
    fits = [all(word in text for word in words) for text in texts]
    kept = table[fits]
    if types:
        kept = kept[[bool(set(types) & set(items(cell))) for cell in kept["partner_type"]]]
    if country:
        kept = kept[[country in items(cell) for cell in kept["country_iso3"]]]
    return kept.reset_index(drop=True)


@dataclass(frozen=True)
class Neighbourhood:
    """One partner, its stories, and the partners it meets there.

    Attributes:
        partner: Its name.
        stories: Its stories, at most `MOST_STORIES`, those with most partners first.
        others: The partners of these stories, as rows of `partner_list`, at most as many as make
            `MOST_NEIGHBOURS` with the stories and the partner itself; those it meets most first.
        meets: (story, partner) for each meeting of the two lists.
        stories_left_out, others_left_out: How many more there are, in all of its stories.
    """

    partner: str
    stories: list[str]
    others: pd.DataFrame
    meets: list[tuple[str, str]]
    stories_left_out: int
    others_left_out: int


def neighbourhood(partners: pd.DataFrame, partner: str) -> Neighbourhood:
    """Whom a partner meets in its stories; see `Neighbourhood`. Raises KeyError if unknown."""
    its_own = set(partners.loc[partners["partner"] == partner, "story_id"])
    if not its_own:
        raise KeyError(partner)
    around = partners[partners["story_id"].isin(its_own)]
    sizes = around.groupby("story_id")["partner"].nunique()
    stories = sorted(its_own, key=lambda story: (-int(sizes[story]), story))
    shown = stories[:MOST_STORIES]
    beside = around[around["story_id"].isin(shown) & (around["partner"] != partner)]
    # Facts of a partner come from all its records, numbers of meetings from these stories only.
    listed = partner_list(partners[partners["partner"].isin(beside["partner"])])
    met = beside.groupby("partner")["story_id"].nunique()
    listed = listed.assign(met=listed["partner"].map(met).astype("int64"))
    listed = listed.sort_values("met", ascending=False, kind="stable", ignore_index=True)
    room = MOST_NEIGHBOURS - 1 - len(shown)
    others = listed.head(room)
    kept = set(others["partner"])
    meets = sorted(
        {(row.story_id, row.partner) for row in rows(beside) if row.partner in kept},
        key=lambda meeting: (shown.index(meeting[0]), meeting[1].casefold()),
    )
    everybody = around["partner"].nunique() - 1
    return Neighbourhood(
        partner, shown, others, meets, len(stories) - len(shown), everybody - len(others)
    )


def events_by_year(events: pd.DataFrame) -> pd.DataFrame:
    """Events in the order of years, those without a year last, then by title.

    Returns:
        The dataset `events`, with place: how many events of the same year stand before it.
    """
    ordered = events.sort_values(["year", "title", "event_id"], na_position="last")
    ordered = ordered.reset_index(drop=True)
    place = ordered.groupby("year", dropna=False).cumcount()
    return ordered.assign(place=place.astype("int64"))


def event_series(events: pd.DataFrame) -> dict[str, int]:
    """Titles that several events have, with how many, most first."""
    counted = events["title"].value_counts()
    several = counted[counted > 1]
    return {str(title): int(n) for title, n in several.items()}
