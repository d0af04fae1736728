"""The pages without a browser, over two stories in a folder and over the shipped data."""

import json
import math

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from tiny_data import PAGE, country, frame, gene, ratings, ship, story

import settings
from gcs_data import parquet
from gcs_data.derive import rating_counts, rating_pairs

FRAME = settings.ROOT / "ui" / "frame.py"
PAGES = ("overview", "story", "world_map", "methods")


@pytest.fixture(autouse=True)
def fresh(tmp_path, monkeypatch):
    """Nothing cached from another test's data, and a store of its own."""
    monkeypatch.setenv("GCS_STORE", str(tmp_path / "store"))
    st.cache_resource.clear()
    st.cache_data.clear()
    yield
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """Two stories: five people in a room rated one gene of the first, nobody the other."""
    folder = ship(tmp_path / "data")
    put(
        folder,
        "stories",
        {"title": "Cash by phone"} | known(),
        {**story("peru-water"), "title": "B"},
    )
    places = [
        country("KEN", "Kenya") | {"lat": 0.5, "lon": 38.0, "region": "africa"},
        country("PER", "Peru") | {"lat": -9.0, "lon": -75.0, "region": "americas"},
    ]
    put(folder, "countries", *places)
    put(
        folder,
        "genes",
        gene("trust", 1) | {"name": "Trust", "letter": "T"},
        gene("funding", 2) | {"name": "Funding", "letter": "F"},
    )
    put(
        folder,
        "replications",
        record("PER", "adopted", 2019),
        record("PER", "participated", None),
        record("KEN", "replicated", 2021),
    )
    monkeypatch.setenv("GCS_DATA", str(folder))
    return folder


def known():
    return story("kenya-cash") | {"lead_country_iso3": "KEN", "topics": "norms", "official": True}


def record(iso3, kind, year):
    rows = {"story_id": "kenya-cash", "country_iso3": iso3, "kind": kind, "source_url": PAGE}
    return rows | ({"year": year} if year else {})


def put(folder, name, *rows):
    (folder / f"{name}.parquet").write_bytes(parquet.to_bytes(frame(name, *rows), name))


def visit(page="overview", **query):
    """A page as a visitor with this address gets it."""
    app = AppTest.from_file(str(FRAME), default_timeout=180)
    app.run()
    app.switch_page(f"../pages/{page}.py")
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def text(app):
    """Everything the page says in words of its own, the escapes of Markdown taken out."""
    blocks = [*app.title, *app.header, *app.subheader, *app.markdown, *app.caption]
    alerts = [*app.info, *app.warning, *app.error]
    said = " ".join(block.value for block in [*blocks, *alerts]).replace("\\", "")
    return said + " ".join(each.proto.body for each in app.get("html"))


def figure(app, name):
    (found,) = [each for each in app.get("plotly_chart") if name in each.proto.id]
    return json.loads(found.proto.spec)


def marks(app, name="chart world"):
    points = [
        point
        for trace in figure(app, name)["data"]
        if trace["type"] == "scattergeo"
        for point in trace.get("customdata") or []
        if len(point) == 3
    ]
    return [tuple(point) for point in points]


def test_a_story_s_radar_shows_the_mean_of_the_room_and_a_gap_for_what_nobody_rated(tiny):
    app = visit("story", story="kenya-cash")

    outline = figure(app, "dna-radar")["data"][0]
    assert outline["r"][0] == outline["r"][2] == pytest.approx(4.6)  # Of 5, 5, 5, 4 and 4.
    assert outline["r"][1] is None or math.isnan(outline["r"][1])
    assert "the strongest gene of “Cash by phone” is Trust, at 4.6 of 5" in text(app).replace(
        "The strongest", "the strongest"
    )
    assert "llustrative" not in text(app)


def test_a_story_that_nobody_rated_says_so_and_keeps_its_facts(tiny):
    app = visit("story", story="peru-water")

    assert "Nobody has rated the genes of this story yet." in text(app)
    assert "No country is on record for this story yet." in text(app)
    assert "none on record yet" in text(app)
    assert app.get("plotly_chart") == []


def test_the_map_marks_each_country_and_kind_with_its_number(tiny):
    app = visit("world_map")

    assert marks(app) == [
        ("PER", "participated", 1),
        ("PER", "adopted", 1),
        ("KEN", "replicated", 1),
    ]


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ({"kind": "adopted"}, [("PER", "adopted", 1)]),
        ({"kind": ["adopted", "replicated"]}, [("PER", "adopted", 1), ("KEN", "replicated", 1)]),
        ({"year": "2019"}, [("PER", "adopted", 1)]),
        ({"year": "2021"}, [("PER", "adopted", 1), ("KEN", "replicated", 1)]),
        ({"year": "2021", "when": "in"}, [("KEN", "replicated", 1)]),
        ({"story": "peru-water"}, []),
        ({"topic": "norms", "kind": "participated"}, [("PER", "participated", 1)]),
        ({"kind": "adopted", "year": "2021", "when": "in"}, []),
    ],
)
def test_filters_in_the_address_leave_what_fits(tiny, query, left):
    assert marks(visit("world_map", **query)) == left


def test_records_without_a_year_are_counted_beside_a_year(tiny):
    assert "1 more record has no year and is left out." in text(visit("world_map", year="2021"))
    assert "1 of the records has no year." in text(visit("world_map"))


def test_a_filter_changed_on_the_page_is_written_into_the_address_and_taken_out_again(tiny):
    app = visit("world_map")

    app.button_group(key="address kind").set_value(["replicated"]).run()
    assert app.query_params["kind"] in ("replicated", ["replicated"])
    assert marks(app) == [("KEN", "replicated", 1)]

    app.button_group(key="address kind").set_value([]).run()
    assert "kind" not in app.query_params
    assert len(marks(app)) == 3


def test_an_address_that_changes_without_a_widget_is_followed(tiny):
    app = visit("world_map", kind="replicated")

    app.query_params["kind"] = "adopted"  # As Back does.
    app.run()

    assert marks(app) == [("PER", "adopted", 1)]


def test_a_widget_that_changes_under_an_old_address_is_believed(tiny):
    app = visit("world_map", kind="replicated")
    app.button_group(key="address kind").set_value(["adopted"]).run()

    app.query_params["kind"] = "replicated"  # A click sent before the new address had arrived.
    app.selectbox(key="address country").set_value("PER").run()

    assert marks(app) == [("PER", "adopted", 1)]
    assert app.query_params["kind"] in ("adopted", ["adopted"])


def test_a_country_chosen_in_the_list_has_its_ring_at_once(tiny):
    app = visit("world_map")

    app.selectbox(key="address country").set_value("PER").run()

    names = [trace.get("name") for trace in figure(app, "chart world")["data"]]
    assert "Chosen: Peru" in names


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_over_the_tiny_data(tiny, page):
    app = visit(page)

    assert len(app.title) == 1
    assert not app.error


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_every_page_opens_over_the_shipped_data_in_every_language(page, language):
    app = visit(page, lang=language)

    assert len(app.title) == 1
    assert not app.error
    assert not app.warning


@pytest.mark.heavy
def test_every_shipped_story_can_be_opened():
    stories = pd.read_parquet(settings.ROOT / "data" / "stories.parquet")
    app = visit("story", story=stories["story_id"].iloc[0])

    for row in stories.itertuples():
        app.query_params["story"] = row.story_id
        app.run()
        assert not app.exception, row.story_id
        assert not app.error, row.story_id
        assert app.title[0].value.replace("\\", "").replace("\u200b", "") == row.title


@pytest.mark.parametrize(
    ("page", "query", "sentence"),
    [
        ("story", {"story": "kenya-csh"}, "Did you mean Cash by phone (kenya-cash)?"),
        ("story", {"story": "Cash by fone"}, "Did you mean Cash by phone (kenya-cash)?"),
        ("world_map", {"country": "PRE"}, "Did you mean Peru (PER)?"),
        ("world_map", {"kind": "adoptd"}, "Did you mean Adopted (adopted)?"),
        ("world_map", {"release": "5"}, "There is no release “5”."),
        ("world_map", {"lang": "fra"}, "There is no language “fra” here."),
    ],
)
def test_what_there_is_not_gets_near_misses(tiny, page, query, sentence):
    app = visit(page, **query)

    (warning,) = app.warning
    assert sentence in warning.value.replace("\\", "")


def test_made_up_ratings_are_named_and_can_be_removed_everywhere(tiny, monkeypatch):
    made_up = ratings("illustrative", 5, 4, 4, 4, 3).assign(provenance="illustrative")
    (tiny / "rating_counts.parquet").write_bytes(
        parquet.to_bytes(rating_counts(made_up), "rating_counts")
    )
    (tiny / "rating_pairs.parquet").write_bytes(
        parquet.to_bytes(rating_pairs(made_up), "rating_pairs")
    )
    put(tiny, "occasions", {"occasion_id": "illustrative", "title": "Made-up example ratings"})

    shown = visit("story", story="kenya-cash")
    assert "In made-up example ratings, the strongest gene" in text(shown)
    assert "Illustrative ratings" in json.dumps(figure(shown, "dna-radar"))

    monkeypatch.setenv("GCS_ILLUSTRATIVE", "0")
    st.cache_resource.clear()
    st.cache_data.clear()
    for page in PAGES:
        assert "llustrative" not in text(visit(page, story="kenya-cash"))
    assert "Nobody has rated the genes of this story yet." in text(
        visit("story", story="kenya-cash")
    )


@pytest.mark.parametrize("name", ["stories", "replications", "rating_counts", "countries"])
def test_a_damaged_dataset_is_a_sentence_and_never_a_traceback(tiny, name):
    (tiny / f"{name}.parquet").write_bytes(b"PAR1 not a table PAR1")

    for page in PAGES:
        app = visit(page)
        for error in app.error:
            assert error.value.replace("\\", "").startswith(("Release 0 cannot", "No release can"))


def test_text_from_data_is_shown_letter_for_letter(tiny):
    title = "![x](https://t.example) <b>$x$ :material/home: [a](b)"
    put(tiny, "stories", known() | {"title": title, "summary": title}, story("peru-water", "B"))

    app = visit("story", story="kenya-cash")

    plain = app.title[0].value.replace("\\", "").replace("\u200b", "")
    assert plain == title
    assert "<b>$x$" not in "".join(each.proto.body for each in app.get("html"))


def layer(iso3, value, **rest):
    row = {"layer_id": "online", "country_iso3": iso3, "year": 2023, "value": value}
    return row | {"unit": "% of people", "label": "People <online>", "source_url": PAGE} | rest


def fills(app):
    return {
        trace["name"]: trace["locations"]
        for trace in figure(app, "chart world")["data"]
        if trace["type"] == "choropleth"
    }


def test_figures_lie_under_the_map_where_the_address_asks_for_them(tiny):
    put(tiny, "layers", layer("KEN", 35.0), layer("PER", 71.0))

    app = visit("world_map", layer="online")

    assert app.selectbox(key="address layer").value == "online"
    assert fills(app) == {"class 0": ["KEN"], "class 4": ["PER"], "no figure": []}
    assert "from 35 (Kenya) to 71 (Peru)" in text(app)
    assert fills(visit("world_map")).keys() == {"on record", "no record"}


def test_a_layer_that_there_is_not_gets_a_sentence_and_the_map_as_it_is(tiny):
    put(tiny, "layers", layer("KEN", 35.0))

    app = visit("world_map", layer="onlin")

    assert "There is no layer called “onlin”. Did you mean" in text(app)
    assert fills(app).keys() == {"on record", "no record"}


def test_without_any_layer_there_is_nothing_to_choose(tiny):
    app = visit("world_map", layer="online")

    assert "address layer" not in {each.key for each in app.selectbox}
    assert "There is no layer called “online”." in text(app)


def test_figures_for_a_country_that_is_not_on_our_list_are_named_and_not_drawn(tiny):
    put(tiny, "layers", layer("KEN", 35.0), layer("XKX", 50.0))

    app = visit("world_map", layer="online")

    assert fills(app) == {"class 2": ["KEN"], "no figure": ["PER"]}
    notes = [each["text"] for each in figure(app, "chart world")["layout"]["annotations"]]
    assert any("not drawn: XKX." in note.replace("<br>", " ") for note in notes)


@pytest.mark.parametrize("shape", ["tiles", "list"])
def test_tiles_and_list_say_the_figures_as_well(tiny, shape):
    put(tiny, "layers", layer("KEN", 35.0))

    app = visit("world_map", layer="online", view=shape)

    shown = text(app) if shape == "tiles" else app.dataframe[0].value.to_csv()
    assert ("People &lt;online&gt;: 35 % of people" if shape == "tiles" else "35.0") in shown
