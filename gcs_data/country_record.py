"""What ties stories to countries, and what a country's neighbours have."""

from collections.abc import Collection, Mapping

import pandas as pd

from gcs_data.schema import KINDS

LED = "led"
CLAIMS = (LED, *KINDS)


def claims(
    stories: pd.DataFrame, replications: pd.DataFrame, countries: pd.DataFrame
) -> pd.DataFrame:
    """Every claim that ties a story to a country: that it leads the story, or one of the kinds.

    Returns:
        Columns story_id, country_iso3, claim (one of `CLAIMS`), year (of the start for a lead),
        region and sub_region (missing for Antarctica).
    """
    leads = stories[stories["lead_country_iso3"].notna()]
    led = pd.DataFrame(
        {
            "story_id": leads["story_id"],
            "country_iso3": leads["lead_country_iso3"],
            "claim": LED,
            "year": leads["year_started"],
        }
    )
    spread = replications[["story_id", "country_iso3", "kind", "year"]]
    every = pd.concat([led, spread.rename(columns={"kind": "claim"})], ignore_index=True)
    places = countries[["country_iso3", "region", "sub_region"]]
    return every.merge(places, on="country_iso3", how="left")


def side_by_side(
    known: pd.DataFrame, events: pd.DataFrame, groups: Mapping[str, Collection[str]]
) -> pd.DataFrame:
    """How many different stories each group of countries has, claim by claim.

    Args:
        known: As `claims` returns it.
        events: The dataset of that name.
        groups: The countries of each group, by the group's id; a country alone is a group of one.

    Returns:
        One row per group, in their order: place, countries (how many), one column for each of
        `CLAIMS`, any (different stories with any claim, so less than their sum) and events.
        0 means that nothing is on record, never "no".
    """
    rows = []
    for place, codes in groups.items():
        here = known[known["country_iso3"].isin(list(codes))]
        counts = here.groupby("claim")["story_id"].nunique()
        held = events["country_iso3"].isin(list(codes)).sum()
        rows.append(
            {
                "place": place,
                "countries": len(set(codes)),
                **{claim: int(counts.get(claim, 0)) for claim in CLAIMS},
                "any": here["story_id"].nunique(),
                "events": int(held),
            }
        )
    return pd.DataFrame(rows, columns=["place", "countries", *CLAIMS, "any", "events"])


def neighbours(countries: pd.DataFrame, code: str) -> list[str]:
    """The other countries of the same UN sub-region; none for a country without one."""
    by_code = countries.set_index("country_iso3")["sub_region"]
    mine = by_code[code]
    if not isinstance(mine, str):
        return []
    return [str(other) for other in by_code.index[by_code == mine] if other != code]


def elsewhere_only(known: pd.DataFrame, code: str, others: Collection[str]) -> pd.DataFrame:
    """The stories that other countries have and this one has no record of.

    That is all it says: the country may well have the story, and our sources may not have said.

    Args:
        known: As `claims` returns it.
        code: The country.
        others: The countries it is compared with.

    Returns:
        Columns story_id, countries (their codes, `A;B`), n (how many), claims (`a;b`, weakest
        first); the story that most of them have first, then in the order of ids.
    """
    mine = known.loc[known["country_iso3"] == code, "story_id"]
    theirs = known[known["country_iso3"].isin(list(others)) & ~known["story_id"].isin(mine)]
    found: dict[str, tuple[set[str], set[str]]] = {}
    for story_id, country, claim in zip(
        theirs["story_id"], theirs["country_iso3"], theirs["claim"], strict=True
    ):
        where, how = found.setdefault(story_id, (set(), set()))
        where.add(country)
        how.add(claim)
    rows = [
        (story_id, ";".join(sorted(where)), len(where), ";".join(c for c in CLAIMS if c in how))
        for story_id, (where, how) in found.items()
    ]
    table = pd.DataFrame(rows, columns=["story_id", "countries", "n", "claims"])
    return table.sort_values(["n", "story_id"], ascending=[False, True], ignore_index=True)
