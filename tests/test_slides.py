"""The PowerPoint file as python-pptx, a spreadsheet reader and LibreOffice open it."""

import math
import re
import shutil
import subprocess
import zipfile
from datetime import date
from gettext import NullTranslations
from io import BytesIO

import openpyxl
import pandas as pd
import pypdf
import pytest
from lxml import etree
from pptx import Presentation
from pptx.util import Pt
from room_results import EXPERTS, GENES, LONG_GENES, ROUND, movement, profile, room, whole_room

from exports.room import Record
from exports.slides import presentation
from words import Words, words

T = words()
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
HOSTILE = [
    "=cmd|' /C calc'!A0",
    "@SUM(A1)",
    "<a:t>&amp;</a:t>]]>",
    "https://tracker.example/x.png",
    "a\x00b\x0b\ud800",
    "\u202egnp",
]


def opened(result, t=T):
    return Presentation(BytesIO(presentation(result, t=t)))


def titles(deck):
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def slide(deck, title):
    return next(each for each in deck.slides if each.shapes.title.text_frame.text.startswith(title))


def chart(deck, title):
    return next(shape.chart for shape in slide(deck, title).shapes if shape.has_chart)


def charts(deck):
    return [shape.chart for each in deck.slides for shape in each.shapes if shape.has_chart]


def sheet(drawn):
    blob = drawn.part.chart_workbook.xlsx_part.blob
    return openpyxl.load_workbook(BytesIO(blob))["Sheet1"]


def table(drawn):
    """The data sheet as columns by their headings."""
    rows = list(sheet(drawn).iter_rows(values_only=True))
    return {name: [row[place] for row in rows[1:]] for place, name in enumerate(rows[0])}


def texts(each):
    return [shape.text_frame.text for shape in each.shapes if shape.has_text_frame]


def notes(each):
    return each.notes_slide.notes_text_frame.text


def parts(content):
    with zipfile.ZipFile(BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


RECORD = Record("Expert panel, 2025", "expert", EXPERTS)
MOVED = movement(("Trust", 3.5, 4.3, 0.8, 0.3, 1.3, 9), ("Funding", 3.0, 3.0, 0.0, -0.6, 0.6, 9))


def test_a_room_that_was_asked_little_has_slides_only_for_what_it_found():
    assert titles(opened(room(contested=()))) == [
        "Cash by phone",
        "The result at a glance",
        "The DNA of Cash by phone",
        "How strong each gene is",
        "How far the room agrees",
        "Sources and method",
    ]


def test_what_a_room_may_have_comes_in_the_order_of_the_workshop():
    groups = {"Government": profile({"Trust": (0, 0, 0, 4, 1), "Funding": (2, 0, 0, 0, 3)})}
    deck = opened(room(record=RECORD, groups=groups, movement=MOVED))

    assert titles(deck)[5:] == [
        "This room and the record",
        "Group by group",
        "Where the room is divided",
        "What moved from round to round",
        "Sources and method",
    ]


def test_an_unrated_gene_is_a_gap_in_the_radar_and_labelled_and_never_zero():
    radar = chart(opened(room()), "The DNA of")
    (outline,) = radar.plots[0].series

    assert outline.values == (4.3, 3.0, None)
    assert list(radar.plots[0].categories) == ["Trust", "Funding", "Reach\n(not rated)"]
    assert radar._chartSpace.find(f".//{C}dispBlanksAs").get("val") == "gap"
    assert table(radar)["This room"] == [4.3, 3, None]


def test_every_scale_of_means_runs_from_0_to_5_and_is_never_fitted():
    deck = opened(whole_room())
    scales = [
        (
            drawn.value_axis.minimum_scale,
            drawn.value_axis.maximum_scale,
            drawn.value_axis.major_unit,
        )
        for drawn in charts(deck)
        if drawn is not chart(deck, "How far") and drawn.value_axis.visible
    ]

    assert len(scales) == 5
    assert set(scales) == {(0, 5, 1)}


def test_axes_are_in_the_order_of_the_round_in_every_radar():
    deck = opened(room(record=RECORD))
    orders = [
        [label.split("\n")[0] for label in chart(deck, title).plots[0].categories]
        for title in ("The DNA of", "This room and the record")
    ]

    assert orders == [GENES, GENES]


def test_bars_are_ordered_and_their_intervals_read_the_data_sheet():
    bars = chart(opened(room()), "How strong")
    values = table(bars)
    errors = bars._chartSpace.find(f".//{C}errBars")
    lengths = [float(v.text) for v in errors.find(f"{C}plus").iter(f"{C}v")]
    row = ROUND.set_index("gene").loc["Trust"]

    assert list(bars.plots[0].categories) == ["Trust", "Funding", "Reach (not rated)"]
    assert bars.category_axis.reverse_order
    assert values["low"][0] == pytest.approx(row["low"])
    assert lengths[0] == pytest.approx(row["high"] - row["mean"])
    assert values["interval_above"][:2] == pytest.approx(lengths)
    column = list(values).index("interval_above")
    letter = openpyxl.utils.get_column_letter(column + 1)
    assert errors.find(f"{C}plus//{C}f").text == f"Sheet1!${letter}$2:${letter}$4"


def test_parts_of_a_chart_stand_where_the_file_format_wants_them():
    wanted = ["tx", "spPr", "invertIfNegative", "dLbls", "errBars", "cat", "val"]
    bars = chart(opened(room()), "How strong")
    (series,) = bars._chartSpace.iter(f"{C}ser")
    names = [etree.QName(child).localname for child in series]
    axis = [etree.QName(child).localname for child in bars._chartSpace.find(f".//{C}catAx")]

    assert [name for name in names if name in wanted] == [n for n in wanted if n in names]
    assert "errBars" in names
    assert axis.index("tickLblSkip") == axis.index("lblOffset") + 1
    assert not list(chart(opened(room()), "The DNA")._chartSpace.iter(f"{C}smooth"))


def test_below_five_ratings_there_is_no_interval():
    few = profile({"Trust": (0, 0, 1, 2, 1), "Funding": (0, 0, 0, 2, 0), "Reach": (0, 0, 0, 1, 0)})
    bars = chart(opened(room(rounds=(few,), contested=())), "How strong")
    errors = bars._chartSpace.find(f".//{C}errBars")

    assert list(errors.iter(f"{C}v")) == []
    assert table(bars)["low"] == [None, None, None]


def test_the_spread_is_how_many_gave_each_score():
    spread = chart(opened(room()), "How far")

    assert [series.name for series in spread.plots[0].series] == [
        "1 absent", "2", "3", "4", "5 defining",
    ]  # fmt: skip
    assert [series.values for series in spread.plots[0].series] == [
        (0, 3, None), (0, 2, None), (1, 0, None), (5, 2, None), (4, 3, None),
    ]  # fmt: skip


def test_the_record_is_drawn_over_the_room_and_never_merged_with_it():
    both = chart(opened(room(record=RECORD)), "This room and the record")
    values = table(both)

    assert [series.name for series in both.plots[0].series] == ["This room", "Expert panel, 2025"]
    assert values["This room"] == [4.3, 3, None]
    assert values["Expert panel, 2025"] == pytest.approx([10 / 6, 3, 4])
    assert (values["n"], values["record_n"]) == ([10, 10, 0], [6, 6, 6])
    assert list(both.plots[0].categories)[2] == "Reach\n(not rated here)"


def test_a_published_order_is_an_order_and_not_put_on_the_scale():
    order = pd.DataFrame({"gene": ["Reach", "Trust"], "position": [1, 2]})
    shown = slide(
        opened(room(record=Record("Published DNA", "published", order))), "This room and the record"
    )
    (grid,) = [shape.table for shape in shown.shapes if shape.has_table]

    assert [[cell.text for cell in row.cells] for row in grid.rows] == [
        ["Published DNA", "This room, by mean"],
        ["1. Reach", "1. Trust (4.3)"],
        ["2. Trust", "2. Funding (3.0)"],
    ]
    assert not any(shape.has_chart for shape in shown.shapes)


def test_a_group_of_four_is_in_no_part_of_the_file():
    content = presentation(whole_room(), t=T)
    written = b"".join(
        b"".join(parts(part).values()) if name.endswith(".xlsx") else part
        for name, part in parts(content).items()
    )

    assert b"Civil society" in written
    assert b"Academia" not in written  # Three people.


def test_groups_are_side_by_side_three_to_a_slide():
    group = profile({"Trust": (0, 0, 0, 5, 0), "Funding": (0, 0, 5, 0, 0)})
    groups = {f"Group {number}": group for number in range(1, 5)}
    whole = profile({"Trust": (0, 0, 0, 20, 0), "Funding": (0, 0, 20, 0, 0)})
    deck = opened(room(rounds=(whole,), groups=groups, contested=()))
    shown = [each for each in deck.slides if "Group by group" in texts(each)]
    names = [
        [series.name for shape in each.shapes if shape.has_chart for series in shape.chart.series]
        for each in shown
    ]

    assert names == [["Group 1", "Group 2", "Group 3"], ["Group 4"]]
    (first, *_) = charts(deck)[3:]
    assert table(first)["Group 1 n"] == [5, 5]


def test_the_same_name_for_two_groups_keeps_both():
    whole = profile({"Trust": (0, 0, 0, 6, 6)})
    low, high = profile({"Trust": (0, 0, 0, 6, 0)}), profile({"Trust": (0, 0, 0, 0, 6)})
    groups = {"x" * 70 + "a": low, "x" * 70 + "b": high}
    bars = chart(opened(room(rounds=(whole,), groups=groups, contested=())), "Group by group")

    assert [series.values for series in bars.plots[0].series] == [(4.0,), (5.0,)]


def test_a_contested_gene_stands_with_its_question_and_its_camps():
    words_on_it = "\n".join(texts(slide(opened(room()), "Where the room is divided")))

    assert "What do those who rate Funding high know that the others do not?" in words_on_it
    assert "Funding: 5 of 10 rate it 1 or 2, 5 rate it 4 or 5." in words_on_it


def test_movement_is_two_bars_per_gene_with_the_interval_in_the_data_sheet():
    bars = chart(opened(room(movement=MOVED)), "What moved")
    values = table(bars)

    assert [series.values for series in bars.plots[0].series] == [(3.5, 3.0), (4.3, 3.0)]
    assert (values["difference"], values["low"], values["high"]) == (
        [0.8, 0],
        [0.3, -0.6],
        [1.3, 0.6],
    )


def test_a_gene_that_too_few_rated_twice_has_no_bars_and_says_why():
    rows = movement(("Trust", 3.5, 4.3, 0.8, 0.3, 1.3, 9), ("Reach", *[math.nan] * 5, 3))
    bars = chart(opened(room(movement=rows)), "What moved")

    assert list(bars.plots[0].categories) == ["Trust", "Reach (too few)"]
    assert [series.values for series in bars.plots[0].series] == [(3.5, None), (4.3, None)]


def test_a_first_round_that_has_an_empty_movement_has_no_slide_for_it():
    assert "What moved from round to round" not in titles(opened(room(movement=MOVED.iloc[:0])))


def test_every_slide_with_a_chart_says_whose_numbers_these_are_on_itself_and_in_its_notes():
    deck = opened(whole_room())
    drawn = [each for each in deck.slides if any(shape.has_chart for shape in each.shapes)]

    assert len(drawn) == 6
    for each in drawn:
        for said in ("\n".join(texts(each)), notes(each)):
            assert (
                "Workshop ratings of this room: Cyber week, Nairobi, 14 May 2026, n = 23." in said
            )
            assert "Sources: this room; example.org; Annual report.pdf." in said
        assert "https://example.org/story" in notes(each)


def test_the_notes_of_a_chart_are_its_reading_sentence_and_so_is_its_alternative_text():
    deck = opened(room())
    sentence = (
        "The strongest gene of “Cash by phone” is Trust, at 4.3 of 5 (3.8 to 4.8; n = 10); raters "
        "fall into two camps on Funding; not rated: Reach."
    )

    for title in ("The DNA of", "How strong"):
        each = slide(deck, title)
        assert sentence in notes(each)
        (frame,) = [shape for shape in each.shapes if shape.has_chart]
        assert frame._element.nvGraphicFramePr.cNvPr.get("descr") == sentence


def test_a_rehearsal_says_so_on_every_slide_in_every_note_and_in_every_data_sheet():
    deck = opened(whole_room(rehearsal=True))
    mark = "Illustrative: a rehearsal with made-up ratings"

    assert all(mark in texts(each) and notes(each).startswith(mark) for each in deck.slides)
    kinds = [set(table(drawn).get("provenance", ["-"])) for drawn in charts(deck)]
    assert {"illustrative"} in kinds and {"workshop"} not in kinds
    assert not any(mark in texts(each) for each in opened(room()).slides)


def test_no_type_is_smaller_than_18_points():
    content = presentation(whole_room(rehearsal=True), t=T)
    written = [
        (name, int(size))
        for name, part in parts(content).items()
        if re.fullmatch(r"ppt/(slides|charts)/[^/]+\.xml", name)
        for size in re.findall(rb'\bsz="(\d+)"', part)
    ]

    assert len(written) > 50
    assert min(size for _, size in written) == 1800


class Longer(NullTranslations):
    """Every message half as long again, as a translation may be."""

    def gettext(self, message):
        return message + " ‹" + "é" * (len(re.sub("{.*?}", "", message)) // 2) + "›"

    def ngettext(self, one, many, n):
        return self.gettext(one if n == 1 else many)


@pytest.mark.parametrize("t", [words("fr"), Words("fr", Longer())], ids=["French", "longer"])
def test_long_names_in_french_are_whole_and_every_gene_has_its_label(t):
    genes = [t(gene) for gene in LONG_GENES]
    story = "École nationale de cybersécurité à vocation régionale pour l’Afrique de l’Ouest"
    deck = opened(whole_room(genes, language="fr", story=story), t)

    assert titles(deck)[0] == story
    for drawn in charts(deck):
        assert drawn._chartSpace.find(f".//{C}manualLayout") is not None
    shown = " ".join(chart(deck, t("The DNA of {title}", title=story)).plots[0].categories)
    unspaced = "".join(shown.split())  # Lines may break anywhere; no letter may be missing.
    assert all("".join(gene.split()) in unspaced for gene in genes)
    assert "…" not in "".join(text for each in deck.slides for text in texts(each))


def test_text_is_in_the_language_of_the_room_for_whoever_reads_it_aloud():
    deck = opened(room(language="fr"), words("fr"))
    runs = [
        run._r.get_or_add_rPr().get("lang")
        for each in deck.slides
        for shape in each.shapes
        if shape.has_text_frame
        for paragraph in shape.text_frame.paragraphs
        for run in paragraph.runs
    ]

    assert set(runs) == {"fr-FR"}
    assert (deck.core_properties.language, deck.core_properties.title) == ("fr-FR", "Cash by phone")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_from_outside_is_shown_and_never_run_or_followed(text):
    shown = {"story": text, "occasion": text, "place": text, "sources": (text,), "notes": (text,)}
    gene = text.replace("\ud800", "")  # No frame can hold half a letter.
    bad = ROUND.assign(gene=[gene, "Funding", "Reach"])
    record = Record(text, "expert", EXPERTS.assign(gene=bad["gene"]))
    content = presentation(
        room(rounds=(bad,), record=record, groups={text: bad}, contested=(gene,), **shown), t=T
    )

    for name, part in parts(content).items():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(part)
            assert b"TargetMode" not in part
    for drawn in charts(Presentation(BytesIO(content))):
        cells = [cell for row in sheet(drawn).iter_rows() for cell in row]
        assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)


def test_a_title_is_shown_letter_for_letter():
    title = "<b>Trust & “care”</b> {n} _x0041_ %s"

    assert titles(opened(room(story=title)))[0] == title


def test_a_title_without_end_is_cut_visibly_and_whole_in_the_properties_up_to_their_limit():
    deck = opened(room(story="word " * 2_000))

    assert titles(deck)[0].endswith("…")
    assert len(deck.core_properties.title) == 255


@pytest.mark.parametrize("genes", [1, 2, 10])
def test_a_room_may_rate_any_number_of_genes(genes):
    few = profile({f"Gene {number}": (1, 1, 1, 1, 1) for number in range(genes)})
    deck = opened(room(rounds=(few,), contested=()))

    assert len(chart(deck, "The DNA of").plots[0].series[0].values) == genes


def test_a_room_in_which_nobody_voted_has_slides_that_say_so():
    nobody = profile(dict.fromkeys(GENES, (0, 0, 0, 0, 0)))
    deck = opened(room(rounds=(nobody,), joined=0, voted=0, contested=()))

    assert "Nobody has rated the genes of “Cash by phone” yet." in texts(deck.slides[1])[1]
    assert chart(deck, "The DNA").plots[0].series[0].values == (None, None, None)


def test_equal_results_are_equal_files():
    assert presentation(whole_room(), t=T) == presentation(whole_room(), t=T)
    assert presentation(room(), t=T) != presentation(room(held_on=date(2026, 5, 15)), t=T)


def test_the_deck_is_wide_and_holds_nothing_of_the_library_s_own():
    content = presentation(room(), t=T)
    deck = Presentation(BytesIO(content))

    assert (deck.slide_width, deck.slide_height) == (Pt(960), Pt(540))
    assert [layout.name for layout in deck.slide_layouts] == ["Title Slide", "Title Only"]
    assert not [name for name in parts(content) if "thumbnail" in name or "printer" in name]
    assert deck.core_properties.author == "Good Cyber Stories dashboard"


@pytest.mark.timeout(300)
def test_libreoffice_opens_every_slide_and_shows_its_title_and_numbers(tmp_path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-impress")
    result = whole_room(LONG_GENES[:7])
    (tmp_path / "room.pptx").write_bytes(presentation(result, t=T))
    own = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = [office, own, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run(
        [*convert, str(tmp_path / "room.pptx")], check=True, capture_output=True, timeout=600
    )
    pages = [page.extract_text() for page in pypdf.PdfReader(tmp_path / "room.pdf").pages]
    shown = [" ".join(page.split()) for page in pages]

    deck = opened(result)
    assert len(shown) == len(deck.slides)
    for page, title in zip(shown, titles(deck), strict=True):
        assert title in page
    means = [f"{mean:.1f}" for mean in result.last["mean"].dropna()]
    bars = shown[titles(deck).index("How strong each gene is")]
    assert all(mean in bars for mean in means)
    assert all(gene in bars for gene in result.genes)
