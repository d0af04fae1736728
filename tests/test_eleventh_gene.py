"""An eleventh gene, without a letter and with a long French name: one more row, and nothing else.

The facts are copied with that row, built as anybody builds them, and then every page, chart, export
and template must know it.
"""

import csv
import html
import io
import json
import re
import shutil

import pytest
import streamlit as st
from google.protobuf.json_format import MessageToJson
from openpyxl import load_workbook
from pptx import Presentation
from pypdf import PdfReader
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest
from workshop_rooms import cast

import gcs_data
import labels
import settings
from exports.handout import handout
from exports.slides import presentation
from exports.templates import template
from gcs_data.__main__ import main
from server import api, printed
from server.session import Person
from ui import access
from words import words
from workshop import pages, rooms, screen_results, screen_story, site, tally, votes
from workshop.ballots import Ballot
from workshop.keep import Occasion
from workshop.result import room_result
from workshop.subject import subject

NAME = "Coopération interinstitutionnelle et transfrontalière"
ROW = f"cooperation,{NAME},,,Des institutions de plusieurs pays y travaillent.,,11,true,https://a.org/b"
STORY = "glacy"
T = words("fr")


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    """The shipped facts with one row more, built."""
    folder = tmp_path_factory.mktemp("clone") / "data"
    shutil.copytree(settings.ROOT / "data" / "source", folder / "source")
    shutil.copytree(settings.ROOT / "data" / "facts", folder / "facts")
    with (folder / "source" / "genes.csv").open("a", encoding="utf-8") as file:
        file.write(f"{ROW}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GCS_DATA", str(folder))
        assert main(["build"]) == 0
    return folder


@pytest.fixture(autouse=True)
def served(facts, tmp_path, monkeypatch, secrets_folder):
    monkeypatch.setenv("GCS_DATA", str(facts))
    monkeypatch.setenv("GCS_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("GCS_VOTES_URL", str(tmp_path / "votes.sqlite3"))
    monkeypatch.setattr(access, "who", lambda: Person("Ana", frozenset({"facilitator", "staff"})))
    forget()
    yield gcs_data.Store(settings.store(), settings.data_folder())
    votes.here().close()
    forget()


def forget():
    st.cache_resource.clear()
    st.cache_data.clear()
    site.here.cache_clear()
    votes._at.cache_clear()


def plain(text):
    """A text without its markup, its escapes and its line breaks."""
    text = re.sub(r"\\+u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    text = re.sub(r"<br>|\\n|\u00ad|\u200b", " ", html.unescape(text)).replace("\\", "")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text))


def drawn(page, **query):
    """Each element of a page by its kind: everything that the browser is sent for it."""
    app = AppTest.from_file(str(settings.ROOT / "ui" / "frame.py"), default_timeout=180)
    app.query_params.update({"lang": "fr", **query})
    app.switch_page(str(settings.ROOT / "pages" / f"{page}.py")).run()
    assert not app.exception
    sent = {}
    for element in walk(app.main):
        if (proto := getattr(element, "proto", None)) is not None:
            content = MessageToJson(proto, ensure_ascii=False)
            sent.setdefault(element.type, []).append(plain(content))
    return sent


def walk(block):
    for child in block.children.values():
        yield child
        if hasattr(child, "children"):
            yield from walk(child)


@pytest.mark.parametrize(
    ("page", "query", "kinds"),
    [
        ("story", {"story": STORY}, {"plotly_chart"}),
        ("compare", {"story": [STORY, "women-in-cyber-fellowship"]}, {"plotly_chart"}),
        ("genome", {}, {"html", "selectbox"}),
        ("genome", {"view": "agreement"}, {"plotly_chart"}),
        ("plan", {}, {"button_group"}),
        ("plan", {"has-cooperation": "3", "weight-cooperation": "2"}, {"html", "plotly_chart"}),
        ("methods", {}, {"html"}),
    ],
)
def test_every_page_about_genes_shows_it(page, query, kinds):
    sent = drawn(page, **query)

    for kind in kinds:
        assert any(NAME in content for content in sent[kind]), (kind, list(sent))


def test_every_radar_and_every_row_of_dots_on_a_story_has_it(served):
    charts = drawn("story", story=STORY)["plotly_chart"]
    other = labels.genes(gcs_data.load(served, "genes"), T)["local_ownership"]

    about_genes = [each for each in charts if other in each]
    assert len(about_genes) >= 2
    assert all(NAME in each for each in about_genes)


def test_the_desk_offers_it_for_a_new_room():
    desk = AppTest.from_file(str(settings.ROOT / "ui" / "frame.py"), default_timeout=180)
    desk.query_params.update({"lang": "fr", "story": STORY})
    desk.switch_page(str(settings.ROOT / "pages" / "present.py")).run()
    desk.segmented_control(key="new genes").set_value("chosen").run()

    assert NAME in desk.multiselect(key="new chosen genes").options


def test_the_print_page_and_the_programs_have_it(ask):
    app = Starlette(routes=[api.mounted(), printed.route()])

    assert NAME in plain(ask(app, f"/print?story={STORY}&lang=fr").body.decode())
    assert NAME in ask(app, "/api/v1/datasets/genes.csv").body.decode("utf-8-sig")
    dna = ask(app, f"/api/v1/charts/dna?story={STORY}").body.decode()
    assert '"cooperation"' in dna


def test_the_template_for_ratings_offers_it(served):
    published = {name: gcs_data.load(served, name) for name in ("stories", "genes", "occasions")}

    book = load_workbook(io.BytesIO(template(["gene_ratings"], published, t=T)))

    cells = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "cooperation" in cells


def test_a_room_rates_it_sees_it_and_takes_it_home(served):
    place = votes.here()
    about = subject(served, STORY)
    room = rooms.create(place, about, owner="Ana", language="fr")
    room = rooms.open_round(place, room.code)
    choices = "3" * len(about.genes)
    cast(place, *(Ballot(room.run_id, 1, f"{n:032x}", 1, choices) for n in range(6)))
    rooms.close(place, room.code)
    room = rooms.reveal(place, room.code)

    assert NAME in [gene.name for gene in about.genes]
    assert NAME in plain(pages.ballot(room, T))
    known = screen_story.known(room, T)
    shown = screen_results.slides(room, tally.results(place, room, 1), known, T)
    assert sum(NAME in plain(json.dumps(slide)) for slide in shown) >= 2
    occasion = Occasion("Atelier de Dakar", "2026-11-22", "Dakar", "SEN")
    result = room_result(place, room, served, occasion, place="Dakar", t=T)
    slides = Presentation(io.BytesIO(presentation(result, t=T)))
    texts = [
        shape.text_frame.text
        for page in slides.slides
        for shape in page.shapes
        if shape.has_text_frame
    ]
    categories = [
        str(category)
        for page in slides.slides
        for shape in page.shapes
        if shape.has_chart
        for category in shape.chart.plots[0].categories
    ]
    assert NAME in categories or any(NAME in text for text in texts)
    pdf = PdfReader(io.BytesIO(handout(result, t=T)))
    assert NAME in plain(" ".join(page.extract_text() for page in pdf.pages))


def test_the_row_is_one_row(facts):
    with (facts / "source" / "genes.csv").open(encoding="utf-8", newline="") as file:
        *_, last = csv.DictReader(file)

    assert (last["gene_id"], last["name"], last["letter"]) == ("cooperation", NAME, "")
