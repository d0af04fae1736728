"""The page that people take home, as a PDF reader sees it."""

import math
import re
from datetime import date
from gettext import NullTranslations
from io import BytesIO

import pandas as pd
import pytest
from pypdf import PdfReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from room_results import EXPERTS, GENES, LONG_GENES, ROUND, movement, profile, room, whole_room

from exports import handout as module
from exports.handout import handout
from exports.handout_blocks import broken
from exports.room import Record
from exports.svg_pdf import BOLD, REGULAR, draw, register_fonts
from figures.svg_page import document, tag
from words import Words, words

T = words()
A4 = (595.28, 841.89)
# The longest title on record, and longer in French.
LONGEST = (
    "Convention de Malabo (Convention de l’Union africaine sur la cybersécurité et la protection "
    "des données à caractère personnel)"
)


class Longer(NullTranslations):
    """Every message half as long again, as a translation may be."""

    def gettext(self, message):
        return message + " " + "étendue " * (len(re.sub("{.*?}", "", message)) // 16)

    def ngettext(self, one, many, n):
        return self.gettext(one if n == 1 else many)


def read(result, t=T):
    return PdfReader(BytesIO(handout(result, t=t)))


def text(result, t=T):
    """Everything on the page as one line."""
    (page,) = read(result, t).pages
    return " ".join(page.extract_text().split())


def written(result, t=T):
    """Each piece of text with its place on the page and the size that it is seen at."""
    pieces = []

    def visit(piece, cm, tm, font, size):
        if piece.strip():
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            pieces.append((piece.strip(), x, y, size * abs(tm[0] * cm[0])))

    read(result, t).pages[0].extract_text(visitor_text=visit)
    return pieces


def test_it_is_one_page_of_a4_with_its_title_and_its_language():
    pdf = read(room(language="fr"), words("fr"))
    (page,) = pdf.pages

    assert [float(side) for side in page.mediabox[2:]] == pytest.approx(A4, abs=0.01)
    assert pdf.metadata.title == "Cash by phone – Cyber week, Nairobi, 14 mai 2026"
    assert pdf.trailer["/Root"]["/Lang"] == "fr"
    assert pdf.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata.author == "Good Cyber Stories dashboard"


def test_the_page_says_what_the_room_found_with_its_numbers_and_where_they_come_from():
    page = text(room())

    for said in (
        "Cash by phone",
        "Cyber week, Nairobi, 14 May 2026 · 12 phones joined; 10 ballots count; 1 round.",
        "The strongest gene of “Cash by phone” is Trust, at 4.3 of 5 (3.8 to 4.8; n = 10)",
        "Funding: 5 of 10 rate it 1 or 2, 5 rate it 4 or 5.",
        "Workshop ratings of this room: Cyber week, Nairobi, 14 May 2026, n = 10.",
        "A room is not a sample",
        "Sources of the story's facts: https://example.org/story; Annual report.pdf.",
        "Dashboard release 12. Room 7KQ4MX.",
    ):
        assert said in page
    assert {"4.3", "3.0", "not rated", "1 absent", "5 defining"} <= set(
        piece for piece, *_ in written(room())
    )


def test_text_is_text_in_embedded_fonts_and_pictures_are_vectors():
    (page,) = read(whole_room()).pages
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    embedded = [font for font in fonts if "/FontDescriptor" in font]

    assert {font["/BaseFont"].split("+")[1] for font in embedded} == {REGULAR, BOLD}
    assert all("/FontFile2" in font["/FontDescriptor"].get_object() for font in embedded)
    assert list(page.images) == []
    assert "/Annots" not in page


@pytest.mark.parametrize("t", [words("fr"), Words("fr", Longer())], ids=["French", "longer"])
def test_the_longest_story_with_ten_genes_in_french_is_one_page_that_can_be_read(t):
    genes = [words("fr")(gene) for gene in LONG_GENES]
    result = whole_room(
        genes,
        language="fr",
        story=LONGEST,
        occasion="Semaine internationale de la cybersécurité et du renforcement des capacités",
        sources=tuple(f"https://www.exemple-{n}.org/recits/convention" for n in range(6)),
        notes=("Douze bulletins de vote sur papier ont été saisis à la main.",),
    )
    pieces = written(result, t)
    page = text(result, t)

    assert LONGEST in page
    for gene in genes:
        assert all(word in page for word in gene.split())
    for piece, x, y, size in pieces:
        assert 0 < x < A4[0] and 0 < y < A4[1], piece
        assert x + pdfmetrics.stringWidth(piece, REGULAR, size) < A4[0], piece
    assert min(size for *_, size in pieces) > 5  # Numbers inside the pictures.
    assert sum(len(piece) for piece, *_, size in pieces if size > 6.5) > 1_500


def test_a_page_that_holds_too_much_is_set_smaller_and_nothing_is_left_out():
    sources = tuple(f"Report number {n}" for n in range(9))
    groups = {f"Table {n}": ROUND for n in range(1, 21)}
    whole = ROUND.assign(n=ROUND["n"] * 20)
    result = room(rounds=(whole,), groups=groups, notes=("word " * 20,) * 30, sources=sources)
    page = text(result)

    assert all(f"Table {n}" in page for n in range(1, 21))
    assert page.count("word word") >= 30
    assert "Report number 7 and 1 more" in page
    assert all(y > 0 for _, _, y, _ in written(result))


def test_a_rehearsal_says_so_above_the_page_and_inside_each_picture():
    result = whole_room(LONG_GENES[:7], rehearsal=True)
    page = text(result)

    assert "Illustrative: a rehearsal with made-up ratings" in page
    assert page.count("Illustrative ratings") == 3  # Radar, dots, arrows.
    assert "Made-up example ratings of a rehearsal" in page
    assert "llustrative" not in text(whole_room(LONG_GENES[:7]))


def test_a_group_of_four_is_not_on_the_page():
    page = text(whole_room())

    assert "Government" in page and "Civil society" in page
    assert "Academia" not in page
    assert "Groups of fewer than five people are not shown." in page


def test_experts_are_drawn_over_the_room_and_a_gene_only_they_rated_says_so():
    page = text(room(record=Record("Expert panel, 2025", "expert", EXPERTS)))

    assert "This room rates Trust higher by 2.6" in page
    assert "(not rated here)" in page


def test_a_published_order_is_words_and_not_an_outline():
    order = pd.DataFrame({"gene": ["Reach", "Trust"], "position": [1, 2]})
    page = text(room(record=Record("Published DNA", "published", order)))

    assert "The published DNA is an order and not a score" in page
    assert "Reach; then Trust." in page


def test_movement_is_said_and_drawn_with_the_sign_that_the_font_has():
    rows = movement(
        ("Trust", 3.5, 4.3, 0.8, 0.3, 1.3, 9),
        ("Funding", 3.2, 3.0, -0.2, -0.6, 0.2, 9),
        ("Reach", *[math.nan] * 5, 3),
    )
    page = text(room(movement=rows))

    assert "Trust went up by 0.8 (0.3 to 1.3)." in page
    assert all(value in page for value in ("+0.8", "–0.2", "too few"))


def test_a_room_in_which_nobody_voted_has_a_page_that_says_so():
    nobody = profile(dict.fromkeys(GENES, (0, 0, 0, 0, 0)))
    page = text(room(rounds=(nobody,), joined=0, voted=0, contested=()))

    assert "Nobody has rated the genes of “Cash by phone” yet." in page


@pytest.mark.parametrize(
    "title",
    ["<b>Trust</b> & <font size=90>", "(a) Tj ET \\) >> endobj", "Ћирилица, Ελληνικά, Łódź"],
)
def test_a_title_is_shown_letter_for_letter(title):
    result = room(story=title)

    assert title in text(result)
    assert read(result).metadata.title.startswith(title)


@pytest.mark.parametrize(
    ("title", "shown"),
    [("a\x00b", "a[U+0000]b"), ("\u202egnp", "[U+202E]gnp"), ("a\ud800b", "a[U+D800]b")],
)
def test_what_no_page_can_show_is_shown_by_its_number(title, shown):
    assert shown.replace("[U+0000]", " ").replace("[U+D800]", " ") in text(room(story=title))


def test_a_letter_that_the_font_lacks_is_seen_to_be_missing_and_the_title_keeps_it():
    result = room(story="Tokyo 東京")

    assert "Tokyo \ufffd\ufffd" in text(result)
    assert read(result).metadata.title.startswith("Tokyo 東京 –")


def test_equal_results_are_equal_files():
    assert handout(room(), t=T) == handout(room(), t=T)
    assert handout(room(), t=T) != handout(room(held_on=date(2026, 5, 15)), t=T)


def test_a_picture_with_something_unknown_is_an_error_and_not_a_hole():
    register_fonts()
    svg = document(tag("ellipse", rx=3, ry=2), width=10, height=10, paper="", alt="")

    with pytest.raises(KeyError, match="ellipse"):
        draw(Canvas(BytesIO()), svg, 0, 0, 10)


def test_pictures_are_drawn_once_however_often_the_page_is_tried(monkeypatch):
    drawn = []
    kept = module.radar_svg
    monkeypatch.setattr(module, "radar_svg", lambda *a, **k: drawn.append(1) or kept(*a, **k))
    handout(whole_room(), t=T)

    assert drawn == [1, 1]  # In two columns and in three.


def test_lines_are_broken_between_words_and_inside_a_word_that_is_too_wide():
    register_fonts()
    wide = pdfmetrics.stringWidth("two three", REGULAR, 10) + 0.1

    assert broken("one two three", wide, REGULAR, 10) == ["one two", "three"]
    assert "".join(broken("x" * 50, wide, REGULAR, 10)) == "x" * 50
    assert all(
        pdfmetrics.stringWidth(line, REGULAR, 10) <= wide
        for line in broken("x" * 50, wide, REGULAR, 10)
    )
