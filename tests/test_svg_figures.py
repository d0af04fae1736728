"""The SVG pictures against the Plotly figures that show the same numbers."""

import itertools
import math
import re
import xml.etree.ElementTree as ET

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from figures.dots import dna_dots
from figures.geography import REGION_BOUNDS, WORLD, origin_lines
from figures.kinds import LOOKS
from figures.projection import frame
from figures.radar import dna_radar
from figures.shapes import paths, shapes
from figures.svg import dots_svg, map_svg, map_thumbnail, radar_svg, radar_thumbnail
from figures.svg_map import MARGIN
from figures.svg_page import INKS
from figures.svg_text import plain, width_of, wrapped
from figures.world import SHAPES, world_map
from words import words

T = words("en")
NAN = math.nan
SVG = "{http://www.w3.org/2000/svg}"
GENES = ["Trust", "Multi-Stakeholder Participation", "Legal and Institutional Framework", "Reach"]
BORDERS = "The boundaries and names shown do not imply official endorsement or acceptance."
HOSTILE = [
    "<script>x</script>",
    "]]>&amp;",
    '" onload="x',
    "a\x00b\x1b",
    "\u202egnp",
    "$\\href{x}$",
]


def story(name, means, low=None, high=None):
    low, high = low or [NAN] * 4, high or [NAN] * 4
    n = [0 if math.isnan(mean) else 7 for mean in means]
    columns = {"name": name, "gene": GENES, "mean": means, "low": low, "high": high, "n": n}
    return pd.DataFrame(columns)


KENYA = story("Kenya", [4.0, NAN, 2.5, 3.0], [3.5, NAN, 2.0, NAN], [4.5, NAN, 3.2, NAN])
PERU = story("Peru", [1.0, 2.0, 3.0, 5.0])
CHAD = story("Chad", [3.3, 2.1, NAN, NAN])


def parsed(svg):
    return ET.fromstring(svg)


def parts(root, name):
    return [each for each in root.iter() if each.get("data-part") == name]


def part(root, name):
    (found,) = parts(root, name)
    return found


def at(element):
    """Where a mark is."""
    if element.tag == f"{SVG}circle":
        return float(element.get("cx", 0)), float(element.get("cy", 0))
    x, y = re.match(r"translate\((\S+) (\S+)\)", element.get("transform")).groups()
    return float(x), float(y)


def near(point):
    return pytest.approx(point, abs=0.1)


def said(root):
    """Everything that can be read in the picture, line after line."""
    return " ".join(text.text for text in root.iter(f"{SVG}text"))


def points(path):
    """The subpaths of a path of M and L."""
    pieces = [piece.split("L") for piece in path.split("M")[1:]]
    return [[tuple(map(float, pair.split())) for pair in piece] for piece in pieces]


def on_dial(root, r, theta):
    radius = max(float(ring.get("r")) for ring in part(root, "scale").iter(f"{SVG}circle"))
    reach, angle = radius * r / 5, math.radians(theta)
    return reach * math.sin(angle), -reach * math.cos(angle)


def radar_of(*stories, **asked):
    asked = {"title": "How they differ", "t": T} | asked
    return parsed(radar_svg(pd.concat(stories), **asked))


@pytest.mark.parametrize("stories", [(KENYA,), (PERU,), (KENYA, PERU, CHAD)])
@pytest.mark.parametrize("width", [320, 600])
def test_a_radar_has_the_vertices_gaps_and_intervals_of_the_plotly_radar(stories, width):
    fig = dna_radar(pd.concat(stories), title="x", t=T)
    outlines = [trace for trace in fig.data if not trace.meta]
    intervals = [trace for trace in fig.data if trace.meta]
    root = radar_of(*stories, width=width)

    for trace, line, marks in zip(
        outlines, parts(root, "outline"), parts(root, "means"), strict=True
    ):
        runs = [[]]
        for r, theta in zip(trace.r, trace.theta, strict=True):
            if math.isnan(r):
                runs.append([])
            else:
                runs[-1].append(near(on_dial(root, r, theta)))
        assert points(line.get("d")) == [run for run in runs if run]
        rated = zip(trace.r[:-1], trace.theta[:-1], strict=True)
        assert [at(mark) for mark in marks] == [
            near(on_dial(root, r, theta)) for r, theta in rated if not math.isnan(r)
        ]
    drawn = [points(bar.get("d"))[0] for group in parts(root, "intervals") for bar in group]
    wanted = [
        near(on_dial(root, r, theta))
        for trace in intervals
        for r, theta in zip(trace.r, trace.theta, strict=True)
        if r is not None
    ]
    assert [end for bar in drawn for end in bar] == wanted


def test_only_a_complete_outline_that_stands_alone_is_filled():
    fills = [
        [line.get("fill") for line in parts(radar_of(*stories), "outline")]
        for stories in ((PERU,), (KENYA,), (KENYA, PERU))
    ]

    assert fills == [[INKS["light"].outlines[0]], ["none"], ["none", "none"]]


def test_three_outlines_differ_by_mark_dash_and_colour_and_are_named_in_a_legend():
    root = radar_of(KENYA, PERU, CHAD)

    lines = parts(root, "outline")
    assert len({line.get("stroke") for line in lines}) == 3
    assert [line.get("stroke-dasharray") for line in lines] == [None, "9 6", "2 5"]
    shapes_of = [{(m.tag, m.get("d")) for m in group} for group in parts(root, "means")]
    assert len(set.union(*shapes_of)) == 3
    assert [text.text for text in part(root, "legend").iter(f"{SVG}text")] == [
        "Kenya",
        "Peru",
        "Chad",
    ]
    assert parts(radar_of(KENYA), "legend") == []


def test_a_fourth_outline_and_a_picture_too_narrow_for_words_are_refused():
    with pytest.raises(ValueError, match="3 outlines, not 4"):
        radar_of(*(story(name, [1.0] * 4) for name in "abcd"))
    with pytest.raises(ValueError, match="at least 240"):
        radar_of(KENYA, width=100)


def spelled(label):
    return re.sub(r"\s", "", "".join(line.text for line in label))


@pytest.mark.parametrize("width", [240, 320, 375, 600])
@pytest.mark.parametrize("extra", ["", "Unaussprechlichkeitsbeauftragtenversammlung", "wide " * 20])
def test_labels_are_whole_inside_the_picture_and_never_on_one_another(width, extra):
    profile = KENYA.assign(gene=[*GENES[:3], extra or GENES[3]])
    root = radar_of(profile, width=width)
    labels = parts(root, "label")

    wanted = [
        gene + ("notrated" if math.isnan(m) else "")
        for gene, m in zip(profile["gene"], KENYA["mean"], strict=True)
    ]
    assert [spelled(label) for label in labels] == [re.sub(r"\s", "", each) for each in wanted]
    boxes = [box for label in labels for box in line_boxes(label)]
    assert all(-width / 2 <= left and right <= width / 2 for left, right, _, _ in boxes)
    for one, other in itertools.combinations(boxes, 2):
        apart = one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] or other[3] <= one[2]
        assert apart


def line_boxes(label):
    size, share = float(label.get("font-size")), {"start": 0, "middle": 0.5, "end": 1}
    for line in label:
        x, y = float(line.get("x")), float(line.get("y"))
        wide = width_of(line.text, size)
        left = x - wide * share[label.get("text-anchor")]
        yield left, left + wide, y - 0.95 * size, y + 0.25 * size


PROFILE = pd.DataFrame(
    {
        "gene": GENES,
        "n": [10, 0, 6, 4],
        "mean": [4.2, NAN, 2.5, 3.0],
        "median": [4.0, NAN, 2.5, 3.0],
        "low": [3.6, NAN, 1.9, NAN],
        "high": [4.8, NAN, 3.1, NAN],
        "n_1": [0, 0, 1, 0],
        "n_2": [0, 0, 2, 1],
        "n_3": [2, 0, 2, 2],
        "n_4": [4, 0, 1, 1],
        "n_5": [4, 0, 0, 0],
        "agreement": ["agreed", "too_few", "spread", "too_few"],
    }
)
AGREEMENT = {"agreed": "agree", "spread": "are spread", "too_few": "too few"}


@pytest.mark.parametrize("width", [320, 600])
def test_dots_stand_in_the_order_of_the_plotly_dots_and_at_its_values_on_one_scale(width):
    fig = dna_dots(PROFILE, title="x", labels=AGREEMENT, t=T)
    (means,) = [trace for trace in fig.data if trace.meta == {"means": True}]
    (spread,) = [trace for trace in fig.data if trace.meta == {"spread": True}]
    root = parsed(dots_svg(PROFILE, title="x", t=T, width=width))
    first, *_, last = [line.get("d") for line in part(root, "scale")]
    one, five = float(first[1:].split()[0]), float(last[1:].split()[0])

    def x(score):
        return pytest.approx(one + (score - 1) / 4 * (five - one), abs=0.11)

    rows = parts(root, "row")[::-1]  # Plotly counts from the bottom.
    drawn = {place: at(part(row, "mean")[0])[0] for place, row in enumerate(rows) if row_rated(row)}
    assert drawn == {p: x(mean) for p, mean in enumerate(means.x) if not math.isnan(mean)}
    bars = {p: part(r, "interval")[0].get("d") for p, r in enumerate(rows) if parts(r, "interval")}
    ends = {
        p: tuple(map(float, re.match(r"M(\S+) \S+H([\d.]+)", d).groups())) for p, d in bars.items()
    }
    assert ends == {
        p: (x(means.x[p] - means.error_x.arrayminus[p]), x(means.x[p] + means.error_x.array[p]))
        for p in range(4)
        if means.error_x.array[p]
    }
    bubbles = [
        (place, at(bubble)[0], float(bubble.get("r")))
        for place, row in enumerate(rows)
        for group in parts(row, "spread")
        for bubble in group
    ]
    radii = [max(math.sqrt(size / 2 / spread.marker.sizeref), 3) for size in spread.marker.size]
    assert bubbles == [
        (place, x(score), near(radius))
        for place, score, radius in zip(spread.y, spread.x, radii, strict=True)
    ]


def row_rated(row):
    return bool(parts(row, "mean"))


def test_each_row_of_dots_says_mean_and_n_and_an_unrated_gene_says_so():
    rows = parts(parsed(dots_svg(PROFILE, title="x", t=T)), "row")

    assert [said(row) for row in rows] == [
        "Trust 4.2 n = 10",
        "Reach 3.0 n = 4",
        "Legal and Institutional Framework 2.5 n = 6",
        "Multi-Stakeholder Participation not rated",
    ]


LABELS = {kind: kind.title() for kind in LOOKS}
PLACES = pd.DataFrame(
    [
        ("EST", "Estonia", 58.68, 25.83),
        ("KEN", "Kenya", 0.54, 37.86),
        ("MLT", "Malta", 35.89, 14.44),
        ("NZL", "New Zealand", -44.0, 170.47),
        ("SMR", "San Marino", NAN, NAN),
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
        ("SMR", "adopted", 1),
        ("TUV", "scaled_up", 1),
        ("USA", "participated", 2),
    ],
    columns=["country_iso3", "kind", "n"],
)
LINES = origin_lines(MARKS, "EST", PLACES)


def map_of(marks=MARKS, **asked):
    asked = {"countries": PLACES, "labels": LABELS, "title": "Where it is", "t": T} | asked
    return parsed(map_svg(marks, **asked))


@pytest.mark.parametrize("region", [None, *REGION_BOUNDS])
@pytest.mark.parametrize("width", [320, 720])
def test_a_map_marks_the_countries_of_the_plotly_map_where_it_has_them(region, width):
    bounds = REGION_BOUNDS.get(region)
    fig = world_map(MARKS, countries=PLACES, labels=LABELS, title="x", t=T, region=bounds)
    root = map_of(region=bounds, width=width)
    shown = frame(bounds or WORLD, width - 2 * MARGIN)

    for kind in LOOKS:
        (trace,) = [trace for trace in fig.data if trace.name == LABELS[kind]]
        drawn = {mark.get("data-country"): at(mark) for mark in part(root, kind)}
        assert drawn == {
            data[0]: near(shown.place(lat, lon))
            for data, lat, lon in zip(trace.customdata, trace.lat, trace.lon, strict=True)
            if not math.isnan(lat)
        }


def test_a_mark_says_country_kind_and_number_to_whoever_points_at_it():
    titles = [title.text for title in part(map_of(), "participated").iter(f"{SVG}title")]

    assert titles == ["Kenya: Participated 9", "United States: Participated 2"]


def test_areas_say_on_record_or_not_as_on_the_plotly_map():
    fig = world_map(MARKS, countries=PLACES, labels=LABELS, title="x", t=T)
    root = map_of()
    with_shape = paths(frame(WORLD, 720 - 2 * MARGIN)).keys()

    for name in ("on record", "no record"):
        (trace,) = [trace for trace in fig.data if trace.name == name]
        drawn = {area.get("data-country") for area in part(root, name)}
        assert drawn == set(trace.locations) & with_shape
    assert {"KEN", "USA", "NZL", "EST"} <= with_shape


def test_disputed_areas_and_antarctica_have_no_shape_on_the_world_map():
    everywhere = pd.DataFrame(
        {"name": "x", "lat": 0.0, "lon": 0.0},
        index=[code for code in shapes().rings if not re.match("XAC|XAP|XBT|XHT|XIT|XJK", code)],
    )
    drawn = {
        path.get("data-country")
        for path in map_of(MARKS.iloc[:0], countries=everywhere).iter(f"{SVG}path")
    }

    assert not {"ATA", "XAC", "XAP", "XBT", "XHT", "XIT", "XJK"} & drawn
    assert len(drawn) > 130


@pytest.mark.parametrize("region", [None, "oceania"])
def test_lines_run_from_the_origin_to_each_country_and_never_across_the_map(region):
    bounds = REGION_BOUNDS.get(region)
    shown = frame(bounds or WORLD, 720 - 2 * MARGIN)
    root = map_of(lines=LINES, region=bounds)

    drawn = {line.get("data-country"): steps(line.get("d")) for line in part(root, "lines")}
    assert list(drawn) == ["KEN", "MLT", "TUV", "USA"]
    for code, pieces in drawn.items():
        start, end = pieces[0][0], pieces[-1][-1]
        assert start == near(shown.place(*PLACES.loc["EST", ["lat", "lon"]]))
        assert end == near(shown.place(*PLACES.loc[code, ["lat", "lon"]]))
        for piece in pieces:
            assert all(math.dist(a, b) < shown.width / 4 for a, b in itertools.pairwise(piece))


def steps(path):
    """The points of a path of M and l in tenths of a pixel."""
    pieces = []
    for piece in path.split("M")[1:]:
        x, y, *rest = (float(n) / 10 for n in re.findall(r"-?\d+", piece))
        line = [(x, y)]
        for dx, dy in zip(rest[::2], rest[1::2], strict=True):
            line.append((line[-1][0] + dx, line[-1][1] + dy))
        pieces.append(line)
    return pieces


def test_arrowheads_point_at_their_country_from_outside_its_marks():
    shown = frame(WORLD, 720 - 2 * MARGIN)
    heads = part(map_of(lines=LINES), "arrowheads")

    for code, head in zip(["KEN", "MLT", "TUV", "USA"], heads, strict=True):
        tip, turn = at(head), re.search(r"rotate\((\S+)\)", head.get("transform"))[1]
        centre = shown.place(*PLACES.loc[code, ["lat", "lon"]])
        towards = math.degrees(math.atan2(centre[1] - tip[1], centre[0] - tip[0]))
        outermost = max(LOOKS[kind].size for kind in MARKS[MARKS["country_iso3"] == code]["kind"])
        assert math.dist(tip, centre) == pytest.approx(outermost / 2 + 3, abs=0.2)
        assert abs((towards - float(turn) + 180) % 360 - 180) < 25


def test_two_countries_at_one_point_draw_no_line_and_break_nothing():
    places = PLACES.assign(lat=0.0, lon=10.0)
    marks = MARKS.iloc[:1]

    root = map_of(marks, countries=places, lines=origin_lines(marks, "EST", places))

    assert parts(root, "lines") == []


@pytest.mark.parametrize("width", [320, 720])
@pytest.mark.parametrize("marks", [MARKS, MARKS.iloc[:0]])
@pytest.mark.parametrize("region", [None, "europe"])
def test_every_map_says_its_borders_its_source_and_what_no_record_means(width, marks, region):
    text = said(map_of(marks, width=width, region=REGION_BOUNDS.get(region), notes=["Release 3."]))

    assert BORDERS in text
    assert SHAPES in text
    assert "No record: we have not found one; it does not mean no." in text
    assert "Release 3." in text
    assert ("San Marino" in text) == bool(len(marks))


def test_the_legend_names_the_kinds_the_fills_the_origin_and_the_choice():
    root = map_of(lines=LINES, chosen="TUV")

    assert [text.text for text in part(root, "key").iter(f"{SVG}text")] == [
        *LABELS.values(),
        "On record",
        "No record (this is not a no)",
        "Comes from Estonia",
        "Chosen: Tuvalu",
    ]
    ring = next(each for each in parts(root, "chosen") if each.get("cx") != "0")
    assert at(ring) == near(frame(WORLD, 708).place(-8.5, 179.18))


@pytest.mark.parametrize(
    ("marks", "message"),
    [
        (MARKS.assign(country_iso3="XYZ"), "No country has the code 'XYZ'"),
        (MARKS.assign(kind="copied"), "No kind of record is called 'copied'"),
        (pd.concat([MARKS] * 400), "2400 marks are too many"),
    ],
)
def test_a_map_refuses_marks_that_would_be_missing_from_it(marks, message):
    with pytest.raises(ValueError, match=message):
        map_of(marks)


def pictures(text, **asked):
    """Every picture that can be downloaded, with this text wherever text goes in."""
    both = {"title": text, "notes": [text, "Release 3."], "t": T, "alt": text} | asked
    yield radar_svg(
        pd.concat([KENYA.assign(name=text), PERU]).replace("Trust", text),
        watermark=text,
        **both,
    )
    yield dots_svg(PROFILE.replace("Trust", text), watermark=text, **both)
    yield map_svg(
        MARKS,
        countries=PLACES.replace("Kenya", text),
        labels=dict.fromkeys(LABELS, text),
        lines=LINES,
        chosen="KEN",
        **both,
    )
    yield radar_thumbnail(PERU, alt=text)
    yield map_thumbnail(MARKS, countries=PLACES, alt=text, lines=LINES)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("paper", ["light", "dark", None])
def test_hostile_text_is_shown_letter_for_letter_and_does_nothing(text, paper):
    for number, svg in enumerate(pictures(text, paper=paper)):
        root = parsed(svg)
        assert root.get("aria-label") == plain(text)
        assert {each.tag.removeprefix(SVG) for each in root.iter()} <= {
            "svg", "title", "g", "rect", "circle", "path", "text"
        }  # fmt: skip
        assert not [key for each in root.iter() for key in each.keys() if key.startswith("on")]
        if number < 3:
            assert plain(text) in said(root)


def test_marks_that_turn_text_and_marks_that_xml_cannot_hold_are_shown_by_number():
    assert plain("a\u202eb\x00c\ud800\n  d\u200f") == "a[U+202E]b[U+0000]c[U+D800] d\u200f"


@settings(max_examples=50)  # Five pictures each.
@given(st.text(max_size=80))
@example("\ufffe\x0b\x85\u2028\u202e")
def test_any_text_makes_a_picture_that_an_xml_reader_reads_back(text):
    for svg in pictures(text):
        assert parsed(svg).get("aria-label") == plain(text) or not plain(text)


@given(st.text(max_size=200), st.integers(20, 400))
def test_wrapping_loses_no_letter_and_no_line_is_too_wide(text, width):
    lines = wrapped(text, width, 12)

    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", plain(text))
    assert all(width_of(line, 12) <= width for line in lines if len(line) > 1)


@pytest.mark.parametrize("paper", ["light", "dark", None])
def test_title_provenance_and_watermark_are_inside_every_picture(paper):
    notes = ["Made-up example ratings, 35 raters.", "Good Cyber Stories, release 3."]
    both = {"title": "The DNA of Kenya", "notes": notes, "t": T, "watermark": "Illustrative"}

    for svg in (radar_svg(KENYA, paper=paper, **both), dots_svg(PROFILE, paper=paper, **both)):
        text = said(parsed(svg))
        assert text.startswith("The DNA of Kenya Illustrative")
        assert text.endswith(" ".join(notes))


@pytest.mark.parametrize("paper", ["light", "dark", None])
def test_a_paper_is_a_ground_of_its_own_and_without_one_the_page_shows_through(paper):
    for svg in pictures("x", paper=paper):
        grounds = [rect.get("fill") for rect in parsed(svg) if rect.get("width") == "100%"]
        wanted = [INKS[paper].paper] if paper and "text" in svg else []
        assert grounds == wanted


def test_no_picture_asks_for_anything_from_elsewhere_or_has_a_style_or_an_id():
    for svg in pictures("x", paper="light"):
        inside = svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
        for gone in (
            "http",
            "url(",
            "href",
            "<style",
            " style=",
            " id=",
            "class=",
            "<script",
            "rgba",
        ):
            assert gone not in inside


def luminance(colour):
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    parts = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("paper", "page"),
    [("light", "#ffffff"), ("dark", "#0f1a24"), (None, "#ffffff"), (None, "#0e1117")],
)
def test_inks_have_the_contrast_they_need_on_the_pages_they_are_for(paper, page):
    inks = INKS[paper]

    assert all(contrast(ink, page) >= 3 for ink in (*inks.outlines, inks.grey))
    for ink in (inks.text, inks.soft):
        assert contrast(ink, page) >= (4.5 if paper else 4)


def test_thumbnails_are_small_and_have_no_words_but_a_name():
    ten = pd.DataFrame({"mean": [4.44] * 10})
    radar, world = (
        radar_thumbnail(ten, alt="DNA"),
        map_thumbnail(MARKS, countries=PLACES, alt="Map"),
    )

    assert len(radar.encode()) < 4_000
    assert len(world.encode()) < 16_000
    assert [parsed(svg).get("aria-label") for svg in (radar, world)] == ["DNA", "Map"]
    assert [list(parsed(svg).iter(f"{SVG}text")) for svg in (radar, world)] == [[], []]


def test_a_thumbnail_of_a_map_has_a_point_for_each_country_on_record():
    drawn = part(parsed(map_thumbnail(MARKS, countries=PLACES, alt="Map")), "points").get("d")
    shown = frame(WORLD, 240)

    placed = [tuple(map(float, each.split())) for each in drawn.replace("h0", "").split("M")[1:]]
    assert placed == [
        near(shown.place(*PLACES.loc[code, ["lat", "lon"]]))
        for code in ("KEN", "MLT", "TUV", "USA")
    ]


def test_drawing_changes_nothing_it_was_given():
    before = [frame_.copy() for frame_ in (KENYA, PROFILE, MARKS, PLACES, LINES)]

    list(pictures("x"))

    for now, then in zip((KENYA, PROFILE, MARKS, PLACES, LINES), before, strict=True):
        pd.testing.assert_frame_equal(now, then)


def test_with_three_genes_the_notes_stand_below_the_whole_circle():
    profile = pd.DataFrame(
        {
            "name": "Cash",
            "gene": ["A", "B", "C"],
            "n": 6,
            "mean": [2.0, 3.0, 4.0],
            "low": [1.5, 2.5, 3.5],
            "high": [2.5, 3.5, 4.5],
        }
    )
    few = ET.fromstring(radar_svg(profile, title="Cash", t=T, notes=["A note."]))
    circles = [float(e.get("r")) for e in few.iter(f"{SVG}circle")]

    # The circle is as high as twice its radius; title, notes and margins come on top of that.
    assert float(few.get("height")) > 2 * max(circles) + 60
