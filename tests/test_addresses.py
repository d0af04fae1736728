from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.addresses import record_id, report_address, source_name, web_host
from words import words

FORM = "https://forms.example.org/new?r={record}&n={release}&p={page}#top"


def test_a_record_is_named_by_its_dataset_and_key():
    assert record_id("stories", "x-road") == "stories/x-road"
    assert record_id("replications", "x-road", "FIN", "replicated") == (
        "replications/x-road/FIN/replicated"
    )


def test_a_report_carries_record_release_and_page():
    address = report_address(
        FORM, record="stories/x-road", release=12, page="https://a.org/story?story=x-road&lang=fr"
    )

    assert address == (
        "https://forms.example.org/new?r=stories%2Fx-road&n=12"
        "&p=https%3A%2F%2Fa.org%2Fstory%3Fstory%3Dx-road%26lang%3Dfr#top"
    )


def test_without_an_address_there_is_none():
    assert report_address("", record="stories/x-road", release=0, page="https://a.org/") == ""


@pytest.mark.parametrize(
    "record", ["a&b=c#d", "{page}{release}", "a\r\nCc: b", '"><script>', "%00"]
)
def test_a_value_is_only_ever_a_value(record):
    address = report_address(FORM, record=record, release=0, page="https://a.org/")

    assert parse_qs(urlsplit(address).query) == {"r": [record], "n": ["0"], "p": ["https://a.org/"]}
    assert set(' "<>\r\n{}') & set(address) == set()


@given(st.text())
def test_any_text_makes_an_address_of_the_same_form(record):
    address = urlsplit(report_address(FORM, record=record, release=3, page=record))

    assert (address.scheme, address.netloc, address.path) == ("https", "forms.example.org", "/new")
    assert address.fragment == "top"
    assert address.query.count("&") == 2
    assert address.geturl().isascii()


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://Example.org:80/a", "example.org"),
        ("http://a.org", "a.org"),
        ("javascript:alert(1)", ""),
        ("paper.txt", ""),
        ("https://[::1", ""),
        ("//a.org/", ""),
        (float("nan"), ""),
    ],
)
def test_only_web_addresses_have_a_host(address, host):
    assert web_host(address) == host


def test_a_source_without_a_web_address_is_called_a_document():
    t = words("fr")

    assert source_name("https://Example.org:80/a", t) == "example.org"
    assert source_name("paper.txt", t) == "un document sans adresse web\u00a0: paper.txt"
