"""The Story page on the shipped data, in Chromium on the real server."""

import pandas as pd
import pytest
from looking import chart, drawn, headed, opened, settled, shipped, written

GAP = "x-road"  # In the shipped data nobody rated one default gene of it.
ORDERED = "national-cyber-security-index"  # Its DNA was published as an order.


@pytest.fixture(scope="module")
def story(server, browse_once):
    """The story with a gap; tests that take it only read."""
    return opened(browse_once(server), f"/story?story={GAP}&lang=en")


@pytest.fixture(scope="module")
def ordered(server, browse_once):
    """The story with a published order; tests that take it only read."""
    return opened(browse_once(server), f"/story?story={ORDERED}")


def default_genes():
    genes = shipped("genes")
    return genes[genes["in_default_dna"] & genes["name"].notna()].sort_values("position")


def counts(story):
    rows = shipped("rating_counts")
    return rows[rows["story_id"] == story]


def means(story):
    rows = counts(story)
    sums = (rows["score"] * rows["n"]).groupby(rows["gene_id"]).sum()
    return sums / rows.groupby("gene_id")["n"].sum()


def section(page, heading):
    """The part of the page that stands under a heading, up to the next one, as text."""
    text = page.get_by_test_id("stMain").inner_text()
    headings = page.get_by_role("heading", level=2).all_inner_texts()
    following = headings[headings.index(heading) + 1 :]
    after = text.split(f"\n{heading}\n", 1)[1]
    return after.split(f"\n{following[0]}\n", 1)[0] if following else after


@pytest.mark.heavy
def test_a_link_to_a_story_draws_every_chart_as_the_first_page_of_a_server(serve, browse):
    page = opened(browse(serve()), f"/story?story={GAP}")

    title = shipped("stories").set_index("story_id").at[GAP, "title"]
    assert page.get_by_role("heading", level=1).inner_text() == title
    assert page.title() == "Story · Good Cyber Stories"
    traces = {
        "dna-radar": ".polarlayer .trace path.js-line",
        "dna-dots": ".scatterlayer .trace.scatter",
        "spread": ".geolayer .scattergeo path",
    }
    for name, trace in traces.items():
        assert chart(page, name).locator(trace).count() >= 1


def test_the_radar_names_every_default_gene_in_full_and_leaves_a_gap_for_an_unrated_one(story):
    genes, mean = default_genes(), means(GAP)
    unrated = [gene for gene in genes["gene_id"] if gene not in mean]

    outline = drawn(story, "dna-radar")["data"][0]
    labels = [
        name + (" not rated" if gene in unrated else "")
        for gene, name in zip(genes["gene_id"], genes["name"], strict=True)
    ]

    assert len(unrated) == 1
    assert [text for text in written(story, "dna-radar") if text in labels] == labels
    expected = [mean.get(gene) for gene in [*genes["gene_id"], genes["gene_id"].iloc[0]]]
    assert [r is None for r in outline["r"]] == [value is None for value in expected]
    assert [r for r in outline["r"] if r] == pytest.approx([value for value in expected if value])
    assert outline.get("connectgaps") is False
    assert outline["fill"] == "none"


def test_the_dots_show_the_same_means_and_say_what_is_not_rated(story):
    mean = means(GAP).reindex(default_genes()["gene_id"])

    data = drawn(story, "dna-dots")["data"]
    means_drawn = next(trace for trace in data if trace.get("meta", {}).get("means"))
    shown = [x for x in means_drawn["x"] if x is not None]

    assert shown == pytest.approx(sorted(mean.dropna()))
    texts = written(story, "dna-dots")
    assert texts.count("not rated") == 1
    for name in default_genes()["name"]:  # A line may end after a hyphen.
        assert name.replace(" ", "") in [text.replace(" ", "") for text in texts]


def test_the_code_holds_the_letters_of_rated_genes_from_the_strongest_and_n(story):
    genes = default_genes().set_index("gene_id")
    order = means(GAP).reindex(genes.index).dropna().sort_values(ascending=False, kind="stable")
    raters = int(counts(GAP).query("gene_id in @genes.index").groupby("gene_id")["n"].sum().max())

    dna = section(story, "DNA")
    code = dna.split("DNA code", 1)[1].strip().split()[0]

    assert code.replace("[", "").replace("]", "") == "".join(genes.loc[order.index, "letter"])
    assert code.count("[") == code.count("]") >= 1
    assert f"Illustrative ratings, n = {raters}." in dna
    for name in ("dna-radar", "dna-dots"):
        assert "Illustrative ratings" in written(story, name)
        assert any(f"{raters} raters" in text for text in written(story, name))


@pytest.mark.heavy
def test_the_published_sequence_stands_in_order_with_its_dominant_genes(ordered):
    genes = shipped("genes").set_index("gene_id")
    published = shipped("published_dna").query("story_id == @ORDERED").sort_values("position")

    places = ordered.get_by_role("list", name="Published DNA").get_by_role("listitem")

    shown = [text.split("\n") for text in places.all_inner_texts()]
    letters = genes.loc[published["gene_id"], "letter"].tolist()
    assert [parts[:2] for parts in shown] == [
        [str(place), letter] for place, letter in enumerate(letters, 1)
    ]
    dominant = [any("dominant" in part for part in parts) for parts in shown]
    assert dominant == published["dominant"].tolist()
    assert "An order that Good Cyber Stories published, not a score." in section(ordered, "DNA")


def test_facts_stand_with_their_sources_and_what_nobody_wrote_is_said(story):
    facts = shipped("stories").set_index("story_id").loc[GAP]

    shown = section(story, "Facts")

    assert facts["lead_organisation"] in shown
    assert story.get_by_role("link", name="Estonia").get_attribute("href").endswith("country=EST")
    sources = [
        link.get_attribute("href")
        for link in story.locator("dd").get_by_role("link").all()
        if link.get_attribute("target") == "_blank"
    ]
    assert facts["source_url"] in sources
    guidance = section(story, "How to replicate it")
    assert guidance.split("\n")[:4] == [
        "Guidance",
        "none on record yet",
        "Lessons learned",
        "none on record yet",
    ]


@pytest.mark.heavy
def test_every_partner_is_named_with_its_source(ordered):
    partners = shipped("partners").query("story_id == @ORDERED")

    items = ordered.locator("li").all()
    shown = {item.inner_text(): item for item in items}

    assert len(partners) >= 1
    for row in partners.itertuples():
        (item,) = [item for text, item in shown.items() if text.startswith(row.partner)]
        assert item.get_by_role("link").get_attribute("href") == row.source_url


@pytest.mark.heavy
def test_three_similar_stories_are_linked_with_the_reason_and_keep_the_language(story):
    cards = story.locator(".gcs-card")

    assert cards.count() == 3
    for card in cards.all():
        title, reason = card.inner_text().split("\n", 1)
        assert title in set(shipped("stories")["title"])
        assert reason.strip().startswith("Both ")
        assert "lang=en" in card.get_by_role("link").get_attribute("href")


def test_replications_are_listed_by_kind_from_the_strongest_claim_each_with_its_year(story):
    rows = shipped("replications").query("story_id == @GAP")
    names = shipped("countries").set_index("country_iso3")["name_en"]

    kinds = story.locator("details.gcs-kind").all()

    counted = rows["kind"].value_counts()
    assert [kind.locator("summary").inner_text() for kind in kinds] == [
        f"Replicated ({counted['replicated']})",
        f"Took part ({counted['participated']})",
    ]
    lines = [line for kind in kinds for line in kind.locator("li").all_inner_texts()]
    assert len(lines) == len(rows)
    for row in rows.itertuples():
        year = "no year on record" if pd.isna(row.year) else int(row.year)
        assert [line for line in lines if line.startswith(f"{names[row.country_iso3]}, {year}")]


@pytest.mark.heavy
def test_a_story_without_a_country_on_record_says_so(server, browse):
    page = opened(browse(server), "/story?story=envr-dakar")

    assert "No country is on record for this story yet." in section(page, "Where it spread")
    assert chart(page, "spread").count() == 0


@pytest.mark.heavy
def test_all_genes_are_drawn_when_asked_and_the_address_says_so(server, browse):
    page = opened(browse(server), f"/story?story={GAP}")

    page.get_by_role("radio", name="All genes with a name").click()
    page.wait_for_url("**&genes=all")
    settled(page)

    named = shipped("genes").dropna(subset="name").sort_values("position")["name"]
    texts = [text.removesuffix(" not rated") for text in written(page, "dna-radar")]
    assert [text for text in texts if text in set(named)] == named.tolist()


@pytest.mark.heavy
def test_without_a_story_there_are_three_to_begin_with(server, browse):
    page = opened(browse(server), "/story")

    assert page.locator(".gcs-card").count() == 3
    first = page.locator(".gcs-card").first.get_by_role("link").first
    title = first.inner_text()
    first.click()
    headed(page, title, level=1)
    assert chart(settled(page), "dna-radar").count() == 1
