"""The first picture of each page: what it says, in which language, how small, and what it stops."""

import gzip
import logging
import re
import threading
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
import streamlit
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from tiny_data import PAGE, country, frame, gene, ratings, ship, story

import gcs_data
import settings
from figures.svg_text import plain
from gcs_data import parquet
from gcs_data.derive import rating_counts, rating_pairs
from gcs_data.store import Store
from server import preview, preview_page
from server.headers import inline_script_hashes

INDEX = Path(streamlit.__file__).parent / "static" / "index.html"
ME = {"who": "Amina", "why": "a test"}
MOST = 40_000  # Bytes of a first picture over the wire, with gzip.
SENTENCE = "The strongest gene of “Cash by phone” is Trust, at 4.6 of 5"
VOID = {"meta", "link", "br", "img", "input"}


async def untouched(_request):
    return PlainTextResponse("Streamlit's page as it is")


APP = Starlette(
    routes=[Route("/{rest:path}", untouched)],
    middleware=[Middleware(preview.FirstPictures, index=INDEX)],
)


class Read(HTMLParser):
    """The text of each element, what its head says, where it leads, and every tag."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.links, self.handlers, self.said, self.alts = [], [], [], {}, []
        self.language, self._open, self.texts = "", [], {}
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        self.tags.append(tag)
        self.handlers += [name for name in named if name.startswith("on")]
        if tag == "html":
            self.language = named["lang"]
        if tag == "meta" and "content" in named:
            self.said[named.get("name") or named.get("property")] = named["content"]
        if tag == "link" and named["rel"] in ("canonical", "alternate"):
            self.said[named.get("hreflang") or named["rel"]] = named["href"]
        if tag == "a":
            self.links.append(named["href"])
        if tag == "svg" and named.get("role") == "img":
            self.alts.append(named["aria-label"])
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, text):
        # A picture has titles of its own, for whoever points at its parts.
        inside = {
            f"svg {tag}" if tag == "title" and "svg" in self._open else tag for tag in self._open
        }
        for tag in {*inside, "all"}:
            self.texts[tag] = self.texts.get(tag, "") + f" {text}"

    def text(self, tag="all"):
        return " ".join(self.texts.get(tag, "").split())


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Two stories; five people rated one gene of the first, which two countries took up."""
    shipped = ship(tmp_path / "data")
    put(
        shipped,
        "countries",
        country("KEN", "Kenya") | {"lat": 0.5, "lon": 38.0, "region": "africa"},
        country("PER", "Peru") | {"lat": -9.0, "lon": -75.0, "region": "americas"},
    )
    put(
        shipped,
        "genes",
        gene("trust", 1) | {"name": "Trust", "letter": "T"},
        gene("funding", 2) | {"name": "Funding", "letter": "F", "in_default_dna": False},
    )
    put(shipped, "replications", record("PER", "adopted", 2019), record("KEN", "replicated"))
    monkeypatch.setenv("GCS_DATA", str(shipped))
    monkeypatch.setenv("GCS_STORE", str(tmp_path / "store"))
    for name in ("GCS_ILLUSTRATIVE", "GCS_REPORT_URL", "GCS_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(preview, "SECONDS", 60)  # A busy machine is no failure.
    return shipped


def put(folder, name, *rows):
    (folder / f"{name}.parquet").write_bytes(parquet.to_bytes(frame(name, *rows), name))


def record(iso3, kind, year=None):
    row = {"story_id": "kenya-cash", "country_iso3": iso3, "kind": kind, "source_url": PAGE}
    return row | ({"year": year} if year else {})


@pytest.fixture
def opened(ask):
    """`opened("/story?story=kenya-cash")`: the page that this address gives, read."""

    def open_page(address, **headers):
        answer = ask(APP, address, **headers)
        assert answer.status == 200, answer.text
        return Read(answer.text)

    return open_page


# Streamlit's page


def test_streamlits_installed_page_has_every_place_that_is_filled():
    assert preview_page.missing(INDEX.read_text()) == []


def test_a_page_without_those_places_is_sent_as_it_is(place, tmp_path, ask, caplog):
    (tmp_path / "index.html").write_text("<p>Another Streamlit")
    other = Starlette(middleware=[Middleware(preview.FirstPictures, index=tmp_path / "index.html")])

    assert ask(other, "/story?story=kenya-cash").text == "<p>Another Streamlit"
    assert "no first picture there" in caplog.text


@pytest.mark.parametrize("address", ["/", "/story?story=kenya-cash", "/map", "/manage"])
def test_everything_that_streamlit_needs_is_still_there(place, ask, address):
    before, after = INDEX.read_text(), ask(APP, address).text

    assert inline_script_hashes(after) == inline_script_hashes(before)
    assert after.count('<div id="root"></div>') == 1
    for loaded in re.findall(r'<(?:script|link)\b[^>]*"\./static/[^>]*>', before):
        assert after.count(loaded) == 1


def test_no_script_is_written_into_the_page(place, ask):
    scripts = re.findall(r"<script\b(?![^>]*\bsrc=)", ask(APP, "/story?story=kenya-cash").text)

    assert len(scripts) == len(inline_script_hashes(INDEX.read_text()))


# Language and title


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        ("", "", "en"),
        ("?lang=fr", "", "fr"),
        ("?lang=fr", "es", "fr"),
        ("", "es-MX,en;q=0.8", "es"),
        ("", "de-DE,fr;q=0.9", "en"),  # As the page, which is told the first one only.
        ("?lang=de", "fr", "fr"),
        ("?lang=", "fr-CH", "fr"),
        ("?lang=%FF%00", "", "en"),
    ],
)
def test_the_language_is_that_of_the_page(place, opened, query, accepted, language):
    page = opened(f"/story{query}", accept_language=accepted)

    assert page.language == language


@pytest.mark.parametrize("page", preview_page.names(preview.words()))
def test_every_page_has_its_language_its_title_and_a_sentence(place, opened, page):
    shown = opened(f"/{page}?lang=es")

    assert shown.language == "es"
    assert (
        shown.text("title")
        == f"{preview_page.names(preview.words('es'))[page]} · Good Cyber Stories"
    )
    assert len(shown.said["description"]) > 20
    assert "manage" not in " ".join(shown.links)  # Not in a visitor's menu.


def test_a_language_that_there_is_not_is_said(place, opened):
    assert "There is no language “de” here." in opened("/map?lang=de").text("main")


# What the pages show


def test_a_story_has_its_title_its_sentence_and_its_chart(place, opened):
    page = opened("/story?story=kenya-cash")

    assert page.text("title") == "Cash by phone · Good Cyber Stories"
    assert page.text("h1") == "Cash by phone"
    assert SENTENCE in page.text("figure")
    assert sum(alt.startswith(SENTENCE) for alt in page.alts) == 2  # For a desk and for a phone.
    assert "Where “Cash by phone” is on record" in page.text("figure")
    for fact in ("It works.", "Led by A ministry.", "Peru , 2019", "example.org"):
        assert fact in page.text("main")
    assert page.said["og:title"] == "Cash by phone"
    assert page.said["og:description"] == page.said["description"] == "It works."
    assert page.said["og:type"] == "article"
    assert page.said["og:locale"] == "en_GB"
    assert page.said["og:site_name"] == "Good Cyber Stories"
    assert page.said["canonical"] == "./story?story=kenya-cash"
    assert "og:url" not in page.said


def test_a_story_without_ratings_says_so_and_has_no_radar(place, opened):
    page = opened("/story?story=peru-water")

    assert "Nobody has rated the genes of this story yet." in page.text("main")
    assert page.alts == []


def test_all_genes_are_drawn_where_the_address_asks_for_them(place, opened):
    assert "Funding" not in opened("/story?story=kenya-cash").text("svg")
    assert "Funding" in opened("/story?story=kenya-cash&genes=all").text("svg")


def test_made_up_ratings_say_so_in_the_picture_and_in_the_sentence(place, opened):
    rows = ratings("illustrative", 5, 5, 5, 4, 4).assign(provenance="illustrative")
    for name, derived in (("rating_counts", rating_counts), ("rating_pairs", rating_pairs)):
        (place / f"{name}.parquet").write_bytes(parquet.to_bytes(derived(rows), name))

    page = opened("/story?story=kenya-cash")

    assert "Illustrative ratings" in page.text("svg")
    assert page.alts[0].startswith("In made-up example ratings, the strongest gene")


def test_a_comparison_draws_its_stories_and_says_which_are_not_rated(place, opened):
    page = opened("/compare?story=kenya-cash&story=peru-water")

    assert page.text("title") == "Compare: Cash by phone and Water in Peru · Good Cyber Stories"
    assert "Nobody has rated the genes of “Water in Peru” yet." in page.text("main")
    assert page.alts[0].startswith(SENTENCE)
    assert "./story?story=peru-water" in page.links


def test_a_comparison_of_one_story_asks_for_another(place, opened):
    page = opened("/compare?story=kenya-cash")

    assert "Choose one more story to compare it with." in page.text("main")
    assert "./story?story=peru-water" in page.links
    assert page.alts == []


def test_a_country_says_what_is_on_record_there_and_beside_its_region(place, opened):
    page = opened("/country?country=PER")

    assert page.text("h1") == "Peru"
    assert "1 story is on record here." in page.text("main")
    assert "Adopted (1) Cash by phone , 2019" in page.text("details")
    assert page.alts[0].startswith("Peru: adopted 1. All of Americas: adopted 1.")
    assert page.said["description"].startswith("On record in Peru: 1 story is on record here.")


def test_the_map_shows_what_the_address_asks_for(place, opened):
    whole, adopted = opened("/map"), opened("/map?kind=adopted&story=kenya-cash&year=2019")

    assert whole.alts[0].startswith("2 countries and territories are on record")
    assert adopted.alts[0].startswith("1 country or territory is on record (Adopted: 1 country).")
    assert adopted.text("title") == "Where “Cash by phone” is on record · Good Cyber Stories"
    assert opened("/map?view=tiles").alts == []


def test_the_overview_leads_to_the_pages_and_its_first_stories(place, opened):
    page = opened("/?lang=fr")

    assert page.text("h1") == "Good Cyber Stories"
    assert page.alts[0].startswith("2 ")
    for link in ("./stories?lang=fr", "./map?lang=fr", "./story?story=peru-water&lang=fr"):
        assert link in page.links


def test_the_list_of_stories_is_there_without_a_script(place, opened):
    page = opened("/stories")

    assert page.text("noscript").count("Cash by phone") == 1
    assert "./story?story=kenya-cash" in page.links


def test_a_public_address_is_named_in_every_language(place, opened, monkeypatch):
    monkeypatch.setenv("GCS_PUBLIC_URL", "https://gcs.example.org")

    page = opened("/compare?story=peru-water&story=kenya-cash&lang=fr&utm=x")

    both = "https://gcs.example.org/compare?story=peru-water&story=kenya-cash&lang="
    assert page.said["og:url"] == page.said["canonical"] == f"{both}fr"
    assert [page.said[code] for code in ("en", "fr", "es")] == [
        f"{both}{c}" for c in ("en", "fr", "es")
    ]


# What there is not


def test_an_unknown_story_is_named_with_what_looks_like_it(place, opened):
    page = opened("/story?story=kenya-cahs")

    said = "There is no story called “kenya-cahs”. Did you mean Cash by phone (kenya-cash)?"
    assert said in page.text("main")
    assert page.text("h1") == "Story"
    assert "./story?story=kenya-cash" in page.links


def test_an_old_release_is_shown_as_it_was_and_an_unknown_one_is_said(place, opened, tmp_path):
    renamed = frame("stories", story("kenya-cash", "Cash by radio"))
    gcs_data.publish(
        Store(str(tmp_path / "store"), shipped=place), {"stories": renamed}, base=0, **ME
    )

    today, past = opened("/story?story=kenya-cash"), opened("/story?story=kenya-cash&release=0")

    assert today.text("h1") == "Cash by radio"
    assert past.text("h1") == "Cash by phone"
    assert "You are looking at the past: release 0. The newest is release 1." in past.text()
    assert "You are looking at the past" not in today.text()
    assert "./country?country=PER&release=0" in past.links
    unknown = opened("/story?story=kenya-cash&release=7")
    assert "There is no release “7”. This is the newest, release 1." in unknown.text("main")
    assert not [link for link in unknown.links if "release" in link]


@pytest.mark.parametrize("address", ["/country?country=PER", "/story?story=kenya-cash"])
def test_a_release_that_cannot_be_opened_leaves_the_page_its_language(
    place, opened, caplog, address
):
    (place / "stories.parquet").write_bytes(b"cut short")

    with caplog.at_level(logging.WARNING):
        page = opened(f"{address}&lang=fr")

    assert (page.language, page.alts, page.text("main")) == ("fr", [], "")
    assert "No first picture: Release 0 cannot be opened" in caplog.text


def test_a_page_in_a_frame_has_no_first_picture(place, opened):
    page = opened("/story?story=kenya-cash&embed=true")

    assert (page.text("main"), page.alts) == ("", [])
    assert page.text("title") == "Story · Good Cyber Stories"


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</noscript></style><svg onload=alert(1)>",
    "\u202egnp.exe \u2066x",
    "a\x00b\x1b[31m\nc",
    r"\1 \g<0> {t}",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_from_data_and_from_an_address_stays_text(place, opened, text):
    rows = {**story("kenya-cash", text), "summary": text, "lead_organisation": text}
    put(place, "stories", rows, story("peru-water", "Water in Peru"))

    clean, page = opened("/story?story=peru-water"), opened("/story?story=kenya-cash")
    unknown = opened("/story?" + "story=" + "".join(f"%{byte:02x}" for byte in text.encode()))

    assert page.text("h1") == " ".join(plain(text).split())
    assert page.said["og:title"] == plain(text)
    assert plain(text) in unknown.text("main")
    for shown in (page, unknown):
        assert shown.handlers == []
        assert "img" not in shown.tags
        assert shown.tags.count("script") == clean.tags.count("script")


# How it is sent


def test_a_browser_that_has_the_page_already_is_told_so(place, ask):
    first = ask(APP, "/map", accept_encoding="gzip, br")

    assert first.headers["content-encoding"] == "br"
    assert first.headers["cache-control"] == "no-cache"
    assert first.headers["vary"] == "Accept-Encoding, Accept-Language"
    assert first.headers["content-type"] == "text/html; charset=utf-8"
    tag = first.headers["etag"]
    again = ask(APP, "/map", accept_encoding="gzip, br", if_none_match=tag)
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert ask(APP, "/map", accept_encoding="gzip", if_none_match=tag).status == 200
    assert ask(APP, "/map?lang=fr", accept_encoding="br", if_none_match=tag).status == 200


def test_every_encoding_holds_the_same_page(place, ask):
    zipped = ask(APP, "/map", accept_encoding="gzip")
    plain_page = ask(APP, "/map")

    assert "content-encoding" not in plain_page.headers
    assert gzip.decompress(zipped.body) == plain_page.body


def test_a_head_request_is_answered_like_the_page(place, ask):
    page, head = ask(APP, "/map"), ask(APP, "/map", method="HEAD")

    assert (head.status, head.headers) == (200, page.headers)


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/map"), ("GET", "/map/"), ("GET", "/none"), ("GET", "/healthz")]
)
def test_what_is_no_page_passes(place, ask, method, path):
    passed = ask(APP, path, method=method)

    assert b"first-picture" not in passed.body


def test_a_page_is_drawn_once_and_not_for_every_thing_that_can_be_written(place, ask, monkeypatch):
    drawn = []
    real = preview.PICTURES["map"]
    watched = {**preview.PICTURES, "map": lambda view, t: drawn.append(view) or real(view, t)}
    monkeypatch.setattr(preview, "PICTURES", watched)
    preview.packed.cache_clear()

    for number in range(5):
        assert ask(APP, f"/map?utm={number}&when=x{number}").status == 200
        assert ask(APP, f"/map?utm={number}&kind=adopted&lang=en&release=000").status == 200

    assert len(set(drawn)) == 2
    assert preview.packed.cache_info().currsize == 1  # With `when=x…` there is a sentence to say.
    assert preview.packed.cache_info().maxsize == 256


def test_drawing_does_not_hold_up_the_server(place, ask, monkeypatch):
    threads = []
    watched = {"map": lambda view, t: threads.append(threading.current_thread()) or 1 / 0}
    monkeypatch.setattr(preview, "PICTURES", watched)
    preview.packed.cache_clear()

    ask(APP, "/map")

    assert threads[0] is not threading.main_thread()


def test_a_failure_is_logged_and_the_page_comes_as_it_is(place, ask, monkeypatch, caplog):
    monkeypatch.setattr(preview, "PICTURES", {"map": lambda view, t: 1 / 0})
    preview.packed.cache_clear()

    answer = ask(APP, "/map")

    assert (answer.status, answer.text) == (200, "Streamlit's page as it is")
    assert "ZeroDivisionError" in caplog.text


def test_a_picture_that_takes_too_long_is_not_waited_for(place, ask, monkeypatch, caplog):
    done = threading.Event()
    slow = {"map": lambda view, t: done.wait(120) and 1 / 0}
    monkeypatch.setattr(preview, "PICTURES", slow)
    monkeypatch.setattr(preview, "SECONDS", 0.05)
    preview.packed.cache_clear()

    began = time.monotonic()
    answer = ask(APP, "/map")
    waited = time.monotonic() - began
    done.set()

    assert answer.text == "Streamlit's page as it is"
    assert waited < 60
    assert "not ready in time" in caplog.text


# How small it is, with the shipped data


WIDEST = {
    "overview": "/?lang=fr",
    "map": "/map?lang=fr",
    "part of the map": "/map?region=asia&lang=fr",
    "story": "/story?story=counter-ransomware-initiative&genes=all&lang=fr",
    "comparison": "/compare?story=glacy&story=x-road&story=africacert&story=pacson&lang=fr",
    "country": "/country?country=GHA&lang=fr",
    "stories": "/stories?lang=fr",
}


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    monkeypatch.setenv("GCS_STORE", str(tmp_path / "store"))
    for name in ("GCS_DATA", "GCS_ILLUSTRATIVE", "GCS_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(preview, "SECONDS", 60)


@pytest.mark.parametrize("address", WIDEST.values(), ids=WIDEST)
def test_a_first_picture_is_small(shipped, ask, address):
    answer = ask(APP, address, accept_encoding="gzip")

    assert answer.headers["content-encoding"] == "gzip"
    assert b'class="notice"' not in gzip.decompress(answer.body)  # What is measured is there.
    assert len(answer.body) <= MOST


@pytest.mark.heavy
@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_every_storys_first_picture_is_small(shipped, ask, language):
    stories = gcs_data.load(Store("", shipped=settings.data_folder()), "stories", 0)["story_id"]

    sizes = {
        story_id: len(
            ask(APP, f"/story?story={story_id}&lang={language}", accept_encoding="gzip").body
        )
        for story_id in stories
    }

    assert {story_id: size for story_id, size in sizes.items() if size > MOST} == {}
