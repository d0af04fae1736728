"""Made-up ratings: the same every time, marked as such, and with gaps to show."""

import pandas as pd
import pytest
from test_build import ROOT
from tiny_data import frame, gene, story

from gcs_data import illustrative, parquet
from gcs_data.checks import check
from gcs_data.pseudonym import is_pseudonym
from gcs_data.query import gene_profile, genes_in_order

# Nobody "rated" this gene of this story; its place on the axes is what the radar must leave open.
UNRATED = ("x-road", "organisational_capacity")


def shipped(name):
    return parquet.from_bytes((ROOT / "data" / f"{name}.parquet").read_bytes())


@pytest.fixture(scope="module")
def data():
    names = ("stories", "genes", "published_dna", "occasions", "gene_ratings", "rating_counts")
    return {name: shipped(name) for name in names}


def facts():
    genes = [gene(name, place) | {"name": name} for place, name in enumerate("abcdef", 1)]
    published = [
        {"story_id": "one", "gene_id": "b", "position": 1, "dominant": True},
        {"story_id": "one", "gene_id": "f", "position": 9, "dominant": False},
    ]
    return (
        frame("stories", story("one"), story("two")),
        frame("genes", *genes, gene("nameless", 7)),
        frame("published_dna", *published),
    )


def test_the_same_facts_give_the_same_bytes():
    once, twice = illustrative.ratings(*facts()), illustrative.ratings(*facts())

    assert parquet.to_bytes(once, "gene_ratings") == parquet.to_bytes(twice, "gene_ratings")


def test_a_new_story_changes_no_other_storys_ratings():
    stories, genes, published = facts()
    before = illustrative.ratings(stories, genes, published)
    more = frame("stories", story("new"), story("two"), story("one"))

    after = illustrative.ratings(more, genes, published)

    old = after[after["story_id"] != "new"].reset_index(drop=True)
    pd.testing.assert_frame_equal(old, before)
    assert set(after["story_id"]) == {"one", "two", "new"}


def test_ratings_pass_our_own_checks():
    stories, genes, published = facts()
    occasions = frame("occasions", illustrative.occasion())
    made = {"gene_ratings": illustrative.ratings(stories, genes, published)}

    assert check(made, {"stories": stories, "genes": genes, "occasions": occasions}) == []


def test_no_story_no_ratings():
    _, genes, published = facts()

    assert len(illustrative.ratings(frame("stories"), genes, published)) == 0


def test_every_row_says_that_it_is_made_up(data):
    made = data["gene_ratings"]

    assert set(made["provenance"]) == {"illustrative"}
    assert set(made["occasion_id"]) == {illustrative.OCCASION_ID}
    assert set(data["rating_counts"]["provenance"]) == {"illustrative"}
    titles = data["occasions"].set_index("occasion_id")["title"]
    assert titles["illustrative"] == "Made-up example ratings"


def test_about_thirty_raters_in_five_groups_rate_every_story_from_one_to_five(data):
    made = data["gene_ratings"]
    raters = made.groupby("story_id")["rater_id"].nunique()
    groups = made.groupby("story_id")["stakeholder_group"].nunique()

    assert set(raters.index) == set(data["stories"]["story_id"])
    assert raters.between(25, 40).all()
    assert 29 < raters.mean() < 35
    assert set(groups) == {5}
    assert sorted(made["score"].unique()) == [1, 2, 3, 4, 5]


def test_one_person_rates_a_gene_once_under_a_valid_pseudonym_of_one_group(data):
    made = data["gene_ratings"]

    assert not made.duplicated(["story_id", "gene_id", "rater_id"]).any()
    assert (
        made.groupby("rater_id")[["story_id", "stakeholder_group"]].nunique().eq(1).all(axis=None)
    )
    assert all(map(is_pseudonym, made["rater_id"].unique()))


def test_published_dominant_genes_are_among_the_strongest_of_their_story(data):
    published = data["published_dna"]
    means = data["gene_ratings"].groupby(["story_id", "gene_id"])["score"].mean()

    for row in published[published["dominant"]].itertuples():
        story_means = means[row.story_id].sort_values(ascending=False)
        assert row.gene_id in story_means.index[:4], (row.story_id, row.gene_id)


def test_a_gene_without_a_name_is_never_rated(data):
    genes = data["genes"]
    nameless = genes.loc[genes["name"].isna(), "gene_id"].tolist()

    assert nameless == ["unidentified"]
    assert not data["gene_ratings"]["gene_id"].isin(nameless).any()
    assert "nameless" not in set(illustrative.ratings(*facts())["gene_id"])


def test_a_gene_that_was_left_unrated_is_a_gap_in_the_radar_of_the_real_data(data):
    from figures.radar import dna_radar
    from words import words

    story_id, gene_id = UNRATED
    genes = genes_in_order(data["genes"], default_only=True)
    profile = gene_profile(
        data["rating_counts"], story_id, genes,
        provenance="illustrative", occasion_id="illustrative",
    )  # fmt: skip
    names = data["genes"].set_index("gene_id")["name"]
    drawn = profile.assign(gene=profile["gene_id"].map(names), name="X-Road")

    outline = dna_radar(drawn, title="X-Road", t=words()).data[0]

    gaps = [gene for gene, r in zip(genes, outline.r, strict=False) if pd.isna(r)]
    assert gaps == [gene_id]
    assert (outline.connectgaps, outline.fill) == (False, "none")
