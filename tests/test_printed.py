"""The print page without a browser: what it says, what it refuses, and that no text comes alive."""

from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.applications import Starlette
from tiny_data import PAGE, country, frame, gene, ratings, ship, story

import gcs_data
from figures.svg_text import plain
from gcs_data import parquet
from gcs_data.derive import rating_counts, rating_pairs
from gcs_data.store import Store
from server import printed
from server.printed_page import MOST_RECORDS

PROJECT = Path(__file__).resolve().parents[1]
APP = Starlette(routes=[printed.route()])
TODAY = ["./print?story=kenya-cash"]
BORDERS = "The boundaries and names shown do not imply official endorsement or acceptance."
ME = {"who": "Amina", "why": "a test"}
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=HYPERLINK(1)&amp;+1-1",
    "![x](https://t.example/x.png) [a](javascript:b) **c** :material/home:",
    r"$\href{https://t.example}{a}$",
    "إنترنت آمن",
    "\u202egnp.exe \u2066x",
    "a\x00b\x1b[31m\nc",
]


class Read(HTMLParser):
    """The text of each element, the addresses it leads to, and every tag."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.addresses, self.handlers = [], [], []
        self._open, self.texts = [], {}
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self._open.append((tag, dict(attributes).get("class", "")))
        for name, value in attributes:
            if name in ("href", "src"):
                self.addresses.append((tag, value))
            if name.startswith("on"):
                self.handlers.append((tag, name))

    def handle_endtag(self, tag):
        if tag not in ("a", "b", "span"):
            self.handle_data(" ")
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, text):
        for tag, kind in {*self._open, ("all", "")}:
            for name in {tag, f"{tag}.{kind}"}:
                self.texts[name] = self.texts.get(name, "") + text

    def said(self, name="all"):
        return " ".join(self.texts[name].split())

    def links(self):
        return [value for tag, value in self.addresses if tag == "a"]


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Two stories; five people rated one gene of the first, which two countries took up."""
    shipped = ship(tmp_path / "data")
    put(
        shipped,
        "countries",
        country("KEN", "Kenya") | {"lat": 0.5, "lon": 38.0},
        country("PER", "Peru") | {"lat": -9.0, "lon": -75.0},
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
    for name in ("GCS_ILLUSTRATIVE", "GCS_REPORT_URL"):
        monkeypatch.delenv(name, raising=False)
    return shipped


def put(folder, name, *rows):
    (folder / f"{name}.parquet").write_bytes(parquet.to_bytes(frame(name, *rows), name))


def record(iso3, kind, year=None):
    row = {"story_id": "kenya-cash", "country_iso3": iso3, "kind": kind, "source_url": PAGE}
    return row | ({"year": year} if year else {})


@pytest.fixture
def opened(ask):
    """`opened("story=kenya-cash")`: the page that this address gives, read."""

    def open_page(query, **headers):
        answer = ask(APP, f"/print?{query}", **headers)
        assert answer.status == 200, answer.text
        return Read(answer.text)

    return open_page


def test_the_first_sheet_says_what_the_story_is_where_it_spread_and_who_says_so(place, opened):
    page = opened("story=kenya-cash")

    first = page.said("div.first")
    assert page.said("h1") == "Cash by phone"
    for said in (
        "Good Cyber Stories, release 0.",
        "Led by A ministry. Listed by Good Cyber Stories.",
        "It works.",
        "The strongest gene of “Cash by phone” is Trust, at 4.6 of 5",  # Of 5, 5, 5, 4 and 4.
        "Workshop ratings: Nairobi, 5 raters.",
        "2 countries and territories are on record (Adopted: 1 country; Replicated: 1 country",
        "No single country leads this story on record, so there are no lines.",
        BORDERS,
        f"Sources of the facts: {PAGE}.",
    ):
        assert said in first


def test_the_rest_lists_facts_countries_guidance_partners_and_numbered_sources(place, opened):
    other = "https://example.org/partner"
    put(
        place,
        "partners",
        {
            "story_id": "kenya-cash",
            "partner": "A bank",
            "partner_type": "private_sector",
            "country_iso3": "PER",
            "source_url": other,
        },
    )

    page = opened("story=kenya-cash")

    assert "Peru, Adopted, 2019 [1] Kenya, Replicated, no year on record [1]" in page.said()
    assert "Guidance none on record yet Lessons learned none on record yet" in page.said()
    assert "A bank, Private sector, Peru [2]" in page.said()
    assert page.said("ol.sources") == f"{PAGE} {other}"


def test_the_citation_names_the_release_the_day_and_a_link_that_reopens_it(place, opened):
    store = Store(str(place.parent / "store"), place)
    rows = frame("stories", story("kenya-cash", "New title"))
    gcs_data.publish(store, {"stories": rows}, base=0, **ME)

    new, old = opened("story=kenya-cash"), opened("story=kenya-cash&release=0&genes=all")

    assert new.said("h1") == "New title"
    assert old.said("h1") == "Cash by phone"
    assert "“Cash by phone”. Good Cyber Stories dashboard, release 0" in old.said("section.cited")
    assert "(accessed " in old.said("section.cited")
    (cited,) = [link for link in old.links() if link.startswith("http://localhost:8501/")]
    assert urlsplit(cited).path == "/story"
    assert parse_qs(urlsplit(cited).query) == {
        "story": ["kenya-cash"],
        "release": ["0"],
        "genes": ["all"],
    }
    assert "./story?story=kenya-cash&release=0&genes=all" in old.links()


def test_nothing_runs_and_nothing_is_fetched_from_elsewhere(place, opened):
    page = opened("story=kenya-cash")

    assert "script" not in page.tags
    assert page.handlers == []
    fetched = {value for tag, value in page.addresses if tag not in ("a",)}
    assert fetched == {"./assets/favicon.svg", "./assets/print.css"}


@pytest.mark.parametrize("text", HOSTILE)
def test_text_from_data_is_shown_letter_for_letter(place, opened, text):
    put(place, "stories", story("kenya-cash", text) | {"summary": text, "lead_organisation": text})
    put(place, "partners", {"story_id": "kenya-cash", "partner": text, "source_url": PAGE})

    page = opened("story=kenya-cash")

    assert page.said("h1") == plain(text)
    assert page.said("li").count(plain(text)) == 1
    assert page.said("p").count(plain(text)) >= 3
    assert {"script", "img"} & set(page.tags) == set()
    assert page.handlers == []
    assert [link for _, link in page.addresses if "javascript" in link] == []


def test_a_title_written_from_the_right_sets_its_own_direction(place, ask):
    put(place, "stories", story("kenya-cash", "إنترنت آمن"))

    assert '<h1 dir="auto">إنترنت آمن</h1>' in ask(APP, "/print?story=kenya-cash").text


@pytest.mark.parametrize("source", ["javascript:alert(1)", "https://[::1", "paper.txt"])
def test_a_source_that_is_no_web_address_is_no_link(place, opened, source):
    replication = record("PER", "adopted", 2019) | {"source_url": source}
    put(place, "replications", replication)

    page = opened("story=kenya-cash")

    assert source in page.said("ol.sources")
    assert source not in page.links()


def test_made_up_ratings_are_named_wherever_they_stand_and_can_be_removed(
    place, opened, monkeypatch
):
    made_up = ratings("illustrative", 5, 4, 4, 4, 3).assign(provenance="illustrative")
    for name, rows in (
        ("rating_counts", rating_counts(made_up)),
        ("rating_pairs", rating_pairs(made_up)),
    ):
        (place / f"{name}.parquet").write_bytes(parquet.to_bytes(rows, name))

    page = opened("story=kenya-cash")
    assert "In made-up example ratings, the strongest gene" in page.said()
    assert "Made-up example ratings, 5 raters; no score" in page.said()
    assert page.said("svg").count("Illustrative ratings") == 2  # The radar and the dots.
    assert page.said().count("Illustrative ratings") == 2

    monkeypatch.setenv("GCS_ILLUSTRATIVE", "0")
    page = opened("story=kenya-cash")
    assert "Nobody has rated the genes of this story yet." in page.said()
    assert "llustrative" not in page.said()
    assert "ade-up" not in page.said()


def test_ratings_of_people_never_stand_under_the_word_for_made_up_ones(place, opened):
    page = opened("story=kenya-cash")

    assert "llustrative" not in page.said()
    assert "ade-up" not in page.said()


def test_the_address_chooses_genes_and_ratings(place, opened):
    ordered = [ratings("room-1", 5, 5, 5, 4, 4), ratings("room-2", 1, 1, 1, 2, 2, first_rater=9)]
    counts = [rating_counts(each) for each in ordered]
    both = frame("rating_counts", *(row for each in counts for row in each.to_dict("records")))
    (place / "rating_counts.parquet").write_bytes(parquet.to_bytes(both, "rating_counts"))

    assert "Funding" not in opened("story=kenya-cash").said("svg")
    assert "Funding" in opened("story=kenya-cash&genes=all").said("svg")
    lima = opened("story=kenya-cash&ratings=workshop-room-2").said()
    assert "Trust, at 1.4 of 5" in lima
    assert "Workshop ratings: Lima, 5 raters." in lima


def test_a_story_with_nothing_on_record_says_so(place, opened):
    page = opened("story=peru-water")

    for said in (
        "Nobody has rated the genes of this story yet.",
        "No DNA has been published for this story: none on record yet.",
        "No country is on record for this story yet.",
        "None on record yet.",
    ):
        assert said in page.said()
    assert "svg" not in page.tags


def test_a_long_list_is_shortened_and_says_by_how_much_and_where_the_rest_is(place, opened):
    codes = [f"A{chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(MOST_RECORDS + 3)]
    put(place, "countries", *(country(code, f"Land {code}") for code in codes))
    put(place, "replications", *(record(code, "adopted", 2000) for code in codes))

    page = opened("story=kenya-cash")

    assert page.said("ul.columns").count("Land ") == MOST_RECORDS
    assert (
        "3 more records are not printed; they are at "
        "http://localhost:8501/story?story=kenya-cash&release=0" in page.said()
    )


@pytest.mark.parametrize(
    ("query", "status", "sentence", "links"),
    [
        (
            "story=kenya-csh",
            404,
            "There is no story called “kenya-csh”.",
            ["./print?story=kenya-cash"],
        ),
        ("story=Cash+by+fone", 404, "called “Cash by fone”.", ["./print?story=kenya-cash"]),
        ("story=qqq", 404, "There is no story called “qqq”.", []),
        ("story=%3Cscript%3E", 404, "called “<script>”.", []),
        ("", 400, "This address names no story.", []),
        ("story=kenya-cash&release=7", 404, "There is no release “7”. The newest", TODAY),
        ("story=kenya-cash&release=-1", 404, "There is no release “-1”. The newest", TODAY),
        ("story=kenya-cash&release=%D9%A3", 404, "There is no release “٣”.", TODAY),
        (
            "story=kenya-cash&genes=al",
            400,
            "There is no genes called “al”.",
            ["./print?story=kenya-cash&genes=all"],
        ),
        (
            "story=kenya-cash&ratings=workshop-room-9",
            400,
            "There is no ratings called “workshop-room-9”.",
            ["./print?story=kenya-cash&ratings=workshop-room-1"],
        ),
        ("story=kenya-cash&lang=de", 400, "There is no lang called “de”.", None),
    ],
)
def test_what_there_is_not_gets_a_sentence_near_misses_and_the_way_back(
    place, ask, query, status, sentence, links
):
    answer = ask(APP, f"/print?{query}")

    page = Read(answer.text)
    assert answer.status == status
    assert sentence in page.said("h1")
    assert page.links()[-1] == "./stories"
    if links is not None:
        assert page.links()[:-1] == links
    assert "script" not in page.tags


def test_a_damaged_release_is_a_sentence(place, ask):
    (place / "replications.parquet").write_bytes(b"PAR1 not a table PAR1")

    answer = ask(APP, "/print?story=kenya-cash")

    assert answer.status == 503
    assert "Release 0 cannot be opened" in Read(answer.text).said("h1")


def test_the_language_is_that_of_the_address_else_of_the_browser(place, opened):
    asked = opened("story=kenya-cash&lang=fr", accept_language="es-ES,es;q=0.9")
    own = opened("story=kenya-cash", accept_language="es-ES,es;q=0.9")

    assert "Faits" in asked.said("h2")
    assert "Hechos" in own.said("h2") or "Datos" in own.said("h2")
    assert "Facts" in opened("story=kenya-cash", accept_language="de").said("h2")


def test_only_reading_is_answered_and_nothing_is_kept(place, ask):
    assert ask(APP, "/print?story=kenya-cash", method="HEAD").status == 200
    assert ask(APP, "/print?story=kenya-cash", method="POST").status == 405
    answer = ask(APP, "/print?story=kenya-cash", accept_encoding="gzip")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-encoding"] == "gzip"


def test_a_made_up_host_is_not_repeated(place, ask):
    answer = ask(APP, "/print?story=kenya-cash", host="evil.example/<b>")

    assert answer.status == 200
    assert "evil" not in answer.text
    assert "http://localhost/story?story=kenya-cash" in answer.text


def test_each_record_has_an_address_for_mistakes_on_the_screen(place, opened, monkeypatch):
    name = "B&Q / “{page}” <b>"
    put(place, "partners", {"story_id": "kenya-cash", "partner": name, "source_url": PAGE})
    assert "Report a mistake" not in opened("story=kenya-cash").said()

    monkeypatch.setenv("GCS_REPORT_URL", "https://forms.example.org/?r={record}&n={release}")
    page = opened("story=kenya-cash")

    reports = [urlsplit(link) for link in page.links() if "forms.example.org" in link]
    assert [parse_qs(each.query) for each in reports] == [
        {"r": [record], "n": ["0"]}
        for record in (
            "stories/kenya-cash",
            "replications/kenya-cash/PER/adopted",
            "replications/kenya-cash/KEN/replicated",
            f"partners/kenya-cash/{name}",
        )
    ]
    assert page.said("a.screen").count("Report a mistake") == 4


@pytest.mark.heavy
def test_every_shipped_story_can_be_printed_in_every_language(ask, monkeypatch, tmp_path):
    monkeypatch.setenv("GCS_DATA", str(PROJECT / "data"))
    monkeypatch.setenv("GCS_STORE", str(tmp_path / "store"))
    stories = gcs_data.load(Store(str(tmp_path / "store"), PROJECT / "data"), "stories", 0)

    for place, row in enumerate(stories.itertuples()):
        language = ("en", "fr", "es")[place % 3]
        answer = ask(APP, f"/print?story={row.story_id}&lang={language}&genes=all")
        assert answer.status == 200, row.story_id
        assert Read(answer.text).said("h1") == plain(row.title)
        assert unescape(row.source_url) in unescape(answer.text)
