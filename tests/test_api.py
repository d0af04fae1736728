"""The data API: what it gives, what it refuses, and that nobody can be read from it."""

import gzip
import io
import json
import logging
import runpy
import threading
import time
from pathlib import Path
from urllib.parse import quote, urlencode

import pandas as pd
import pytest
import uvicorn
from pandas.testing import assert_frame_equal
from starlette.applications import Starlette
from tiny_data import PAGE, country, frame, gene, ratings, ship, story

import gcs_data
from exports.csv_file import csv_bytes
from gcs_data import query
from gcs_data.errors import StoreError
from gcs_data.schema import DATASETS, PUBLIC_DATASETS
from gcs_data.store import Store
from server import api, api_data, api_datasets
from server.api_asking import ROOT, accepted
from server.api_problems import Problem

PROJECT = Path(__file__).resolve().parents[1]
APP = Starlette(routes=[api.mounted()])
ME = {"who": "Amina", "why": "a test"}


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A store that holds nothing yet, over the tiny shipped datasets."""
    shipped = ship(tmp_path / "data")
    monkeypatch.setenv("GCS_DATA", str(shipped))
    monkeypatch.setenv("GCS_STORE", str(tmp_path / "Mes données #1"))
    monkeypatch.setenv("GCS_ILLUSTRATIVE", "1")
    return Store(str(tmp_path / "Mes données #1"), shipped)


@pytest.fixture
def real(tmp_path, monkeypatch):
    """The datasets we ship."""
    monkeypatch.setenv("GCS_DATA", str(PROJECT / "data"))
    monkeypatch.setenv("GCS_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("GCS_ILLUSTRATIVE", "1")


@pytest.fixture
def told(ask):
    """`told("/releases")`: the JSON of an answer that must be 200."""

    def told_by(path, **headers):
        answer = ask(APP, ROOT + path, **headers)
        assert answer.status == 200, answer.text
        return json.loads(answer.body)

    return told_by


@pytest.fixture
def refused(ask):
    """`refused("/x")`: status and problem of an answer that must be one."""

    def refused_with(path, **headers):
        answer = ask(APP, path if path.startswith("/api") else ROOT + path, **headers)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["access-control-allow-origin"] == "*"
        problem = json.loads(answer.body)
        assert (problem["type"], problem["status"]) == ("about:blank", answer.status)
        assert "Traceback" not in answer.text
        return answer.status, problem

    return refused_with


def titles(document):
    return [row["title"] for row in document["rows"]]


# What there is


def test_the_first_page_leads_to_everything(place, told):
    document = told("")

    assert document["release"] == 0
    for name in ("releases", "datasets", "openapi", "map_chart"):
        told(document["links"][name].removeprefix(ROOT))


def test_every_public_dataset_is_listed_with_its_columns_and_rows(place, told):
    listed = {each["name"]: each for each in told("/datasets")["datasets"]}

    assert tuple(listed) == PUBLIC_DATASETS
    assert listed["stories"]["rows"] == 2
    assert listed["replications"]["key"] == ["story_id", "country_iso3", "kind"]
    kind = next(c for c in listed["replications"]["columns"] if c["name"] == "kind")
    assert kind["choices"] == ["participated", "adopted", "scaled_up", "replicated"]
    assert kind["required"] is True


def test_ratings_of_people_are_as_unknown_as_what_there_never_was(place, refused, told):
    hidden = set(DATASETS) - set(PUBLIC_DATASETS)
    everything = json.dumps([told(path) for path in ("/datasets", "/releases", "/openapi.json")])

    assert "gene_ratings" in hidden
    assert "rater_id" not in everything
    for name in hidden:
        assert name not in everything
        for ending in ("", ".csv", ".json", ".parquet"):
            status, problem = refused(f"/datasets/{name}{ending}")
            _, other = refused(f"/datasets/nothing_like_it{ending}")
            assert (status, problem["code"]) == (404, "unknown_dataset")
            assert problem["allowed"] == other["allowed"] == list(PUBLIC_DATASETS)


def test_releases_say_who_published_what_when_and_why(place, told):
    gcs_data.publish(place, {"stories": frame("stories", story("kenya-cash"))}, base=0, **ME)

    newest, shipped = told("/releases")["releases"]

    assert (newest["release"], newest["made_from"], newest["who"]) == (1, 0, "Amina")
    assert (newest["opens"], newest["rows"]["stories"]) == (True, 1)
    assert "gene_ratings" not in newest["rows"]
    assert (shipped["release"], shipped["rows"]["stories"]) == (0, 2)
    assert [each["release"] for each in told("/releases?release=0")["releases"]] == [0]


# Pages, filters and files


def test_pages_follow_each_other_within_one_release(place, told):
    first = told("/datasets/stories?limit=1")
    rows = frame("stories", story("kenya-cash", "New"))
    gcs_data.publish(place, {"stories": rows}, base=0, **ME)
    second = told(first["next"].removeprefix(ROOT))

    assert (first["total"], titles(first), titles(second)) == (
        2,
        ["Cash by phone"],
        ["Water in Peru"],
    )
    assert (second["release"], second["next"]) == (0, None)
    assert titles(told("/datasets/stories")) == ["New"]


def test_what_is_missing_is_null_and_numbers_are_numbers(place, told):
    (row,) = told("/datasets/replications")["rows"]

    assert row["year"] is None
    assert told("/datasets/events")["rows"][0]["year"] == 2024
    assert told("/datasets/stories")["rows"][0]["official"] is True


def test_a_list_is_a_list_in_json_and_one_of_its_items_finds_it(place, told):
    rows = [story("kenya-cash", "A") | {"topics": "norms;awareness"}, story("b", "B")]
    gcs_data.publish(place, {"stories": frame("stories", *rows)}, base=0, **ME)

    found = told("/datasets/stories?topics=awareness")

    assert found["rows"][0]["topics"] == ["norms", "awareness"]
    assert titles(found) == ["A"]
    assert titles(told("/datasets/stories?topics=")) == ["B"]
    assert titles(told("/datasets/stories?topics=norms&topics=")) == ["A", "B"]
    assert titles(told("/datasets/stories?topics=aware")) == []
    assert titles(told("/datasets/stories?story_id=c&topics=norms")) == []


def test_every_column_of_every_dataset_filters_by_its_own_values(real, told):
    for name in PUBLIC_DATASETS:
        table = api_data.frame(name, 0)
        for column in table:
            values = table[column].dropna()
            if values.empty:
                continue
            value = values.iloc[0]
            if column in api_data.list_columns(name):
                value = query.items(value)[0]
                expected = sum(value in query.items(text) for text in table[column])
            else:
                expected = int((table[column] == value).sum())
            written = str(value).lower() if table[column].dtype == "boolean" else value
            sent = urlencode({column: written, "limit": 1})
            assert told(f"/datasets/{name}?{sent}")["total"] == expected, (name, column)


def test_no_column_is_called_like_a_parameter_of_pages():
    columns = {column for name in PUBLIC_DATASETS for column in DATASETS[name].columns}

    assert columns.isdisjoint({"limit", "offset", "release"})


def test_a_csv_and_a_parquet_hold_every_row_that_fits(real, ask):
    stories = api_data.frame("stories", 0)

    for path, expected in (
        ("/datasets/stories", stories),
        ("/datasets/stories", stories[stories["official"]].reset_index(drop=True)),
    ):
        sent = "" if expected is stories else "?official=true"
        sheet = ask(APP, f"{ROOT}{path}.csv{sent}")
        parquet = ask(APP, f"{ROOT}{path}.parquet{sent}")
        assert sheet.body == csv_bytes(expected)
        assert_frame_equal(pd.read_parquet(io.BytesIO(parquet.body)), expected)
    assert sheet.headers["content-disposition"] == 'attachment; filename="stories-release-0.csv"'
    assert sheet.headers["gcs-release"] == "0"


def test_a_title_that_is_a_formula_is_inert_in_csv_and_whole_in_json(place, ask, told):
    title = '=HYPERLINK("https://tracker.example")<script>\u202e'
    rows = frame("stories", story("kenya-cash", title))
    gcs_data.publish(place, {"stories": rows}, base=0, **ME)

    assert titles(told("/datasets/stories")) == [title]
    assert told("/stories/kenya-cash")["story"]["title"] == title
    sheet = ask(APP, f"{ROOT}/datasets/stories.csv").body.decode("utf-8-sig")
    assert '"\'=HYPERLINK(""https://tracker.example"")' in sheet


@pytest.mark.parametrize(
    ("path", "accept", "kind"),
    [
        ("", "*/*", "application/json"),
        ("", "text/html,application/xml;q=0.9,*/*;q=0.8", "application/json"),
        ("", "text/csv", "text/csv; charset=utf-8"),
        ("", "application/json;q=0.5, text/*", "text/csv; charset=utf-8"),
        ("", "application/vnd.apache.parquet", "application/vnd.apache.parquet"),
        (".json", "text/csv", "application/json"),
        (".csv", "application/json", "text/csv; charset=utf-8"),
    ],
)
def test_the_ending_decides_and_then_the_accept_header(place, ask, path, accept, kind):
    answer = ask(APP, f"{ROOT}/datasets/events{path}", accept=accept)

    assert (answer.status, answer.headers["content-type"]) == (200, kind)


def test_what_cannot_be_sent_is_named(place, refused):
    status, problem = refused("/datasets/events", accept="image/png, text/csv;q=0")

    assert (status, problem["code"]) == (406, "not_acceptable")
    assert problem["allowed"][1] == "text/csv"
    with pytest.raises(Problem):
        accepted("application/json;q=x", ["json"])


# One story, one country, the charts


def rated(place, provenance, *scores):
    """Publish ratings of the story from Kenya: gene `trust`, all of one kind."""
    rows = ratings("room-1", *scores).assign(provenance=provenance)
    names = [gene("trust", 1) | {"name": "Trust"}, gene("funding", 2) | {"name": "Funding"}]
    gcs_data.publish(
        place,
        {"gene_ratings": rows, "genes": frame("genes", *names)},
        base=gcs_data.current(place),
        **ME,
    )


def test_a_story_comes_whole(place, told):
    rated(place, "expert", 5, 5, 4, 4, 2)

    document = told("/stories/kenya-cash")

    assert document["story"]["title"] == "Cash by phone"
    assert document["provenance"] == ["expert"]
    (series,) = document["dna"]
    trust, funding = series["genes"]
    assert (trust["gene"], trust["n"], trust["mean"], trust["median"]) == ("Trust", 5, 4.0, 4.0)
    assert trust["low"] == pytest.approx(4 - 2.7764451 * 1.5**0.5 / 5**0.5)
    assert (trust["high"], trust["n_5"]) == (5.0, 2)
    assert (funding["n"], funding["mean"], funding["low"]) == (0, None, None)
    assert (series["raters"], series["dna_code"]) == (5, [["trust"]])
    assert [row["country_iso3"] for row in document["replications"]] == ["PER"]
    assert document["partners"] == document["published_dna"] == []


def test_similar_stories_give_their_reasons_as_codes(real, told):
    similar = told("/stories/national-cyber-security-index")["similar"]

    assert [each["points"] for each in similar] == sorted(
        (each["points"] for each in similar), reverse=True
    )
    assert set(similar[0]) == {
        "story_id",
        "points",
        "topics",
        "lead_type",
        "region",
        "dominant_genes",
    }


def test_a_country_comes_whole_by_kind(place, told):
    document = told("/countries/PER")

    assert document["country"]["name_en"] == "Peru"
    assert list(document["replications"]) == ["participated", "adopted", "scaled_up", "replicated"]
    assert [row["story_id"] for row in document["replications"]["adopted"]] == ["kenya-cash"]
    assert document["leads"] == document["replications"]["replicated"] == []


def test_the_numbers_of_a_radar_are_those_of_the_question(real, told, ask):
    counts, genes = api_data.frame("rating_counts", 0), api_data.frame("genes", 0)
    story_id = counts["story_id"].iloc[0]
    expected = query.gene_profile(
        counts,
        story_id,
        query.genes_in_order(genes, default_only=True),
        provenance="illustrative",
        occasion_id="illustrative",
    )

    (series,) = told(f"/charts/dna?story={story_id}")["series"]
    sheet = ask(APP, f"{ROOT}/charts/dna.csv?story={story_id}")

    assert [row["mean"] for row in series["genes"]] == expected["mean"].tolist()
    assert [row["low"] for row in series["genes"]] == expected["low"].tolist()
    table = pd.read_csv(io.BytesIO(sheet.body))
    assert table["high"].tolist() == expected["high"].tolist()
    assert set(table["provenance"]) == {"illustrative"}
    assert set(table["release"]) == {0}
    assert sheet.headers["gcs-provenance"] == "illustrative"


def test_all_genes_are_more_than_the_default_ones(real, told):
    story_id = api_data.frame("rating_counts", 0)["story_id"].iloc[0]

    default, everything = (
        told(f"/charts/dna?story={story_id}&genes={genes}")["series"][0]["genes"]
        for genes in ("default", "all")
    )

    assert len(default) < len(everything)


def test_a_map_counts_what_it_leaves_out(place, told, ask):
    rows = [
        {"story_id": "kenya-cash", "country_iso3": "PER", "kind": "adopted", "year": 2019},
        {"story_id": "kenya-cash", "country_iso3": "PER", "kind": "replicated", "year": 2021},
        {"story_id": "peru-water", "country_iso3": "KEN", "kind": "adopted"},
    ]
    rows = frame("replications", *(row | {"source_url": PAGE} for row in rows))
    gcs_data.publish(place, {"replications": rows}, base=0, **ME)
    per_kind = {"country_iso3": "PER", "country": "Peru", "n": 1}

    assert told("/charts/map")["records"] == 3
    assert told("/charts/map?year=2020")["marks"] == [per_kind | {"kind": "adopted"}]
    assert told("/charts/map?year=2020")["left_out_without_year"] == 1
    assert told("/charts/map?year=2021&when=in")["marks"] == [per_kind | {"kind": "replicated"}]
    assert told("/charts/map?kind=adopted&story=peru-water")["marks"][0]["country"] == "Kenya"
    twice = "/charts/map?kind=adopted&story=peru-water"
    assert told(f"{twice}&story=peru-water") == told(twice)  # Its origin is named as well.
    sheet = ask(APP, f"{ROOT}/charts/map.csv?year=2020").body.decode("utf-8-sig")
    assert sheet == (
        "country_iso3,country,kind,n,left_out_without_year,release\r\nPER,Peru,adopted,1,1,1\r\n"
    )


# Nothing illustrative passes for real


def test_illustrative_ratings_say_so_in_every_answer(real, told, ask):
    story_id = api_data.frame("rating_counts", 0)["story_id"].iloc[0]

    for path in (
        f"/stories/{story_id}",
        f"/charts/dna?story={story_id}",
        "/datasets/rating_counts",
    ):
        document = told(path)
        assert document["provenance"] == ["illustrative"]
        assert "made up" in document["note"]
    assert "illustrative" in ask(APP, f"{ROOT}/datasets/rating_counts.csv").text


def test_one_setting_removes_them_everywhere(real, told, ask, monkeypatch):
    story_id = api_data.frame("rating_counts", 0)["story_id"].iloc[0]
    before = ask(APP, f"{ROOT}/datasets/rating_counts").headers["etag"]
    monkeypatch.setenv("GCS_ILLUSTRATIVE", "0")

    assert told(f"/stories/{story_id}")["dna"] == []
    assert "Nobody has rated" in told(f"/charts/dna?story={story_id}")["note"]
    for name in ("rating_counts", "occasions"):
        assert told(f"/datasets/{name}")["total"] == 0
    assert ask(APP, f"{ROOT}/datasets/rating_counts").headers["etag"] != before
    sheet = ask(APP, f"{ROOT}/charts/dna.csv?story={story_id}").body.decode("utf-8-sig")
    assert sheet.startswith("story_id,gene_id,gene,n,mean") and sheet.count("\r\n") == 1


# Old releases, damaged releases, places that are gone


def test_an_old_release_stays_readable(place, told):
    gcs_data.publish(place, {"stories": frame("stories", story("kenya-cash", "New"))}, base=0, **ME)

    assert told("/stories/kenya-cash")["story"]["title"] == "New"
    assert told("/stories/kenya-cash?release=0")["story"]["title"] == "Cash by phone"
    assert told("/datasets/stories?release=0")["total"] == 2


def test_an_unknown_release_names_the_newest(place, refused):
    for path in ("", "/datasets", "/datasets/stories.csv", "/stories/kenya-cash", "/charts/map"):
        status, problem = refused(f"{path}?release=7")
        assert (status, problem["code"]) == (404, "unknown_release")
        assert "The newest is release 0." in problem["detail"]


def test_a_damaged_release_is_a_sentence_and_the_others_stay(place, refused, told, caplog):
    gcs_data.publish(place, {"stories": frame("stories", story("kenya-cash"))}, base=0, **ME)
    file = next((Path(place.location) / "stories").glob("*.parquet"))
    file.write_bytes(b"torn")
    with caplog.at_level(logging.ERROR, "gcs"):
        status, problem = refused("/datasets/stories?release=1")

    assert (status, problem["code"]) == (503, "damaged_release")
    assert file.name not in problem["detail"] and file.name in caplog.text
    assert told("/datasets/stories?release=0")["total"] == 2


def test_a_store_that_cannot_be_read_is_a_sentence(place, ask, monkeypatch):
    def gone(store):
        raise StoreError("store_gone", place="/secret/place", kept="")

    monkeypatch.setattr(gcs_data, "current", gone)
    answer = ask(APP, f"{ROOT}/datasets")

    assert (answer.status, answer.headers["retry-after"]) == (503, "60")
    assert "Try again in a minute." in answer.text and "secret" not in answer.text


def test_a_mistake_of_ours_has_a_number_and_no_traceback(place, refused, monkeypatch, caplog):
    monkeypatch.setattr(api_datasets.api_data, "frame", lambda *_: 1 / 0)
    status, problem = refused("/datasets/stories")

    assert status == 500
    assert problem["incident"] in problem["detail"]
    assert "ZeroDivisionError" in caplog.text and "Zero" not in problem["detail"]


# What is wrong is said


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/datasets/stories?limt=5", 400, "Did you mean “limit”?"),
        ("/datasets/stories?limit=0", 400, "must be a whole number from 1 to 1000"),
        ("/datasets/stories?limit=1001", 400, "must be a whole number from 1 to 1000"),
        ("/datasets/stories?limit=" + "9" * 5000, 400, "must be a whole number from 1 to 1000"),
        ("/datasets/stories?limit=", 400, "must be a whole number from 1 to 1000"),
        ("/datasets/stories?limit=٣", 400, "must be a whole number"),
        ("/datasets/stories?limit=1e3", 400, "must be a whole number"),
        ("/datasets/stories?offset=-1", 400, "must be a whole number from 0"),
        ("/datasets/stories?limit=1&limit=2", 400, "is given 2 times; it takes one value"),
        ("/datasets/stories?release=0&release=0", 400, "is given 2 times"),
        ("/datasets/stories?release=newest", 400, "must be a whole number from 0"),
        ("/datasets/stories?release=-1", 400, "must be a whole number from 0"),
        ("/datasets/stories?title=%00", 400, "holds a NUL byte"),
        ("/datasets/stories?title=" + "x" * 501, 400, "has 501 characters; at most 500"),
        ("/datasets/stories?official=yes", 400, "must be true or false"),
        ("/datasets/stories?story_id=Kenya%20Cash", 400, "does not have the form"),
        ("/datasets/stories?" + "title=a&" * 101, 400, "takes at most 100 values"),
        ("/datasets/stories?%00=1", 400, "There is no parameter “\N{REPLACEMENT CHARACTER}” here"),
        ("/datasets/stories?=1", 400, "There is no parameter “” here"),
        ("/datasets/replications?kind=adoptd", 400, "Did you mean “adopted”?"),
        ("/datasets/replications?year=1949", 400, "must be a whole number from 1950 to 2100"),
        ("/datasets/layers?value=nan", 400, "must be a number"),
        ("/datasets/stories.csv?limit=5", 400, "always holds every row that fits"),
        ("/datasets/stories?offset=2", 404, "Only 2 rows fit"),
        ("/datasets/partners?offset=1", 404, "Only 0 rows fit"),
        ("/datasets/storeis", 404, "Did you mean “stories”?"),
        ("/datasets/stories.xlsx", 404, ".json, .csv or .parquet"),
        ("/datasets/stories/", 404, "There is nothing at"),
        ("/datasets/", 404, "There is nothing at"),
        ("/stories/kenya-cahs", 404, "Did you mean “kenya-cash”?"),
        ("/stories/\0", 404, "There is no story"),
        ("/stories/a\nb", 404, "There is no story"),
        ("/stories/../../etc/passwd", 404, "There is nothing at"),
        ("/stories/kenya-cash?genes=all", 400, "There is no parameter “genes” here"),
        ("/countries/ken", 404, "Did you mean “KEN”?"),
        ("/countries/KENYA", 404, "ISO 3166-1 alpha-3"),
        ("/charts/dna", 400, "“story” is missing"),
        ("/charts/dna?story=kenya-cash&story=kenya-cash", 400, "the same story twice"),
        ("/charts/dna?" + "story=a&" * 5, 400, "takes at most 4 values"),
        ("/charts/dna?story=peru-watr", 404, "Did you mean “peru-water”?"),
        ("/charts/dna?story=kenya-cash&genes=some", 400, "must be one of default, all"),
        ("/charts/map?topic=nrms", 404, "works on the topic “nrms”"),
        ("/charts/map?story=nobody", 404, "There is no story “nobody”"),
        ("/charts/map?when=later", 400, "must be one of upto, in"),
        ("/chart/map", 404, "Did you mean “/api/v1/charts/map”"),
        ("/api/v2/datasets", 404, "Start from /api/v1"),
        ("/api/", 404, "Start from /api/v1"),
    ],
)
def test_what_is_wrong_is_said_with_what_is_allowed(place, refused, path, status, said):
    found, problem = refused(quote(path, safe="/?&=%\n\0.") if "٣" in path else path)

    assert found == status
    assert said in problem["detail"]
    assert len(problem["detail"]) < 700


def test_a_page_past_the_end_leads_to_the_last_one(place, refused, told):
    _, problem = refused("/datasets/stories?limit=1&offset=99&official=true")

    assert titles(told(problem["last"].removeprefix(ROOT))) == ["Water in Peru"]


def test_an_empty_page_is_an_answer(place, told):
    document = told("/datasets/partners")

    assert (document["total"], document["rows"], document["next"]) == (0, [], None)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_nothing_can_be_written(place, ask, method):
    answer = ask(APP, f"{ROOT}/datasets/stories", method=method)

    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert "for reading" in answer.text


# What travels with an answer


def test_nothing_is_sent_twice(place, ask):
    for path in ("", "/datasets/stories", "/datasets/stories.csv", "/stories/kenya-cash"):
        first = ask(APP, ROOT + path)
        tag = first.headers["etag"]
        again = ask(APP, ROOT + path, if_none_match=f'"other", {tag}')
        assert tag.startswith('"')
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["access-control-allow-origin"] == "*"


def test_another_release_another_question_and_another_format_are_other_tags(place, ask):
    def tag(path):
        return ask(APP, ROOT + path).headers["etag"]

    before = tag("/datasets/stories")
    rows = frame("stories", story("kenya-cash", "New"))
    gcs_data.publish(place, {"stories": rows}, base=0, **ME)

    paths = ["", ".csv", ".parquet", "?limit=1", "?release=0&limit=2"]
    tags = {before, *(tag(f"/datasets/stories{path}") for path in paths)}
    assert len(tags) == 6


def test_only_a_named_release_may_be_kept_without_asking(place, ask):
    kept = ask(APP, f"{ROOT}/datasets?release=0").headers["cache-control"]

    assert ask(APP, f"{ROOT}/datasets").headers["cache-control"] == "no-cache"
    assert kept == "public, max-age=3600"
    assert ask(APP, f"{ROOT}/datasets?release=1").headers["cache-control"] == "no-store"


def test_head_is_get_without_the_body(place, ask):
    for path in ("/datasets/stories", "/datasets/stories.parquet", "/stories/nobody"):
        whole, head = (ask(APP, ROOT + path, method=method) for method in ("GET", "HEAD"))
        assert (head.status, head.headers, head.body) == (whole.status, whole.headers, b"")
        assert head.headers["content-length"] == str(len(whole.body))


def test_a_page_of_another_site_may_read_and_send_nothing_along(place, ask):
    answer = ask(APP, f"{ROOT}/datasets", method="OPTIONS", origin="https://other.org")

    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert "access-control-allow-credentials" not in answer.headers


def test_text_is_compressed_under_a_tag_of_its_own(real, ask):
    plain = ask(APP, f"{ROOT}/datasets/stories.csv")
    small = ask(APP, f"{ROOT}/datasets/stories.csv", accept_encoding="gzip, br")

    assert gzip.decompress(small.body) == plain.body
    assert small.headers["content-encoding"] == "gzip"
    assert small.headers["etag"] != plain.headers["etag"]
    assert len(small.body) < len(plain.body) / 2


def test_ten_thousand_rows_come_whole_as_pages_and_as_one_file(place, told, ask):
    codes = [f"{a}{b}{c}" for a in "ABCDEFGHIJ" for b in "ABCDEFGHIJ" for c in "ABCDEFGHIJ"]
    rows = [
        {"layer_id": "x", "country_iso3": code, "year": year, "value": 0.5}
        | {"unit": "people", "label": "X", "source_url": PAGE}
        for code in codes
        for year in range(2000, 2010)
    ]
    countries = frame("countries", *(country(code, code) for code in codes), country("PER", "Peru"))
    layers = frame("layers", *rows)
    gcs_data.publish(place, {"layers": layers, "countries": countries}, base=0, **ME)

    page, seen = told("/datasets/layers?limit=1000"), []
    seen += page["rows"]
    while page["next"]:
        page = told(page["next"].removeprefix(ROOT))
        seen += page["rows"]
    whole = pd.read_parquet(io.BytesIO(ask(APP, f"{ROOT}/datasets/layers.parquet").body))

    assert len(seen) == len(whole) == 10_000
    assert_frame_equal(whole, layers)
    as_numbers = pd.DataFrame(seen).astype(DATASETS["layers"].dtypes)
    assert_frame_equal(as_numbers, layers)


# The description and the examples


def test_every_address_is_described_and_every_described_one_answers(real, told, ask):
    document = told("/openapi.json")
    addresses = {address for each in api.ENDPOINTS for address, _ in each.addresses()}

    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == addresses
    for address, methods in document["paths"].items():
        for parameter in methods["get"]["parameters"]:
            found = document["components"]["parameters"][parameter["$ref"].rpartition("/")[2]]
            if found["in"] == "path":
                address = address.replace(f"{{{found['name']}}}", found["example"])
            elif found["required"]:
                address += "?" + urlencode({found["name"]: found["example"]}, doseq=True)
        assert ask(APP, address).status == 200, address


def test_columns_are_described_as_the_schema_says(real, told):
    shapes = told("/openapi.json")["components"]["schemas"]

    for name in PUBLIC_DATASETS:
        assert list(shapes[name]["properties"]) == list(DATASETS[name].columns)
    kind = shapes["replications"]["properties"]["kind"]
    assert kind["enum"] == ["participated", "adopted", "scaled_up", "replicated"]
    assert kind["description"] == DATASETS["replications"].columns["kind"].description
    assert shapes["stories"]["properties"]["year_started"]["type"] == ["integer", "null"]


@pytest.fixture
def served(real):
    """The data API on a free port."""
    server = uvicorn.Server(uvicorn.Config(APP, port=0, log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    until = time.monotonic() + 120
    while not server.started:
        assert time.monotonic() < until and thread.is_alive()
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def test_the_example_in_python_runs(served, capsys):
    example = runpy.run_path(str(PROJECT / "docs" / "api_example.py"))
    example["main"](served)

    stories = api_data.frame("stories", 0)
    printed = capsys.readouterr().out
    assert f"{len(stories)} stories" in printed
    assert stories["title"].iloc[0] in printed
    everything = list(example["rows"](served, "rating_counts"))
    assert len(everything) == len(api_data.frame("rating_counts", 0)) > 1000


def test_the_notebook_runs_with_the_data_module_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(PROJECT)
    notebook = json.loads((PROJECT / "docs" / "notebook_example.ipynb").read_text("utf-8"))
    code = ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]
    seen = {}
    exec("\n".join(code), seen)

    assert list(seen["published"]["position"].head(3)) == [1, 2, 3]
    assert len(seen["similar"]) == 3
    assert not any(cell.get("outputs") for cell in notebook["cells"])
    assert "streamlit" not in "\n".join(code)
