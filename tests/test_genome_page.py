"""The pages of the genome, the lineage and the partners without a browser."""

import json

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from tiny_data import PAGE, country, event, frame, gene, ratings, ship, story

import settings
from gcs_data import parquet
from gcs_data.derive import rating_counts

FRAME = settings.ROOT / "ui" / "frame.py"
HOSTILE = "![x](https://t.example) <b>$x$ :material/home:"


@pytest.fixture(autouse=True)
def fresh(tmp_path, monkeypatch):
    """Nothing cached from another test's data, and a store of its own."""
    monkeypatch.setenv("GCS_STORE", str(tmp_path / "store"))
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """Two stories, of which five people in a room rated one gene of the first."""
    folder = ship(tmp_path / "data")
    put(folder, "stories", story("kenya-cash", HOSTILE), story("peru-water", "Water in Peru"))
    put(
        folder,
        "genes",
        gene("trust", 1) | {"name": "Trust"},
        gene("funding", 2) | {"name": "Funds"},
    )
    put(
        folder,
        "partners",
        {"story_id": "kenya-cash", "partner": HOSTILE, "source_url": PAGE},
        {"story_id": "kenya-cash", "partner": "Aid", "source_url": PAGE},
    )
    monkeypatch.setenv("GCS_DATA", str(folder))
    return folder


def put(folder, name, *rows):
    (folder / f"{name}.parquet").write_bytes(parquet.to_bytes(frame(name, *rows), name))


def visit(page, **query):
    app = AppTest.from_file(str(FRAME), default_timeout=180)
    app.run()
    app.switch_page(f"../pages/{page}.py")
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    assert not app.error
    return app


def html(app):
    return "".join(each.proto.body for each in app.get("html"))


def text(app):
    blocks = [*app.title, *app.header, *app.markdown, *app.caption, *app.info, *app.warning]
    said = " ".join(block.value for block in blocks).replace("\\", "").replace("\u200b", "")
    return said + html(app)


def test_the_heat_table_shows_the_mean_of_the_room_and_a_dash_for_what_nobody_rated(tiny):
    app = visit("genome")

    assert ">4.6</td>" in html(app)  # Of 5, 5, 5, 4 and 4.
    assert html(app).count(">–</td>") == 3
    assert "2 stories by 2 genes: 1 rated by people, 0 with made-up example" in text(app)
    assert "Workshop ratings, n = 5" in html(app)
    assert "<b>$x$" not in html(app)


def test_a_gene_in_the_address_sorts_and_one_that_there_is_not_gets_near_misses(tiny):
    assert "The highest mean on Trust is that of" in text(visit("genome", sort="trust"))
    assert "Did you mean Trust (trust)?" in text(visit("genome", sort="trsut"))


def test_no_ratings_at_all_have_a_sentence_in_both_views(tiny):
    put(tiny, "rating_counts")
    put(tiny, "rating_pairs")

    for view in ("stories", "agreement"):
        app = visit("genome", view=view)
        assert "Nobody has rated any story yet, so there is nothing to show here." in text(app)
        assert app.get("plotly_chart") == []


def test_genes_without_a_name_have_a_sentence(tiny):
    put(tiny, "genes", gene("trust", 1), gene("funding", 2))

    for view in ("stories", "agreement"):
        assert "No gene has a name yet" in text(visit("genome", view=view))


def test_one_story_only_has_a_row_but_no_groups_and_no_agreement(tiny):
    put(tiny, "stories", story("kenya-cash"))

    assert "1 story by 2 genes" in text(visit("genome"))
    assert "There are too few stories that differ to look for groups" in text(
        visit("genome", view="groups")
    )
    assert "too few rated stories to say how far raters agree" in text(
        visit("genome", view="agreement")
    )


def test_made_up_ratings_are_hatched_and_watermarked(tiny):
    made_up = ratings("illustrative", 5, 4, 4, 4, 3).assign(provenance="illustrative")
    counts = rating_counts(made_up)
    (tiny / "rating_counts.parquet").write_bytes(parquet.to_bytes(counts, "rating_counts"))

    assert 'class="gcs-heat-6 gcs-made-up">4.0' in html(visit("genome"))
    (chart,) = visit("genome", view="agreement").get("plotly_chart")
    assert "Illustrative ratings" in json.dumps(json.loads(chart.proto.spec)["layout"])


def test_groups_of_the_shipped_stories_hold_every_story_and_say_that_they_are_uncertain():
    app = visit("genome", view="groups")

    assert "47 stories fall into 4 groups" in text(app)
    assert "The groups are uncertain" in text(app)
    assert "Group 1: 18 stories" in html(app)
    assert "Kind of lead: Government in 18 of 18 (7 % elsewhere)" in html(app)


def test_stakeholder_groups_that_are_large_enough_can_be_chosen():
    app = visit("genome", view="agreement", group="academia")

    assert "In made-up example ratings, Academia, 19 stories: agreement is highest on" in text(app)


def test_a_story_s_lineage_is_drawn_and_says_that_genes_of_copies_are_not_known(tiny):
    app = visit("story", story="kenya-cash")

    assert any("lineage-arcs" in each.proto.id for each in app.get("plotly_chart"))
    assert "Adopted: 1 country, 1 without a year." in text(app)
    assert "which genes changed on the way is not known" in text(app)
    nothing = visit("story", story="peru-water")
    assert "Nothing is on record yet that came of this story. That is not a no." in text(nothing)


def test_a_copy_that_is_a_story_of_its_own_is_linked_both_ways(tiny):
    put(
        tiny,
        "replications",
        {
            "story_id": "kenya-cash",
            "country_iso3": "PER",
            "kind": "replicated",
            "copy_story_id": "peru-water",
            "source_url": PAGE,
        },
    )

    origin = html(visit("story", story="kenya-cash", lineage="tree"))
    copy = html(visit("story", story="peru-water"))

    assert "Copies that are stories of their own:" in origin
    assert "Which ratings differ is not known" in origin
    assert "This story is on record as a copy of:" in copy


def test_partners_are_listed_with_links_and_text_from_data_stays_text(tiny):
    app = visit("partners")

    assert "2 partners of 2." in text(app)
    assert "partner=Aid" in html(app)
    assert "<b>$x$" not in html(app)


def test_a_partner_in_the_address_has_its_neighbourhood(tiny):
    app = visit("partners", partner="Aid")

    assert "Aid is a partner in 1 story and meets 1 other partner there." in text(app)
    assert 'class="gcs-right"' in html(app)
    assert "Did you mean Aid (Aid)?" in text(visit("partners", partner="Aids"))


@pytest.mark.parametrize(
    ("name", "query", "sentence"),
    [
        ("partners", {}, "No partner is on record yet."),
        ("events", {"view": "events"}, "No event is on record yet."),
    ],
)
def test_nothing_on_record_has_a_sentence(tiny, name, query, sentence):
    put(tiny, name)

    assert sentence in text(visit("partners", **query))


def test_a_search_that_finds_nobody_has_a_sentence(tiny):
    assert "Take a word or a choice away to see more." in text(visit("partners", q="zzz"))


def test_events_are_drawn_listed_and_linked_to_their_stories(tiny):
    put(
        tiny,
        "events",
        event("s-2024") | {"country_iso3": "KEN", "story_id": "peru-water", "city": "Nairobi"},
        event("s-2025", 2025),
    )
    put(tiny, "countries", country("KEN", "Kenya") | {"lat": 0.5, "lon": 38.0})

    app = visit("partners", view="events", series="A summit")

    assert len(app.get("plotly_chart")) == 2
    assert "“A summit”: Nairobi in 2024 and a place not on record in 2025." in text(app)
    assert "1 event in 1 country." in text(app)
    assert "story=peru-water" in html(app)


@pytest.mark.parametrize(
    ("held", "sentence"),
    [
        # Two of four are the most of all countries, and not most of the events.
        ({"KEN": 2, "PER": 1, "CHL": 1}, "4 events in 3 countries. Most events: Kenya, 2."),
        ({"KEN": 2, "PER": 2, "CHL": 1}, "Most events: Kenya and Peru, 2 each."),
    ],
)
def test_where_most_events_were_held_is_no_claim_of_a_majority(tiny, held, sentence):
    many = [code for code, n in held.items() for _ in range(n)]
    put(
        tiny,
        "events",
        *(event(f"e-{n}") | {"country_iso3": code} for n, code in enumerate(many)),
    )
    names = {"KEN": "Kenya", "PER": "Peru", "CHL": "Chile"}
    put(
        tiny,
        "countries",
        *(country(code, name) | {"lat": 0.5, "lon": 38.0} for code, name in names.items()),
    )

    assert sentence in text(visit("partners", view="events"))
