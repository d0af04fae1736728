from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from figures.kinds import LOOKS
from figures.tiles import tile_grid
from words import words

LABELS = {
    "participated": "Participated",
    "adopted": "Adopted",
    "scaled_up": "Scaled up",
    "replicated": "Replicated",
}
REGION_NAMES = {"africa": "Africa", "eastern_africa": "Eastern Africa", "oceania": "Oceania"}
PLACES = pd.DataFrame(
    [
        ("ATA", "Antarctica", np.nan, np.nan),
        ("KEN", "Kenya", "africa", "eastern_africa"),
        ("SOM", "Somalia", "africa", "eastern_africa"),
        ("TUV", "Tuvalu", "oceania", "polynesia"),
    ],
    columns=["country_iso3", "name", "region", "sub_region"],
).set_index("country_iso3")
MARKS = pd.DataFrame(
    [("KEN", "participated", 9), ("KEN", "adopted", 3), ("TUV", "replicated", 1)],
    columns=["country_iso3", "kind", "n"],
)


class Reader(HTMLParser):
    """Collects elements as (tag, attributes) and the text between them."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.texts, self.open = [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style" and data.strip():
            self.texts.append(data)

    @property
    def tiles(self):
        return [attributes for tag, attributes in self.elements if tag == "a"]


def grid(marks=MARKS, countries=PLACES, **options):
    defaults = {
        "t": words("en"),
        "labels": LABELS,
        "href": lambda code: f"./map?country={code}&lang=en",
        "region_names": REGION_NAMES,
    }
    return tile_grid(marks, countries, **defaults | options)


def test_every_country_with_a_region_is_a_link_that_says_its_numbers():
    tiles = Reader(grid()).tiles

    assert [(tile["aria-label"], tile["href"]) for tile in tiles] == [
        ("Kenya: adopted 3, participated 9", "./map?country=KEN&lang=en"),
        ("Somalia: no record", "./map?country=SOM&lang=en"),
        ("Tuvalu: replicated 1", "./map?country=TUV&lang=en"),
    ]


def test_tiles_stand_under_their_region_and_sub_region():
    texts = Reader(grid()).texts

    start = texts.index("Africa")
    assert texts[start:] == [
        "Africa",
        "Eastern Africa",
        "KEN",
        "SOM",
        "Oceania",
        "Polynesia",  # Nobody has named it here: made readable from its id.
        "TUV",
    ]


def test_a_tile_has_the_marks_of_its_kinds_each_in_its_own_place():
    html = grid()
    kenya = html[html.index("country=KEN") : html.index("country=SOM")]
    somalia = html[html.index("country=SOM") : html.index("country=TUV")]

    places = [part.split('"')[0] for part in kenya.split('<i class="')[1:]]
    assert places == ["gcs-mark gcs-circle", "gcs-mark gcs-circle-open", "gcs-gap", "gcs-gap"]
    assert f"color:{LOOKS['adopted'].colour}" in kenya
    assert '<i class="gcs-mark ' not in somalia


def test_a_tile_without_a_record_looks_different_and_the_key_says_what_it_does_not_mean():
    reader = Reader(grid())

    assert ["gcs-yes" in tile["class"] for tile in reader.tiles] == [True, False, True]
    assert reader.texts[:6] == [
        *LABELS.values(),
        "On record",
        "No record: we have not found one; it does not mean no.",
    ]


def test_only_the_chosen_tile_is_marked_as_current():
    tiles = Reader(grid(chosen="TUV")).tiles

    assert [tile.get("aria-current") for tile in tiles] == [None, None, "true"]
    assert all("aria-current" not in tile for tile in Reader(grid()).tiles)
    assert "Chosen" in Reader(grid(chosen="TUV")).texts


def test_a_country_without_a_region_is_shown_once_it_is_on_record():
    marks = pd.DataFrame([("ATA", "participated", 1)], columns=MARKS.columns)

    reader = Reader(grid(marks))

    assert "Antarctica: participated 1" in [tile["aria-label"] for tile in reader.tiles]
    assert reader.texts[-2:] == ["Elsewhere", "ATA"]


def test_no_marks_at_all_is_a_grid_of_no_records():
    labels = [tile["aria-label"] for tile in Reader(grid(MARKS.iloc[:0])).tiles]

    assert labels == ["Kenya: no record", "Somalia: no record", "Tuvalu: no record"]


@pytest.mark.parametrize(
    "hostile",
    ["<b>x</b>", '"><img src=https://x onerror=alert(1)>', "![](https://x)", "%{x}", "</style>{x}"],
)
def test_hostile_names_are_shown_letter_for_letter(hostile):
    reader = Reader(
        grid(
            countries=PLACES.assign(name=hostile),
            labels=dict.fromkeys(LABELS, hostile),
            region_names=dict.fromkeys(REGION_NAMES, hostile),
            href=lambda code: f"./map?x={hostile}",
        )
    )

    assert {tag for tag, _ in reader.elements} == {
        *("style", "div", "ul", "li", "i", "span", "section", "h3", "h4", "a")
    }
    assert reader.tiles[1]["title"] == f"{hostile}: no record"
    assert reader.tiles[1]["href"] == f"./map?x={hostile}"
    assert reader.texts.count(hostile) == 4 + 3  # Four kinds; two regions and one part of one.


def test_an_unknown_country_is_an_error_not_a_gap():
    with pytest.raises(ValueError, match="No country has the code 'XYZ'"):
        grid(MARKS.assign(country_iso3="XYZ"))


def test_it_uses_nothing_that_streamlit_takes_out_and_no_address_of_another_host():
    html = grid(chosen="KEN")

    for gone in ("<svg", "<script", "onclick", "target=", "http:", "https:", "url("):
        assert gone not in html
    assert "<" not in html[len("<style>") : html.index("</style>")]
