import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_data import PAGE, country, frame, story

from gcs_data.facets import FACETS, NOT_ON_RECORD, facet_values, facets, selected
from gcs_data.schema import KINDS

COUNTRIES = frame(
    "countries",
    country("KEN", "Kenya") | {"region": "africa"},
    country("PER", "Peru") | {"region": "americas"},
    country("ATA", "Antarctica"),
)


def values_of(*stories, replications=()):
    rows = [{"source_url": PAGE} | row for row in replications]
    return facet_values(frame("stories", *stories), frame("replications", *rows), COUNTRIES)


KENYA = story("kenya") | {
    "topics": "norms;inclusion",
    "lead_type": "government",
    "lead_country_iso3": "KEN",
    "edition": "2020",
}
PERU = story("peru") | {"topics": "norms", "lead_country_iso3": "PER", "official": False}
NOWHERE = story("nowhere") | {"official": False, "lead_country_iso3": "ATA"}
SPREAD = [
    {"story_id": "kenya", "country_iso3": "PER", "kind": "adopted"},
    {"story_id": "kenya", "country_iso3": "PER", "kind": "replicated"},
    {"story_id": "kenya", "country_iso3": "ATA", "kind": "adopted"},
]
VALUES = values_of(KENYA, PERU, NOWHERE, replications=SPREAD)
ALL = list(VALUES)


def test_every_story_counts_in_every_facet_and_one_without_a_value_as_not_on_record():
    assert facets(VALUES, ALL, {}) == {
        "topic": {"norms": 2, "inclusion": 1, NOT_ON_RECORD: 1},
        "lead_type": {NOT_ON_RECORD: 2, "government": 1},
        "region": {"africa": 1, "americas": 1, NOT_ON_RECORD: 1},
        "kind": {NOT_ON_RECORD: 2, "adopted": 1, "replicated": 1},
        "official": {"no": 2, "yes": 1},
        "edition": {NOT_ON_RECORD: 2, "2020": 1},
    }


def test_a_choice_narrows_the_other_facets_and_not_its_own():
    counts = facets(VALUES, ALL, {"official": ["no"]})

    assert counts["official"] == {"no": 2, "yes": 1}
    assert counts["topic"] == {NOT_ON_RECORD: 1, "norms": 1, "inclusion": 0}
    assert selected(VALUES, ALL, {"official": ["no"]}) == ["peru", "nowhere"]


def test_choices_in_one_facet_are_alternatives_and_facets_narrow_each_other():
    assert selected(VALUES, ALL, {"region": ["africa", "americas"]}) == ["kenya", "peru"]
    assert selected(VALUES, ALL, {"region": ["africa", "americas"], "topic": ["inclusion"]}) == [
        "kenya"
    ]
    assert selected(VALUES, ALL, {"kind": [NOT_ON_RECORD], "topic": ["norms"]}) == ["peru"]


def test_the_stories_stay_in_the_order_of_the_search():
    assert selected(VALUES, ["nowhere", "peru"], {}) == ["nowhere", "peru"]
    assert facets(VALUES, ["nowhere", "peru"], {})["official"] == {"no": 2}


def test_a_choice_that_no_story_has_is_still_there_to_be_taken_back():
    counts = facets(VALUES, ALL, {"edition": ["1999"]})

    assert counts["edition"] == {NOT_ON_RECORD: 2, "2020": 1, "1999": 0}
    assert counts["official"] == {"no": 0, "yes": 0}
    assert selected(VALUES, ALL, {"edition": ["1999"]}) == []


def test_a_facet_that_there_is_not_is_refused_and_not_ignored():
    for asked in (selected, facets):
        with pytest.raises(KeyError, match="colour"):
            asked(VALUES, ALL, {"colour": ["red"]})


STORIES = st.fixed_dictionaries(
    {
        "topics": st.sampled_from([None, "norms", "norms;inclusion", "awareness;norms"]),
        "lead_type": st.sampled_from([None, "government", "academia"]),
        "lead_country_iso3": st.sampled_from([None, "KEN", "PER", "ATA"]),
        "official": st.booleans(),
        "edition": st.sampled_from([None, "2020", "2024"]),
    }
)
IDS = {
    "topic": ["norms", "inclusion", "awareness", NOT_ON_RECORD, "unheard-of"],
    "lead_type": ["government", "academia", NOT_ON_RECORD],
    "region": ["africa", "americas", NOT_ON_RECORD],
    "kind": [*KINDS, NOT_ON_RECORD],
    "official": ["yes", "no"],
    "edition": ["2020", "2024", NOT_ON_RECORD],
}
CHOSEN = st.fixed_dictionaries(
    {}, optional={facet: st.lists(st.sampled_from(ids), max_size=2) for facet, ids in IDS.items()}
)


@settings(max_examples=60)
@given(st.lists(STORIES, max_size=6), st.data(), CHOSEN)
def test_every_count_is_the_length_of_the_list_that_this_choice_would_give(facts, data, chosen):
    stories = [story(f"s-{place}") | row for place, row in enumerate(facts)]
    names = [row["story_id"] for row in stories]
    spread = data.draw(
        st.lists(st.tuples(st.sampled_from(names), st.sampled_from(KINDS)), unique=True)
        if names
        else st.just([])
    )
    values = values_of(
        *stories,
        replications=[{"story_id": s, "country_iso3": "KEN", "kind": k} for s, k in spread],
    )

    counts = facets(values, names, chosen)

    assert tuple(counts) == FACETS
    for facet, count in counts.items():
        present = {value for name in names for value in values[name][facet]}
        assert set(count) == present | set(chosen.get(facet, ()))
        for value, n in count.items():
            assert n == len(selected(values, names, {**chosen, facet: [value]}))
