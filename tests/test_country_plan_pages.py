"""Country, Could it work here? and Norms without a browser: what each says, also of nothing."""

import json
from html import escape

import pytest
import streamlit as st
from test_pages import figure, put, record, text, visit
from tiny_data import country, event, gene, ratings, ship, story

from gcs_data import parquet
from gcs_data.derive import rating_counts

PAGES = ("country", "plan", "norms")
SAID = {"has-trust": "2", "country": "PER"}


@pytest.fixture(autouse=True)
def tiny(tmp_path, monkeypatch):
    """Kenya leads a story that Uganda adopted and Peru replicated; five people rated its trust."""
    st.cache_resource.clear()
    st.cache_data.clear()
    folder = ship(tmp_path / "data")
    put(
        folder,
        "stories",
        story("kenya-cash") | {"lead_country_iso3": "KEN", "topics": "norms"},
        story("peru-water", "Water in Peru"),
    )
    put(
        folder,
        "countries",
        country("KEN", "Kenya") | {"region": "africa", "sub_region": "eastern_africa"},
        country("UGA", "Uganda") | {"region": "africa", "sub_region": "eastern_africa"},
        country("RWA", "Rwanda") | {"region": "africa", "sub_region": "eastern_africa"},
        country("PER", "Peru") | {"region": "americas", "sub_region": "south_america"},
        country("ATA", "Antarctica"),
    )
    put(
        folder,
        "genes",
        gene("trust", 1) | {"name": "Trust", "letter": "T"},
        gene("funding", 2) | {"name": "Funding", "letter": "F"},
    )
    put(
        folder,
        "replications",
        record("UGA", "adopted", 2019),
        record("PER", "replicated", None),
    )
    put(folder, "events", event("summit-2024") | {"country_iso3": "KEN", "city": "Nairobi"})
    monkeypatch.setenv("GCS_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("GCS_DATA", str(folder))
    yield folder
    st.cache_resource.clear()
    st.cache_data.clear()


def fields(app, name):
    """What each field of a grid says, by row and column."""
    return {
        (row, column): said
        for trace in figure(app, name)["data"]
        for (row, column, _), said in zip(
            trace.get("customdata") or [], trace.get("text") or [], strict=True
        )
    }


def made_up(folder):
    """The same ratings, as the made-up example."""
    rows = ratings("illustrative", 5, 5, 5, 4, 4).assign(provenance="illustrative")
    counted = parquet.to_bytes(rating_counts(rows), "rating_counts")
    (folder / "rating_counts.parquet").write_bytes(counted)
    put(folder, "occasions", {"occasion_id": "illustrative", "title": "Made-up example ratings"})


def test_a_country_stands_beside_its_region_and_a_peer_with_its_own_numbers():
    app = visit("country", country="KEN", peer="PER")

    grid = fields(app, "chart country-beside")
    assert (grid["KEN", "led"], grid["KEN", "adopted"], grid["KEN", "events"]) == ("1", "–", "1")
    assert (grid["eastern_africa", "adopted"], grid["eastern_africa", "any"]) == ("1", "1")
    assert (grid["PER", "replicated"], grid["PER", "led"]) == ("1", "–")
    assert "Kenya: leads 1." in text(app)
    assert "Nairobi" in text(app)
    assert "Nothing is on record that came to it from elsewhere." in text(app)


def test_what_the_neighbours_have_is_never_worded_as_a_no():
    said = text(visit("country", country="RWA"))

    assert "Nothing is on record for Rwanda yet. That is not a no" in said
    assert "1 story is on record for them, and our sources do not say so for Rwanda." in said
    assert "It may have them all the same" in said
    assert "Kenya and Uganda" in said


NOTHING = {
    "country": [
        ({}, "Choose a country above"),
        ({"country": "KEM"}, "Did you mean Kenya (KEN)?"),
        ({"country": "ATA"}, "In no region of the United Nations' list"),
    ],
    "plan": [
        ({}, "Say above how at least one gene stands with you."),
        ({"has-trust": "9"}, "There is no has-trust called “9”."),
        ({**SAID, "weight-trust": "0"}, "Nothing that you said has any weight."),
        ({"has-funding": "2"}, "No story here has been rated on enough of what you said."),
        ({**SAID, "country": "XYZ"}, "There is no country called “XYZ”."),
    ],
    "norms": [
        ({}, "Nobody has put on record yet that they searched"),
        ({}, "none on record yet"),
        ({"duty": "norms", "place": "asia"}, "Norms in Asia: no story on record yet."),
    ],
}


@pytest.mark.parametrize("page", PAGES)
def test_each_way_of_having_nothing_has_its_sentence(page):
    app = visit(page)

    for query, sentence in NOTHING[page]:
        app.query_params.clear()
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        assert sentence in text(app)


def test_the_gap_map_counts_leads_and_spread_and_can_leave_kinds_out():
    grid = fields(visit("norms"), "chart gaps")
    assert [grid["norms", place] for place in ("africa", "americas", "asia")] == ["1", "1", "–"]

    grid = fields(visit("norms", claim="replicated"), "chart gaps")
    assert [grid["norms", place] for place in ("africa", "americas")] == ["–", "1"]

    grid = fields(visit("norms", zoom="africa"), "chart gaps")
    assert {place for _, place in grid} == {"eastern_africa"}


def test_a_wrong_facts_file_is_a_sentence_and_the_rest_of_the_page_stays(tiny):
    (tiny / "facts").mkdir()
    (tiny / "facts" / "gap_findings.csv").write_text("topic\n", encoding="utf-8")

    app = visit("norms")

    (error,) = app.error
    assert "gap" in error.value
    assert fields(app, "chart gaps")["norms", "africa"] == "1"


def test_a_plan_says_the_gap_the_years_near_and_how_stable_the_place_is():
    said = text(visit("plan", **SAID))

    assert "Trust (4.6 of 5, you said 2)" in said  # Of 5, 5, 5, 4 and 4.
    assert "In the top five under 100 % of 500 weightings drawn at random." in said
    assert "Peru (replicated, no year on record)" in said
    assert "1 of the 1 gene that you said" in said
    assert "made-up" not in said.lower()


def weights(app):
    """What the questions how much each gene counts say, by their place in the address."""
    asked = {group.key.removeprefix("address "): group.value for group in app.button_group}
    return {name: said for name, said in asked.items() if name.startswith("weight-")}


def test_how_much_a_gene_counts_is_asked_behind_a_lid_and_counts_while_that_is_closed():
    assert weights(visit("plan", **SAID)) == {}

    app = visit("plan", **SAID, **{"weight-trust": "0"})
    assert weights(app)["weight-trust"] == "0"

    app.session_state["lid weights"] = False
    app.run()
    assert weights(app) == {}
    assert app.query_params["weight-trust"] == "0"
    assert "Nothing that you said has any weight." in text(app)

    del app.query_params["weight-trust"]  # By Back, with the lid still closed.
    app.run()
    assert "Nothing that you said has any weight." not in text(app)


def test_a_plan_from_made_up_ratings_says_so_in_words_and_in_the_picture(tiny, monkeypatch):
    made_up(tiny)

    app = visit("plan", **SAID)
    assert "What stories rest on comes from made-up example ratings" in app.warning[0].value
    assert "In made-up example ratings, the demands of “Cash by phone” lie least" in text(app)
    assert "Illustrative ratings" in json.dumps(figure(app, "plan-needs"))

    monkeypatch.setenv("GCS_ILLUSTRATIVE", "0")
    without = visit("plan", **SAID)
    assert "Nobody has rated any story yet" in text(without)
    assert "Cash by phone" in text(without)  # By facts alone.
    assert "made-up" not in text(without).lower()


def test_a_workshop_room_s_result_can_be_the_context():
    app = visit("plan", room="room-1.kenya-cash")

    assert "you said 4.6" not in text(app)  # It asks for just what the room said: no gap.
    assert "Within what you said, or too close to tell" in text(app)


def test_a_new_gene_with_a_long_name_and_no_letter_is_asked_about_and_drawn(tiny):
    name = "Capacité de continuité opérationnelle et de résilience institutionnelle"
    put(
        tiny,
        "genes",
        gene("trust", 1) | {"name": "Trust"},
        gene("resilience", 2) | {"name": name},
    )

    app = visit("plan", **SAID)

    assert name in [group.label for group in app.button_group]
    ticks = figure(app, "plan-needs")["layout"]["yaxis"]["ticktext"]
    assert [tick.replace("<br>", " ") for tick in ticks] == ["Trust", name]


def each_page(**query):
    """Every page at one address, one after the other."""
    app = visit("country", **query)
    yield app
    for page in PAGES[1:]:
        app.switch_page(f"../pages/{page}.py")
        for name, value in query.items():
            app.query_params[name] = value
        yield app.run()


def test_one_story_only_and_no_ratings_at_all_leave_every_page_whole(tiny):
    put(tiny, "stories", story("kenya-cash") | {"lead_country_iso3": "KEN"})
    put(tiny, "rating_counts")

    for app in each_page(**SAID):
        assert not app.exception
        assert not app.error
        assert len(app.title) == 1


def test_text_from_data_is_inert(tiny):
    title = "<script>x</script> ![x](https://t.example) $x$"
    put(
        tiny,
        "stories",
        story("kenya-cash", title) | {"lead_country_iso3": "KEN", "topics": "capacity_building"},
        story("peru-water"),
    )
    put(tiny, "events", event("e") | {"country_iso3": "KEN", "title": title, "city": title})

    for app in each_page(**SAID | {"country": "KEN"}):
        assert not app.exception
        html = "".join(each.proto.body for each in app.get("html"))
        assert "<script>" not in html
        assert escape(title) in html
        blocks = [*app.markdown, *app.caption]
        assert "![x](https" not in " ".join(block.value for block in blocks)
