import inspect

import pytest
from tiny_data import country, frame, story

from gcs_data.similar import Similar, similar_stories

COUNTRIES = frame(
    "countries",
    country("KEN", "Kenya") | {"region": "africa"},
    country("SEN", "Senegal") | {"region": "africa"},
    country("PER", "Peru") | {"region": "americas"},
    country("ATA", "Antarctica"),
)


def facts(story_id, topics=None, lead_type=None, iso3=None):
    return story(story_id) | {"topics": topics, "lead_type": lead_type, "lead_country_iso3": iso3}


def dominant(story_id, *gene_ids, dominant=True):
    return [{"story_id": story_id, "gene_id": g, "dominant": dominant} for g in gene_ids]


def similar(rows, published=(), most=3):
    return similar_stories(
        "mine", frame("stories", *rows), COUNTRIES, frame("published_dna", *published), most=most
    )


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (facts("x", "norms;research"), Similar("x", 2.0, ("norms", "research"))),
        (facts("x", "norms;inclusion;awareness"), Similar("x", 2 / 4, ("norms",))),
        (facts("x", None, "academia"), Similar("x", 1.0, lead_type="academia")),
        (facts("x", None, None, "SEN"), Similar("x", 0.5, region="africa")),
        (
            facts("x", "norms", "academia", "KEN"),
            Similar("x", 1 + 1 + 0.5, ("norms",), "academia", "africa"),
        ),
    ],
)
def test_points_and_reasons_are_what_both_share(other, expected):
    mine = facts("mine", "norms;research", "academia", "KEN")

    assert similar([mine, other]) == [expected]


def test_each_published_dominant_gene_in_common_is_half_a_point_and_others_are_none():
    published = [
        *dominant("mine", "trust", "funding"),
        *dominant("x", "trust", "funding"),
        *dominant("y", "trust"),
        *dominant("z", "trust", dominant=False),
    ]

    found = similar([facts(name) for name in ("mine", "x", "y", "z")], published)

    assert found == [
        Similar("x", 1.0, dominant_genes=("funding", "trust")),
        Similar("y", 0.5, dominant_genes=("trust",)),
    ]


@pytest.mark.parametrize(
    ("mine", "other"),
    [
        (facts("mine"), facts("x")),
        (facts("mine", "norms", "academia", "KEN"), facts("x", "research", "government", "PER")),
        (facts("mine", iso3="ATA"), facts("x", iso3="ATA")),  # It has no region to share.
    ],
)
def test_a_story_that_shares_nothing_is_not_similar(mine, other):
    assert similar([mine, other]) == []


def test_ties_come_in_the_order_of_ids_after_what_shares_more():
    rows = [facts("mine", "norms", "academia")]
    rows += [facts(name, "norms") for name in ("d", "b", "c")] + [facts("z", "norms", "academia")]

    assert [s.story_id for s in similar(rows)] == ["z", "b", "c"]
    assert [s.story_id for s in similar(rows, most=1)] == ["z"]


def test_ratings_are_no_argument_so_that_made_up_ones_can_never_count():
    assert list(inspect.signature(similar_stories).parameters) == [
        "story_id", "stories", "countries", "published_dna", "most",
    ]  # fmt: skip
