"""“Could it work here?”: demands, gaps, order and stability, against values done by hand."""

import math
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from tiny_data import PAGE, country, frame, story

from figures.plan import needs_chart
from figures.svg_plan import needs_svg
from gcs_data import country_record, plan
from ui.plan_said import percent
from words import words


def given(story_id, gene_id, *scores, occasion="room-1", provenance="workshop"):
    """The counts of some scores."""
    return [
        {
            "story_id": story_id,
            "gene_id": gene_id,
            "stakeholder_group": "all",
            "provenance": provenance,
            "occasion_id": occasion,
            "score": score,
            "n": scores.count(score),
        }
        for score in sorted(set(scores))
    ]


def counts(*rows):
    return frame("rating_counts", *(row for several in rows for row in several))


def needed(*rows):
    """Demands with a mean and nothing else that the order asks for."""
    return pd.DataFrame(rows, columns=["story_id", "gene_id", "mean"])


def test_a_demand_is_the_mean_of_the_ratings_with_scipy_s_interval():
    scores = [5, 5, 4, 4, 2]
    demands = plan.demands(counts(given("cash", "trust", *scores)), "workshop")

    (row,) = demands.itertuples()
    low, high = stats.t.interval(0.95, 4, loc=4.0, scale=stats.sem(scores))
    assert (row.n, row.mean) == (5, 4.0)
    assert row.low == pytest.approx(low, abs=1e-6)
    assert row.high == pytest.approx(min(high, 5), abs=1e-6)


def test_made_up_ratings_and_other_occasions_are_never_mixed_in():
    table = counts(
        given("cash", "trust", 4, 4),
        given("cash", "trust", 1, 1, occasion="room-2"),
        given("cash", "trust", 1, 1, provenance="illustrative", occasion="illustrative"),
    )

    assert plan.demands(table, "workshop")["mean"].tolist() == [4.0]
    assert plan.demands(table, "illustrative")["mean"].tolist() == [1.0]
    assert plan.demands(table, "expert").empty


@pytest.mark.parametrize(
    ("scores", "level", "verdict"),
    [
        ((4, 4, 4, 4, 4), 3, "short"),
        ((4, 4, 4, 4, 4), 4, "about"),
        ((4, 4, 4, 4, 4), 5, "more"),
        ((5, 5, 4, 4, 2), 3, "about"),  # Its interval, 2.5 to 5, holds 3: not named as a gap.
        ((5, 5, 4, 4, 2), 2, "short"),
        ((5, 5, 5, 5), 1, "too_few"),
        ((5, 5, 5, 5, 5), None, "not_said"),
    ],
)
def test_a_gap_is_named_only_where_the_whole_interval_lies_beyond_what_was_said(
    scores, level, verdict
):
    demands = plan.demands(counts(given("cash", "trust", *scores)), "workshop")

    (row,) = plan.gaps(demands, {} if level is None else {"trust": level}).itertuples()

    assert row.verdict == verdict
    assert verdict in plan.VERDICTS
    if level is None:
        assert math.isnan(row.gap)
    else:
        assert row.gap == pytest.approx(sum(scores) / len(scores) - level)


DEMANDS = needed(
    ("cash", "trust", 5.0),
    ("cash", "funding", 2.0),
    ("water", "trust", 2.0),
    ("water", "funding", 4.0),
    ("roads", "trust", 3.1),  # Nobody rated its funding: on one of two genes it seems easy.
)
HERE = {"trust": 3.0, "funding": 3.0}


def test_the_order_is_by_the_weighted_mean_of_what_is_missing():
    once = plan.ordered(DEMANDS, HERE, {})
    heavy = plan.ordered(DEMANDS, HERE, {"funding": 2})

    # Cash lacks 2 of trust, water 1 of funding; having more of another gene makes up for nothing.
    assert once.values.tolist() == [["water", 0.5, 2], ["cash", 1.0, 2]]
    assert heavy["story_id"].tolist() == ["cash", "water"]
    assert heavy["shortfall"].tolist() == pytest.approx([2 / 3, 2 / 3])


def test_a_story_is_compared_only_where_two_thirds_of_the_weight_were_rated():
    assert "roads" not in plan.ordered(DEMANDS, HERE, {})["story_id"].tolist()
    assert plan.ordered(DEMANDS, HERE, {"trust": 2})["story_id"].tolist()[0] == "roads"
    # A gene that no story was rated on keeps none out.
    assert plan.stability(DEMANDS.iloc[[4]], HERE, {}) == {"roads": 1.0}
    assert plan.stability(needed(("a", "x", 1.0), ("b", "y", 1.0)), {"x": 1, "y": 1}, {}) == {}


def test_a_gene_without_weight_or_not_said_counts_for_nothing():
    left_out = plan.ordered(DEMANDS, HERE, {"trust": 0})
    unsaid = plan.ordered(DEMANDS, {"funding": 3.0}, {})

    assert left_out.values.tolist() == [["cash", 0.0, 1], ["water", 1.0, 1]]
    assert unsaid.values.tolist() == left_out.values.tolist()


@pytest.mark.parametrize(
    ("levels", "weights"), [({}, {}), (HERE, {"trust": 0, "funding": 0}), ({"other": 1}, {})]
)
def test_nothing_to_weigh_is_refused(levels, weights):
    with pytest.raises(ValueError, match="has any weight"):
        plan.ordered(DEMANDS, levels, weights)
    with pytest.raises(ValueError, match="has any weight"):
        plan.stability(DEMANDS, levels, weights)


def test_a_place_is_as_stable_as_the_weightings_it_survives():
    shares = plan.stability(DEMANDS, HERE, {}, top=1, draws=20_000)

    # Cash asks for 2 w, water for 1 - w: cash is first while w < 1/3, and w is uniform.
    assert shares["cash"] == pytest.approx(1 / 3, abs=0.01)
    assert shares["cash"] + shares["water"] == pytest.approx(1)
    assert set(shares) == {"cash", "water"}


def test_stability_agrees_with_counting_one_weighting_at_a_time_and_is_the_same_for_all():
    rng = np.random.default_rng(5)
    genes = ["a", "b", "c"]
    rows = [(f"s{n}", gene, float(rng.uniform(1, 5))) for n in range(9) for gene in genes]
    demands, levels = needed(*rows), dict.fromkeys(genes, 2.5)

    shares = plan.stability(demands, levels, {}, top=3, draws=200)

    counted = dict.fromkeys(shares, 0)
    for drawn in np.random.default_rng(plan.SEED).dirichlet(np.ones(3), size=200):
        order = plan.ordered(demands, levels, dict(zip(genes, drawn, strict=True)))
        for story_id in order["story_id"].head(3):
            counted[story_id] += 1
    assert shares == {story_id: n / 200 for story_id, n in counted.items()}
    assert plan.stability(demands, levels, {}, top=3, draws=200) == shares


def test_equals_share_a_place_and_few_stories_are_all_among_the_first():
    same = needed(("a", "trust", 3.0), ("b", "trust", 3.0), ("c", "trust", 4.0))

    assert plan.stability(same, {"trust": 3.0}, {}, top=1) == {"a": 1.0, "b": 1.0, "c": 0.0}
    assert plan.stability(same, {"trust": 3.0}, {}) == {"a": 1.0, "b": 1.0, "c": 1.0}
    assert plan.stability(same.iloc[[0]], {"trust": 3.0}, {}) == {"a": 1.0}


@pytest.fixture
def world():
    """Cash is led from Kenya and was adopted in Uganda, Egypt and Peru."""
    places = {"KEN": ("africa", "eastern"), "UGA": ("africa", "eastern")}
    places |= {"EGY": ("africa", "northern"), "PER": ("americas", "south")}
    countries = frame(
        "countries",
        *(
            country(code, code) | {"region": region, "sub_region": part}
            for code, (region, part) in places.items()
        ),
        country("ATA", "Antarctica"),
    )
    stories = frame(
        "stories",
        story("cash") | {"lead_country_iso3": "KEN", "topics": "norms"},
        story("water", "Water") | {"topics": "inclusion"},
    )
    records = frame(
        "replications",
        *(
            {"story_id": "cash", "country_iso3": code, "kind": "adopted", "source_url": PAGE}
            for code in ("UGA", "EGY", "PER")
        ),
    )
    return country_record.claims(stories, records, countries), countries, stories


def test_who_did_it_before_comes_nearest_first_and_never_from_another_region(world):
    known, countries, _ = world

    here = plan.near(known, countries, ["cash"], "KEN")

    assert here[["country_iso3", "nearness"]].values.tolist() == [
        ["KEN", "here"],
        ["UGA", "sub_region"],
        ["EGY", "region"],
    ]
    assert plan.near(known, countries, ["water"], "KEN").empty
    assert plan.near(known, countries, ["cash"], "ATA").empty


def test_by_facts_the_stories_near_come_first_and_topics_narrow(world):
    known, countries, stories = world

    assert plan.by_facts(known, countries, stories, [], "KEN").values.tolist() == [
        ["cash", 2, 4],
        ["water", 0, 0],
    ]
    assert plan.by_facts(known, countries, stories, ["inclusion"], None).values.tolist() == [
        ["water", 0, 0]
    ]


@pytest.fixture
def rows():
    table = pd.DataFrame(
        [
            ("Trust", 6, 4.0, 3.5, 4.5, 2.0, "short"),
            ("Funding", 0, math.nan, math.nan, math.nan, 3.0, "not_rated"),
            ("Evidence", 2, 2.0, math.nan, math.nan, math.nan, "not_said"),
        ],
        columns=["gene", "n", "mean", "low", "high", "level", "verdict"],
    )
    return table


def test_the_chart_draws_demands_intervals_and_levels_and_a_gap_for_what_is_not_known(rows):
    said = {"short": "short", "not_said": "not said", "not_rated": "not rated"}
    fig = needs_chart(rows, title="Needs", t=words(), labels=said, watermark="Made up")

    traces = {next(iter(trace.meta)): trace for trace in fig.data}
    assert traces["needs"].x[0] == 4.0
    assert math.isnan(traces["needs"].x[1])
    assert traces["needs"].error_x.array == (0.5, 0, 0)
    assert traces["levels"].x[:2] == (2.0, 3.0)
    assert math.isnan(traces["levels"].x[2])
    assert traces["gaps"].x[:3] == (2.0, 4.0, None)
    assert traces["unrated"].y == (1,)
    assert any("Made up" in note.text for note in fig.layout.annotations)


def test_the_file_of_the_chart_holds_the_same_marks(rows):
    root = ElementTree.fromstring(needs_svg(rows, title="Needs", t=words(), watermark="Made up"))

    parts = [part.get("data-part") for part in root.iter()]
    assert [parts.count(name) for name in ("row", "mean", "interval", "level")] == [3, 2, 1, 2]
    assert "Made up" in "".join(root.itertext())


def test_a_share_is_100_or_0_per_cent_only_where_it_is_exactly_that():
    shares = (0, 0.001, 0.304, 0.92, 0.999, 1)

    assert [percent(share, words()) for share in shares] == ["0", "1", "30", "92", "99", "100"]
