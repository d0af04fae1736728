"""What ties stories to countries, and what neighbours have, on data you can hold in your head."""

import pytest
from tiny_data import PAGE, country, event, frame, story

from gcs_data import country_record

KENYA, UGANDA, PERU = "KEN", "UGA", "PER"


def record(story_id, iso3, kind, year=None):
    rows = {"story_id": story_id, "country_iso3": iso3, "kind": kind, "source_url": PAGE}
    return rows | ({"year": year} if year else {})


def place(iso3, name, region, sub_region):
    return country(iso3, name) | {"region": region, "sub_region": sub_region}


@pytest.fixture
def countries():
    return frame(
        "countries",
        place(KENYA, "Kenya", "africa", "eastern_africa"),
        place(UGANDA, "Uganda", "africa", "eastern_africa"),
        place(PERU, "Peru", "americas", "south_america"),
        country("ATA", "Antarctica"),
    )


@pytest.fixture
def known(countries):
    stories = frame(
        "stories",
        story("cash") | {"lead_country_iso3": KENYA, "year_started": 2001},
        story("water", "Water"),
    )
    replications = frame(
        "replications",
        record("cash", UGANDA, "adopted", 2010),
        record("cash", UGANDA, "replicated"),
        record("water", UGANDA, "participated", 2012),
        record("water", PERU, "adopted", 2013),
    )
    return country_record.claims(stories, replications, countries)


def test_a_lead_is_a_claim_of_its_own_with_the_year_it_began(known):
    led = known[known["claim"] == "led"]

    assert led[["story_id", "country_iso3", "region"]].values.tolist() == [
        ["cash", KENYA, "africa"]
    ]
    assert led["year"].tolist() == [2001]


def test_stories_are_counted_once_in_a_group_and_kinds_are_never_added_up(known):
    events = frame("events", event("summit-2024") | {"country_iso3": UGANDA})
    groups = {KENYA: [KENYA], "africa": [KENYA, UGANDA], "ATA": ["ATA"]}

    table = country_record.side_by_side(known, events, groups).set_index("place")

    counted = [*country_record.CLAIMS, "any", "events"]
    assert table.loc[KENYA, counted].tolist() == [1, 0, 0, 0, 0, 1, 0]
    # The story from Kenya is led, adopted and replicated in Africa, and still one story.
    assert table.loc["africa", counted].tolist() == [1, 1, 1, 0, 1, 2, 1]
    assert table.loc["ATA", counted].tolist() == [0] * 7
    assert table["countries"].tolist() == [1, 2, 1]


def test_neighbours_are_the_same_un_sub_region_and_a_country_without_one_has_none(countries):
    assert country_record.neighbours(countries, KENYA) == [UGANDA]
    assert country_record.neighbours(countries, "ATA") == []


def test_what_others_have_leaves_out_what_the_country_leads_or_has(known):
    kenya = country_record.elsewhere_only(known, KENYA, [UGANDA, PERU])
    peru = country_record.elsewhere_only(known, PERU, [UGANDA, KENYA])

    assert kenya.values.tolist() == [["water", "PER;UGA", 2, "participated;adopted"]]
    assert peru.values.tolist() == [["cash", "KEN;UGA", 2, "led;adopted;replicated"]]
    assert country_record.elsewhere_only(known, UGANDA, [KENYA, PERU]).empty
    assert country_record.elsewhere_only(known, KENYA, []).empty
