import re

import pandas as pd

from figures.sequence import published_sequence
from words import words


def sequence(*genes):
    columns = ["name", "letter", "position", "dominant"]
    frame = pd.DataFrame(genes, columns=columns).astype({"position": "Int64"})
    return re.sub(r"<style>.*</style>", "", published_sequence(frame, t=words()), flags=re.S)


def test_an_order_is_an_ordered_list_in_which_dominant_genes_are_called_so_in_words():
    assert sequence(("Trust", "T", 1, True), ("Law", "L", 2, False)) == (
        '<ol class="gcs-sequence" aria-label="Published DNA, an order of genes">'
        '<li class="gcs-gene gcs-dominant"><span class="gcs-place">1</span>'
        '<b class="gcs-letter">T</b><span class="gcs-name">Trust</span>'
        '<span class="gcs-mark">dominant</span></li>'
        '<li class="gcs-gene"><span class="gcs-place">2</span>'
        '<b class="gcs-letter">L</b><span class="gcs-name">Law</span></li></ol>'
    )


def test_genes_published_without_an_order_are_no_ordered_list_and_have_no_place():
    html = sequence(("Trust", "T", None, True), ("Law", "L", None, True))

    assert html.startswith("<ul ")
    assert html.endswith("</ul>")
    assert "gcs-place" not in html


def test_a_gene_without_a_name_or_a_letter_is_still_there():
    html = sequence((None, "P", 1, False), ("Equity", None, 2, False))

    assert "no public name" in html
    assert '<b class="gcs-letter">Eq</b>' in html
    assert html.count("<li") == 2


def test_hostile_text_is_shown_not_run():
    evil = '<img src=x onerror="alert(1)">'
    html = sequence((evil, evil, 1, True))

    assert "<img" not in html
    assert html.count("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;") == 2
