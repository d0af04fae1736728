"""Embedding, printing and reporting as the pages offer them, without a browser."""

from urllib.parse import parse_qs, urlsplit

import pytest
import streamlit as st
from test_pages import figure, put, record, text, visit
from tiny_data import PAGE, country, gene, ship, story

from ui import embed, parts
from words import words


@pytest.fixture(autouse=True)
def shipped(tmp_path, monkeypatch):
    """Two stories; five people rated one gene of the first, which two countries took up."""
    folder = ship(tmp_path / "data")
    put(
        folder,
        "countries",
        country("KEN", "Kenya") | {"lat": 0.5, "lon": 38.0, "region": "africa"},
        country("PER", "Peru") | {"lat": -9.0, "lon": -75.0, "region": "americas"},
    )
    put(folder, "genes", gene("trust", 1) | {"name": "Trust", "letter": "T"})
    put(folder, "replications", record("PER", "adopted", 2019), record("KEN", "replicated", 2021))
    monkeypatch.setenv("GCS_DATA", str(folder))
    monkeypatch.setenv("GCS_STORE", str(tmp_path / "store"))
    for name in ("GCS_REPORT_URL", "GCS_FRAME_ANCESTORS"):
        monkeypatch.delenv(name, raising=False)
    st.cache_resource.clear()
    yield folder
    st.cache_resource.clear()


@pytest.fixture
def framed(monkeypatch):
    monkeypatch.setattr(embed, "wanted", lambda: True)


def link_buttons(app):
    return {each.proto.label: each.proto.url for each in app.get("link_button")}


def test_an_embedded_story_is_its_title_radar_sentence_source_and_the_way_out(framed):
    app = visit("story", story="kenya-cash", lang="en")

    assert [each.value for each in app.header] == ["Cash by phone"]
    assert len(app.get("plotly_chart")) == 1
    assert figure(app, "dna-radar")["data"][0]["r"][0] == pytest.approx(4.6)  # 5, 5, 5, 4 and 4.
    assert "Workshop ratings: Nairobi, 5 raters." in str(figure(app, "dna-radar")["layout"])
    assert "The strongest gene of “Cash by phone” is Trust, at 4.6 of 5" in text(app)
    assert f"Source: [example.org](<{PAGE}>)" in text(app)
    assert link_buttons(app) == {
        "See this in Good Cyber Stories": "./story?story=kenya-cash&lang=en"
    }
    assert (len(app.selectbox), len(app.get("page_link")), len(app.get("popover"))) == (0, 0, 0)


def test_an_embedded_story_that_nobody_rated_shows_what_was_published(framed, shipped):
    published = {"story_id": "peru-water", "gene_id": "trust", "dominant": True, "source_url": PAGE}
    put(shipped, "published_dna", published)

    app = visit("story", story="peru-water")

    assert "Nobody has rated the genes of this story yet." in text(app)
    assert "gcs-sequence" in text(app)
    assert app.get("plotly_chart") == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({}, "This address names no story."),
        ({"story": "kenya-csh"}, "Did you mean Cash by phone (kenya-cash)?"),
    ],
)
def test_an_embedded_story_that_there_is_not_says_so_and_leads_to_all(framed, query, said):
    app = visit("story", **query)

    assert said in text(app)
    assert list(link_buttons(app).values()) == ["./stories"]


def test_an_embedded_map_has_the_selection_of_its_address(framed):
    app = visit("world_map", kind="adopted", year="2020")

    (drawn,) = app.get("plotly_chart")
    assert '"PER"' in drawn.proto.spec
    assert '["KEN","replicated"' not in drawn.proto.spec.replace(" ", "")
    assert "1 country or territory is on record (Adopted: 1 country)." in text(app)
    assert "Source: [example.org]" in text(app)
    assert list(link_buttons(app).values()) == ["./map?kind=adopted&year=2020"]
    assert (len(app.selectbox), len(app.get("popover"))) == (0, 0)


def test_an_embedded_map_says_what_its_address_names_and_there_is_not(framed):
    app = visit("world_map", kind="adoptd", country="PRE")

    assert "Did you mean Adopted (adopted)?" in text(app)
    assert "Did you mean Peru (PER)?" in text(app)
    assert len(app.get("plotly_chart")) == 1


def test_the_lines_to_copy_are_one_frame_with_nothing_that_a_title_could_break(monkeypatch):
    address = 'https://a.org/story?story=x"><script>'
    monkeypatch.setattr(parts, "full_address", lambda **more: f"{address}&lang={more['lang']}")

    lines = embed.snippet("story", '"><script>alert(1)</script>', words("fr"))

    assert lines == (
        '<iframe src="https://a.org/story?story=x&quot;&gt;&lt;script&gt;&amp;lang=fr" '
        'title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" '
        'width="100%" height="900" style="border:0" loading="lazy"></iframe>'
    )


def test_the_print_link_keeps_language_release_and_the_genes_chosen_just_now():
    app = visit("story", story="kenya-cash", release="0", lang="fr")
    assert "./print?story=kenya-cash&release=0&lang=fr" in link_buttons(app).values()

    app.button_group(key="address genes").set_value("all").run()

    (printed,) = [url for url in link_buttons(app).values() if url.startswith("./print")]
    assert parse_qs(urlsplit(printed).query) == {
        "story": ["kenya-cash"],
        "release": ["0"],
        "lang": ["fr"],
        "genes": ["all"],
    }


def test_a_mistake_can_be_reported_only_where_an_address_is_set(shipped, monkeypatch):
    name = "B&Q “{page}” <b>"
    put(shipped, "partners", {"story_id": "kenya-cash", "partner": name, "source_url": PAGE})
    assert "Report a mistake" not in text(visit("story", story="kenya-cash"))

    monkeypatch.setenv("GCS_REPORT_URL", "mailto:a@b.org?subject={record}&body={release}%20{page}")
    said = text(visit("story", story="kenya-cash"))

    for encoded in (
        "stories%2Fkenya-cash",
        "replications%2Fkenya-cash%2FPER%2Fadopted",
        "replications%2Fkenya-cash%2FKEN%2Freplicated",
        "partners%2Fkenya-cash%2FB%26Q%20%E2%80%9C%7Bpage%7D%E2%80%9D%20%3Cb%3E",
    ):
        link = f'href="mailto:a@b.org?subject={encoded}&amp;body=0%20'
        assert said.count(link) == 1, encoded


def test_the_list_of_records_has_the_address_beside_each(monkeypatch):
    monkeypatch.setenv("GCS_REPORT_URL", "https://a.org/?r={record}")

    app = visit("world_map", view="list")

    assert list(app.dataframe[0].value["report"]) == [
        "https://a.org/?r=replications%2Fkenya-cash%2FPER%2Fadopted",
        "https://a.org/?r=replications%2Fkenya-cash%2FKEN%2Freplicated",
    ]


def test_records_of_a_country_can_be_reported_as_well(monkeypatch):
    monkeypatch.setenv("GCS_REPORT_URL", "https://a.org/?r={record}")

    said = text(visit("world_map", country="PER"))

    assert "https://a.org/?r=replications%2Fkenya-cash%2FPER%2Fadopted" in said


def test_story_titles_are_not_repeated_unescaped_inside_a_frame(framed, shipped):
    put(shipped, "stories", story("kenya-cash", "![x](https://t.example/x.png) $x$"))

    app = visit("story", story="kenya-cash")

    assert app.header[0].value.replace("\\", "").replace("\u200b", "") == (
        "![x](https://t.example/x.png) $x$"
    )
    assert "![x](" not in app.header[0].value
