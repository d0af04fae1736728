from itertools import combinations, product
from math import hypot, isnan

import numpy as np
import pandas as pd
import pytest

from figures.geography import REGION_BOUNDS, WORLD, curve, origin_lines, split
from figures.kinds import LOOKS, ON_RECORD
from figures.world import MOST_MARKS, world_map
from figures.world_sentences import country_sentence, world_sentence
from gcs_data.schema import KINDS
from words import words

T = words("en")
LABELS = {
    "participated": "Took part",
    "adopted": "Adopted",
    "scaled_up": "Scaled up",
    "replicated": "Replicated",
}
PLACES = pd.DataFrame(
    [
        ("EST", "Estonia", 58.68, 25.83),
        ("KEN", "Kenya", 0.54, 37.86),
        ("MLT", "Malta", 35.89, 14.44),
        ("NZL", "New Zealand", -44.0, 170.47),
        ("SGP", "Singapore", 1.38, 103.78),
        ("SMR", "San Marino", np.nan, np.nan),
        ("TUV", "Tuvalu", -8.5, 179.18),
        ("USA", "United States", 39.52, -99.11),
    ],
    columns=["country_iso3", "name", "lat", "lon"],
).set_index("country_iso3")
MARKS = pd.DataFrame(
    [
        ("KEN", "participated", 9),
        ("KEN", "adopted", 3),
        ("MLT", "replicated", 1),
        ("SGP", "participated", 2),
        ("SGP", "scaled_up", 1),
        ("TUV", "participated", 1),
    ],
    columns=["country_iso3", "kind", "n"],
)
NO_MARKS = MARKS.iloc[:0]


def drawn(marks=MARKS, countries=PLACES, **options):
    options = {"labels": LABELS, "title": "Where stories are on record", "t": T} | options
    return world_map(marks, countries=countries, **options)


def trace(fig, name):
    (found,) = [each for each in fig.data if each.name == name]
    return found


def noted(fig):
    (notes,) = [a.text.replace("<br>", " ") for a in fig.layout.annotations if a.name == "notes"]
    return notes


def test_each_kind_marks_exactly_its_countries_small_ones_too():
    fig = drawn()

    for kind, label in LABELS.items():
        points = trace(fig, label)
        rows = MARKS[MARKS["kind"] == kind]
        assert [list(point) for point in points.customdata] == rows.to_numpy().tolist()
        assert list(points.lat) == list(PLACES.loc[rows["country_iso3"], "lat"])
        assert list(points.lon) == list(PLACES.loc[rows["country_iso3"], "lon"])
        assert points.marker.size >= 6


def test_the_four_kinds_have_four_symbols_that_grow_outwards_and_stay_when_clicked():
    looks = list(LOOKS.values())
    fig = drawn()

    assert tuple(LOOKS) == KINDS
    assert len({look.symbol for look in looks}) == 4
    assert all(outer.size >= inner.size + 3 for inner, outer in zip(looks, looks[1:], strict=False))
    for label in LABELS.values():
        points = trace(fig, label)
        assert (points.selected.marker.opacity, points.unselected.marker.opacity) == (1, 1)


def test_areas_say_on_record_or_not_and_can_be_clicked():
    fig = drawn()

    yes, no = trace(fig, "on record"), trace(fig, "no record")

    assert list(yes.locations) == ["KEN", "MLT", "SGP", "TUV"]
    assert list(no.locations) == ["EST", "NZL", "SMR", "USA"]
    assert [list(data) for data in no.customdata] == [["EST"], ["NZL"], ["SMR"], ["USA"]]
    assert yes.colorscale[0][1] != no.colorscale[0][1]
    assert no.hovertext[0] == "<b>Estonia</b><br>No record: we have not found one."


def test_hover_lists_every_kind_of_the_country_strongest_first_with_its_number():
    fig = drawn()

    said = "<b>Kenya</b><br>Adopted: 3<br>Took part: 9"
    assert trace(fig, "Took part").hovertext[0] == said
    assert trace(fig, "Adopted").hovertext[0] == said
    assert trace(fig, "on record").hovertext[0] == said


def test_the_legend_runs_from_the_weakest_kind_to_the_strongest_then_says_what_fills_mean():
    entries = [t.name.replace("<br>", " ") for t in drawn(chosen="KEN").data if t.showlegend]

    assert entries == [
        "Took part",
        "Adopted",
        "Scaled up",
        "Replicated",
        "On record",
        "No record (this is not a no)",
        "Chosen: Kenya",
    ]


@pytest.mark.parametrize("marks", [MARKS, NO_MARKS])
def test_borders_source_and_what_no_record_means_stand_in_every_picture(marks):
    notes = noted(drawn(marks, notes=["Release 3."]))

    assert (
        "The boundaries and names shown do not imply official endorsement or acceptance." in notes
    )
    assert "United Nations geodata through plotly.js 4.1.1" in notes
    assert "No record: we have not found one; it does not mean no." in notes
    assert "Release 3." in notes


def test_an_empty_map_says_so():
    assert "Nothing on record fits this choice." in noted(drawn(NO_MARKS))
    assert "Nothing on record" not in noted(drawn())


def test_a_country_on_record_without_a_known_centre_is_named_not_dropped():
    marks = pd.concat([MARKS, pd.DataFrame([("SMR", "adopted", 1)], columns=MARKS.columns)])

    assert "On record, but the shapes leave it out: San Marino." in noted(drawn(marks))


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("country_iso3", "XYZ", "No country has the code 'XYZ'"),
        ("kind", "copied", "No kind of record is called 'copied'"),
    ],
)
def test_a_mark_that_cannot_be_drawn_is_an_error_not_a_gap(column, value, message):
    with pytest.raises(ValueError, match=message):
        drawn(MARKS.assign(**{column: value}))


def test_more_marks_than_a_browser_draws_well_are_refused():
    many = pd.concat([MARKS.iloc[:1]] * (MOST_MARKS + 1))

    with pytest.raises(ValueError, match="2001 marks are too many .* at most 2000. Add them up"):
        drawn(many)
    assert len(trace(drawn(many.iloc[:MOST_MARKS]), "Took part").lat) == MOST_MARKS


def test_it_is_equal_area_transparent_and_svg():
    fig = drawn(lines=origin_lines(MARKS, "EST", PLACES))

    assert fig.layout.geo.projection.type == "equal earth"
    assert {t.type for t in fig.data} == {"choropleth", "scattergeo"}
    assert fig.layout.geo.bgcolor == "rgba(0,0,0,0)"
    # The theme's, so that a saved picture is as opaque as the page it was saved from.
    assert fig.layout.paper_bgcolor is None


@pytest.mark.parametrize("name", ["<b>x</b>", "%{lat}", "![](https://x)", '<a href="https://x">'])
def test_hostile_names_are_shown_letter_for_letter(name):
    fig = drawn(
        countries=PLACES.assign(name=name),
        labels=dict.fromkeys(LABELS, name),
        lines=origin_lines(MARKS, "EST", PLACES),
        chosen="KEN",
        title=name,
    )

    written = fig.to_json().replace("<b>&lt;", "").replace("</b><br>", "")
    assert "<a href" not in written
    assert "<b>x" not in written
    assert "%{" not in written


@pytest.mark.parametrize("region", [None, *REGION_BOUNDS])
def test_a_region_is_shown_by_its_bounds(region):
    bounds = REGION_BOUNDS.get(region, WORLD)
    fig = drawn(region=REGION_BOUNDS.get(region))

    geo = fig.layout.geo
    assert tuple(geo.lonaxis.range) == (bounds.west, bounds.east)
    assert tuple(geo.lataxis.range) == (bounds.south, bounds.north)
    assert geo.resolution == (50 if region else 110)


def test_oceania_has_both_sides_of_the_antimeridian():
    oceania = REGION_BOUNDS["oceania"]

    assert oceania.west < 179.18 < oceania.east  # Tuvalu.
    assert oceania.west < -157.63 + 360 < oceania.east  # Kiribati.


def luminance(colour):
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return float(linear(parts) @ [0.2126, 0.7152, 0.0722])


def linear(parts):
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def on_fill(page):
    *fill, alpha = (float(part) for part in ON_RECORD[5:-1].split(","))
    base = [int(page[i : i + 2], 16) for i in (1, 3, 5)]
    mixed = [round(b * (1 - alpha) + f * alpha) for b, f in zip(base, fill, strict=True)]
    return "#" + "".join(f"{part:02x}" for part in mixed)


@pytest.mark.parametrize("page", ["#ffffff", "#0f1a24", "#0e1117"])
def test_every_kind_has_three_to_one_contrast_on_the_page_and_on_a_filled_country(page):
    for look in LOOKS.values():
        assert 0.13 <= luminance(look.colour) <= 0.30
        assert contrast(look.colour, page) >= 3
        assert contrast(look.colour, on_fill(page)) >= 3


def test_kinds_darken_from_the_weakest_claim_to_the_strongest():
    order = [luminance(look.colour) for look in LOOKS.values()]

    assert order == sorted(order, reverse=True)


# Machado, Oliveira and Fernandes (2009), severity 1; the last one is no deficiency.
SIGHT = {
    "protan": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deutan": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritan": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
    "all colours": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
}


@pytest.mark.parametrize("sight", SIGHT)
def test_colour_blind_readers_tell_any_two_kinds_apart(sight):
    seen = [lab(look.colour, SIGHT[sight]) for look in LOOKS.values()]

    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > 30


def lab(colour, sight):
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    rgb = np.clip(np.array(sight) @ linear(parts), 0, 1)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = np.array(to_xyz) @ rgb / [0.9505, 1, 1.089]
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_lines_run_from_the_origin_to_each_other_country_with_a_gap_between():
    lines = origin_lines(MARKS, "KEN", PLACES)

    assert list(dict.fromkeys(lines["country_iso3"])) == ["MLT", "SGP", "TUV"]
    assert set(lines["origin_iso3"]) == {"KEN"}
    for code, points in lines.groupby("country_iso3"):
        assert tuple(points[["lat", "lon"]].iloc[0]) == (0.54, 37.86)
        assert tuple(points[["lat", "lon"]].iloc[-2]) == pytest.approx(
            tuple(PLACES.loc[code, ["lat", "lon"]])
        )
        assert points[["lat", "lon"]].iloc[-1].isna().all()


def test_a_country_or_an_origin_without_a_centre_has_no_line():
    assert origin_lines(MARKS.assign(country_iso3="SMR"), "EST", PLACES).empty
    assert origin_lines(MARKS, "SMR", PLACES).empty
    assert drawn(lines=origin_lines(MARKS, "SMR", PLACES)).data[0].type == "choropleth"


SPOTS = list(
    product((-60.0, -8.5, 0.0, 45.0, 70.0), (-180.0, -157.0, -99.0, 0.0, 90.0, 179.18, 180.0))
)


def test_no_line_jumps_over_the_map():
    for start, end in product(SPOTS, SPOTS):
        points = split(curve(start, end))
        for (_, lon), (_, next_lon) in zip(points, points[1:], strict=False):
            assert isnan(lon) or isnan(next_lon) or abs(next_lon - lon) < 90
        assert all(isnan(lon) or -180 <= lon <= 180 for _, lon in points)
        assert all(isnan(lat) or -90 <= lat <= 90 for lat, _ in points)


def test_a_line_over_the_antimeridian_leaves_on_one_side_and_comes_back_on_the_other():
    points = split([(-44.0, 170.0), (-40.0, 190.0)])

    assert points[:2] == [(-44.0, 170.0), (-42.0, 180.0)]
    assert [isnan(part) for part in points[2]] == [True, True]
    assert points[3:] == [(-42.0, -180.0), (-40.0, -170.0)]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ((0.0, 10.0), (0.0, 60.0)),  # Along the equator,
        ((10.0, 20.0), (60.0, 20.0)),  # and along a meridian: where a great circle is straight.
        ((50.0, 4.0), (50.5, 6.0)),
        ((-44.0, 170.0), (39.5, -99.0)),
        ((58.0, 25.0), (0.5, 37.0)),
    ],
)
def test_every_line_looks_curved_and_none_bulges_off_the_map(start, end):
    points = curve(start, end)
    (lat, lon), (end_lat, end_lon) = points[0], points[-1]
    up, along = end_lat - lat, end_lon - lon
    length = hypot(up, along)

    away = max(abs(along * (y - lat) - up * (x - lon)) / length for y, x in points)

    assert min(0.1 * length, 10) <= away <= 15
    assert abs(along) <= 180


def test_an_arrowhead_ends_each_line_and_turns_to_the_point_before():
    lines = origin_lines(MARKS, "EST", PLACES)
    fig = drawn(lines=lines)

    heads = fig.data[0]  # plotly.js turns the markers of a map's first trace only.
    assert heads.name == "arrowheads"
    assert (heads.marker.symbol, heads.marker.angleref) == ("arrow", "previous")
    assert list(heads.marker.size) == [0, 10] * 4
    assert list(heads.lat[1::2]) == pytest.approx(
        list(PLACES.loc[["KEN", "MLT", "SGP", "TUV"], "lat"])
    )


def test_the_origin_and_the_chosen_country_have_marks_of_their_own():
    fig = drawn(lines=origin_lines(MARKS, "EST", PLACES), chosen="TUV")

    star, ring = trace(fig, "Comes from Estonia"), trace(fig, "Chosen: Tuvalu")
    assert (star.marker.symbol, star.lat[0], list(star.customdata[0])) == ("star", 58.68, ["EST"])
    assert (ring.marker.symbol, ring.lon[0]) == ("circle-open", 179.18)
    assert ring.marker.size > max(look.size for look in LOOKS.values())


def test_no_lines_and_an_unknown_choice_add_nothing():
    plain = drawn()

    assert drawn(lines=origin_lines(NO_MARKS, "EST", PLACES), chosen="XYZ") == plain


def test_drawing_changes_nothing_it_was_given():
    before, places = MARKS.copy(), PLACES.copy()

    drawn(lines=origin_lines(MARKS, "EST", PLACES), chosen="TUV")

    pd.testing.assert_frame_equal(MARKS, before)
    pd.testing.assert_frame_equal(PLACES, places)


def said(marks=MARKS, **options):
    return world_sentence(marks, countries=PLACES, labels=LABELS, t=T, **options)


def test_the_sentence_counts_countries_by_kind_and_never_adds_kinds_up():
    stories = pd.Series({"KEN": 10, "SGP": 2, "MLT": 1, "TUV": 1})

    assert said(stories=stories, undated=4) == (
        "4 countries and territories are on record (Took part: 3 countries; Adopted: 1 country; "
        "Scaled up: 1 country; Replicated: 1 country; a country can be in several). "
        "Most stories: Kenya (10 stories) and Singapore (2 stories). "
        "4 of the records have no year. No record does not mean no."
    )


def test_the_sentence_of_one_record_is_in_the_singular():
    one = MARKS.iloc[5:]

    assert said(one, stories=pd.Series({"TUV": 1}), undated=1, left_out=1) == (
        "1 country or territory is on record (Took part: 1 country). "
        "Most stories: Tuvalu (1 story). 1 of the records has no year. "
        "1 more record has no year and is left out. No record does not mean no."
    )


def test_a_tie_of_more_than_three_names_nobody():
    stories = pd.Series({"KEN": 2, "SGP": 2, "MLT": 2, "TUV": 2})

    assert "No place stands out: 4 have 2 stories each." in said(stories=stories)


def test_an_empty_choice_says_so_and_what_was_left_out():
    assert said(NO_MARKS, left_out=7) == (
        "Nothing on record fits this choice. 7 more records have no year and are left out. "
        "No record does not mean no."
    )


def test_the_sentence_of_a_country_is_kind_by_kind():
    options = {"countries": PLACES, "labels": LABELS, "t": T}

    assert country_sentence(MARKS, "KEN", **options) == "Kenya: adopted 3, took part 9."
    assert country_sentence(MARKS, "USA", **options) == (
        "United States: no record. We have not found one; it does not mean no."
    )
