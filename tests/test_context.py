import pandas as pd
import pytest

from figures.fills import NO_FIGURE, RAMP, Context, context_fills
from figures.svg_map import map_svg
from figures.tiles import tile_grid
from figures.world import world_map
from figures.world_sentences import context_sentence
from gcs_data.context import known_layers, newest_figures
from words import words

T = words("en")
LABELS = {"participated": "Took part", "adopted": "Adopted", "scaled_up": "Scaled up"} | {
    "replicated": "Replicated"
}
LAYERS = pd.DataFrame(
    [
        ("online", "KEN", 2019, 30.0, "% of people"),
        ("online", "KEN", 2023, 35.0, "% of people"),
        ("online", "PER", 2021, 71.25, "% of people"),
        ("online", "FRA", 2020, 0.87, "share"),
        ("online", "QQQ", 2022, 10.0, "% of people"),
        ("powered", "KEN", 2022, 76.0, "% of people"),
    ],
    columns=["layer_id", "country_iso3", "year", "value", "unit"],
).assign(
    label=lambda f: f["layer_id"].map({"online": "People online", "powered": "With power"}),
    source_url="https://example.org/figures",
)
PLACES = pd.DataFrame(
    [
        ("FRA", "France", 46.6, 2.5, "europe"),
        ("KEN", "Kenya", 0.5, 37.9, "africa"),
        ("PER", "Peru", -9.2, -74.4, "americas"),
    ],
    columns=["country_iso3", "name", "lat", "lon", "region"],
).set_index("country_iso3")
PLACES["sub_region"] = pd.NA
MARKS = pd.DataFrame(
    [("KEN", "participated", 2), ("KEN", "replicated", 1)], columns=["country_iso3", "kind", "n"]
)
ONLINE = Context("People <online>", "% of people", "example.org", newest_figures(LAYERS, "online"))


def drawn(context=ONLINE):
    return world_map(MARKS, countries=PLACES, labels=LABELS, title="Where", t=T, context=context)


def areas(fig):
    return {each.name: list(each.locations) for each in fig.data if each.type == "choropleth"}


def test_layers_are_named_as_their_newest_row_has_it():
    older = LAYERS.assign(label="Old name", year=2000)

    known = known_layers(pd.concat([older, LAYERS]))

    assert known["label"].to_dict() == {"online": "People online", "powered": "With power"}


def test_the_newest_figure_of_each_country_counts_and_other_units_are_left_out():
    figures = newest_figures(LAYERS, "online")

    assert figures["value"].to_dict() == {"KEN": 35.0, "PER": 71.25, "QQQ": 10.0}
    assert figures["year"].to_dict() == {"KEN": 2023, "PER": 2021, "QQQ": 2022}
    assert newest_figures(LAYERS, "nothing").empty


def test_countries_are_filled_by_their_figure_and_no_figure_is_not_zero():
    low, high, none = context_fills(ONLINE, PLACES, T)

    assert (low.label, low.colour, low.countries) == ("35 % of people", RAMP[0], ("KEN",))
    assert (high.label, high.colour, high.countries) == ("71.3 % of people", RAMP[-1], ("PER",))
    assert (none.colour, none.countries) == (NO_FIGURE, ("FRA",))
    assert "not zero" in none.label


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([100.0] * 7, ["100 %"]),
        ([1.0, 2.0, 100.0, 100.0, 100.0, 100.0, 100.0], ["1 %", "2 %", "100 %"]),
        ([*range(10)], ["0 to 1 %", "2 to 3 %", "4 to 5 %", "6 to 7 %", "8 to 9 %"]),
        ([], []),
    ],
)
def test_classes_follow_the_written_rule(values, labels):
    codes = [f"C{place}" for place in range(len(values))]
    figures = pd.DataFrame({"value": pd.Series(values, codes, "float64"), "year": 2020})
    places = pd.DataFrame(index=[*codes, "ZZZ"])

    *classes, none = context_fills(Context("", "%", "", figures), places, T)

    assert [each.label for each in classes] == labels
    assert sorted(code for each in classes for code in each.countries) == codes
    assert none.countries == ("ZZZ",)


def test_the_map_fills_areas_by_class_and_gives_marks_a_white_ground():
    fig = drawn()

    assert areas(fig) == {"class 0": ["KEN"], "class 4": ["PER"], "no figure": ["FRA"]}
    (ground,) = [each for each in fig.data if each.name == "ground"]
    assert (list(ground.lat), ground.marker.color) == ([0.5], "#ffffff")
    said = {
        c[0]: h
        for each in fig.data
        if each.type == "choropleth"
        for c, h in zip(each.customdata, each.hovertext, strict=True)
    }
    assert said["PER"].endswith("People &lt;online&gt;: 71.3 % of people (2021)")
    assert said["FRA"].endswith("People &lt;online&gt;: no figure")


def test_without_a_layer_the_map_is_as_it_was():
    fig = drawn(None)

    assert areas(fig) == {"on record": ["KEN"], "no record": ["FRA", "PER"]}
    assert "ground" not in {each.name for each in fig.data}


def test_the_map_names_unit_years_and_source_and_what_it_cannot_draw():
    (notes,) = [
        a.text.replace("<br>", " ") for a in drawn().layout.annotations if a.name == "notes"
    ]

    assert (
        "in % of people, the newest figure of each country (2021–2023). Source: example.org"
        in notes
    )
    assert "Figures for unknown countries are not drawn: QQQ." in notes


def test_the_svg_map_shows_the_same():
    svg = map_svg(MARKS, countries=PLACES, labels=LABELS, title="Where", t=T, context=ONLINE)

    for name in ("class 0", "class 4", "no figure", "ground"):
        assert f'data-part="{name}"' in svg
    assert "71.3 % of people" in svg
    assert "<online>" not in svg


def test_tiles_have_the_class_of_their_country_and_say_the_figure():
    html = tile_grid(
        MARKS,
        PLACES,
        t=T,
        labels=LABELS,
        href=lambda code: f"?country={code}",
        region_names={"africa": "Africa", "americas": "Americas", "europe": "Europe"},
        context=ONLINE,
    )

    assert 'class="gcs-tile gcs-yes gcs-class-0" href="?country=KEN"' in html
    assert 'class="gcs-tile gcs-class-4" href="?country=PER"' in html
    assert 'class="gcs-tile" href="?country=FRA"' in html
    assert "Peru: no record; People &lt;online&gt;: 71.3 % of people (2021)" in html


def test_the_sentence_gives_the_span_and_the_medians_and_claims_no_cause():
    said = context_sentence(MARKS, ONLINE, PLACES, T)

    assert said == (
        "Under the marks: People <online>, in % of people, from 35 (Kenya) to 71.3 (Peru). The "
        "median is 35 where something is on record and 71.3 elsewhere; that does not say why."
    )
    nothing = Context("People online", "%", "x", ONLINE.figures.iloc[:0])
    assert context_sentence(MARKS, nothing, PLACES, T) == "People online: no country has a figure."
