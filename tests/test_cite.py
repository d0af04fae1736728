import re
from dataclasses import replace
from datetime import date

import bibtexparser
import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from exports.cite import KINDS, View, apa, bibtex, key, one_line, plain, ris
from words import words

ENGLISH = words("en")
VIEW = View(
    kind="story",
    ids=("kenya-cash",),
    title="Cash by phone",
    address="https://stories.example.org/story?story=kenya-cash",
    release=12,
    accessed=date(2026, 11, 22),
    published=date(2026, 5, 14),
    sources=("https://example.org/page", "founding-paper.txt"),
)
URL = "https://stories.example.org/story?story=kenya-cash&release=12"


def test_plain_text_says_everything_in_one_line():
    assert plain(VIEW, ENGLISH) == (
        f"“Cash by phone”. Good Cyber Stories dashboard, release 12 of 14 May 2026. {URL} "
        "(accessed 22 November 2026). "
        "Sources of the facts: https://example.org/page; founding-paper.txt."
    )


def test_apa_begins_with_the_author_and_the_date():
    assert apa(replace(VIEW, sources=()), ENGLISH) == (
        "Good Cyber Stories dashboard. (2026, May 14). Cash by phone (Release 12) "
        f"[Interactive web page]. Retrieved November 22, 2026, from {URL}"
    )
    assert "[Data set]" in apa(replace(VIEW, kind="dataset"), ENGLISH)
    assert apa(VIEW, ENGLISH).endswith("(Facts from https://example.org/page; founding-paper.txt)")


def test_dates_are_written_in_the_visitors_language():
    assert "22 novembre 2026" in plain(VIEW, words("fr"))
    assert "22 de noviembre de 2026" in plain(VIEW, words("es"))


def test_a_release_without_a_date_has_none_and_not_todays():
    undated = replace(VIEW, published=None)

    assert "release 12. https" in plain(undated, ENGLISH)
    assert apa(undated, ENGLISH).startswith("Good Cyber Stories dashboard. (n.d.). Cash")
    assert "year" not in entry(undated)
    assert "year" not in record(undated)


def test_bibtex_is_this_entry():
    assert bibtex(VIEW) == (
        "@misc{gcs-story-kenya-cash-r12,\n"
        "  author = {{Good Cyber Stories dashboard}},\n"
        "  title = {{Cash by phone}},\n"
        "  year = {2026},\n"
        "  month = may,\n"
        "  howpublished = {Release 12},\n"
        "  version = {12},\n"
        f"  url = {{{URL}}},\n"
        "  urldate = {2026-11-22},\n"
        "  note = {Accessed 2026-11-22. Sources of the facts: "
        "https://example.org/page; founding-paper.txt}\n"
        "}\n"
    )


def test_ris_is_this_record():
    lines = ris(VIEW).split("\r\n")

    assert lines[0] == "TY  - ELEC"
    assert re.fullmatch(r"ID  - GCS[0-9A-F]{17}", lines[1])
    assert lines[2:] == [
        "AU  - Good Cyber Stories dashboard",
        "TI  - Cash by phone",
        "PY  - 2026",
        "DA  - 2026/05/14",
        "ET  - Release 12",
        f"UR  - {URL}",
        "Y2  - 2026/11/22",
        "N1  - Sources of the facts: https://example.org/page; founding-paper.txt",
        "ER  - ",
        "",
    ]


@pytest.mark.parametrize(("kind", "expected"), [("map", "MAP"), ("dataset", "DATA")])
def test_ris_names_the_kind_of_thing(kind, expected):
    assert record(replace(VIEW, kind=kind))["type_of_reference"] == expected


def test_of_many_sources_a_few_are_named_and_the_rest_counted_and_none_twice():
    many = replace(VIEW, sources=tuple(f"{place}.txt" for place in "aabcdefg"))

    for cited in (plain(many, ENGLISH), apa(many, ENGLISH), bibtex(many), ris(many)):
        assert "a.txt; b.txt; c.txt; d.txt; e.txt and 2 more" in cited


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("https://x.org/map", "https://x.org/map?release=12"),
        ("https://x.org/map?release=3&lang=fr", "https://x.org/map?lang=fr&release=12"),
        (
            "http://localhost:8501/compare?story=b&story=a",
            "http://localhost:8501/compare?story=b&story=a&release=12",
        ),
        (
            "https://x.org/a{b}\\c é?q=1 {2}#f}",
            "https://x.org/a%7Bb%7D%5Cc%20%C3%A9?q=1%20%7B2%7D&release=12#f%7D",
        ),
        ("https://dömäin.org/", "https://xn--dmin-moa0i.org/?release=12"),
    ],
)
def test_the_address_names_the_release_once_and_keeps_the_order_of_what_was_chosen(address, url):
    assert replace(VIEW, address=address).url == url


@pytest.mark.parametrize(
    "address", ["", "story?story=a", "javascript:alert(1)", "https://", "https://a}b.org/"]
)
def test_what_is_no_web_address_is_refused(address):
    with pytest.raises(ValueError, match="is not the address of a web page"):
        plain(replace(VIEW, address=address), ENGLISH)


@pytest.mark.parametrize(
    ("kind", "ids", "expected"),
    [
        ("map", (), "gcs-map-r12"),
        ("country", ("KEN",), "gcs-country-ken-r12"),
        ("dataset", ("rating_counts",), "gcs-dataset-rating_counts-r12"),
        ("comparison", ("b", "a"), "gcs-comparison-b-a-r12"),
    ],
)
def test_keys_can_be_read_and_never_change(kind, ids, expected):
    assert key(replace(VIEW, kind=kind, ids=ids, title="Other", accessed=date(2030, 1, 1))) == (
        expected
    )


def test_long_and_unusual_ids_make_short_keys_that_differ():
    long = ["a" * 90, "a" * 91, "é", "è", "a b", "a{b"]
    keys = [key(replace(VIEW, ids=(name,))) for name in long]

    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[a-z0-9_-]{1,80}", made) for made in keys)


WRITTEN = {
    r"\textbackslash{}": "\\",
    r"\textbraceleft{}": "{",
    r"\textbraceright{}": "}",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    r"\textless{}": "<",
    r"\textgreater{}": ">",
    r"\textbar{}": "|",
} | {f"\\{mark}": mark for mark in "$%&#_"}


def read(latex):
    """What LaTeX sets for text of ours; anything it would act upon is an error."""
    parts = re.split("(" + "|".join(re.escape(name) for name in WRITTEN) + ")", latex)
    assert not any(set(part) & set("\\{}$%&#_~^") for part in parts[::2])
    return "".join(WRITTEN.get(part, part) for part in parts)


def entry(view):
    """The fields of the one entry in a view's BibTeX, as another program reads them."""
    library = bibtexparser.parse_string(bibtex(view))
    assert not library.failed_blocks
    (only,) = library.blocks
    return {field.key: field.value for field in only.fields} | {"key": only.key}


def record(view):
    """The one record in a view's RIS, as another program reads it."""
    (only,) = rispy.loads(ris(view))
    return only


HOSTILE = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from("{}\\$%&#_~^@,=\"'\r\n\0\u2028\u202e")),
    max_size=40,
)


@given(HOSTILE, HOSTILE, st.sampled_from(KINDS))
def test_any_title_and_source_is_read_back_letter_for_letter(title, source, kind):
    view = replace(VIEW, kind=kind, title=title, sources=(source,))
    bib, other = entry(view), record(view)

    assert read(bib["title"].removeprefix("{").removesuffix("}")) == one_line(title)
    notes = [f"Sources of the facts: {one_line(source)}"] if one_line(source) else []
    assert read(bib["note"]) == ". ".join(["Accessed 2026-11-22", *notes])
    assert (bib["key"], bib["url"], bib["version"]) == (key(view), URL, "12")
    assert other.get("title", "") == one_line(title)
    assert other["urls"] == [URL]
    assert other.get("notes", []) == notes
    assert "\n" not in plain(view, ENGLISH) + apa(view, ENGLISH)
    assert one_line(title) in plain(view, ENGLISH)


def test_a_hostile_title_stays_inside_its_field():
    title = "x}}, note={gone} \\input{/etc} $\\href{https://t}{y}$ @misc{z,\r\nER  - \r\nTY  - A"
    view = replace(VIEW, title=title)

    assert read(entry(view)["title"].removeprefix("{").removesuffix("}")) == one_line(title)
    assert record(view)["title"] == one_line(title)
    assert record(view)["type_of_reference"] == "ELEC"
