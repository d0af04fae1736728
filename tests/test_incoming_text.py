"""CSV and TSV: encodings, delimiters, rows and quotation marks, without a guess."""

import codecs

import pandas as pd
import pytest
from reading_files import cells, findings, refusal, refused_with, sheet

from exports.csv_file import DANGEROUS, csv_bytes
from gcs_data.incoming.read import read_here

NAME = "stories.csv"
FRENCH = "story_id,title\nkenya,Côte d’Ivoire\n"


def rows(text, name=NAME):
    return cells(text.encode(), name)


def test_lines_are_those_of_the_file_and_blank_ones_are_left_out():
    read = sheet(b"\r\nstory_id,title\r\n,\r\nkenya,Cash\r\n\r\nperu,Water", NAME)

    assert (read.header, read.header_line) == (("story_id", "title"), 2)
    assert read.cells.index.tolist() == [4, 6]
    assert read.cells.to_numpy().tolist() == [["kenya", "Cash"], ["peru", "Water"]]


def test_a_row_stands_on_the_line_on_which_it_begins():
    read = sheet(b'story_id,title\nkenya,"two\nlines"\nperu,Water\n', NAME)

    assert read.cells.index.tolist() == [2, 4]
    assert read.cells.iloc[0, 1] == "two\nlines"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(end):
    assert rows(f"story_id,title{end}kenya,Cash{end}") == [["kenya", "Cash"]]


@pytest.mark.parametrize(
    "content",
    [
        FRENCH.encode(),
        codecs.BOM_UTF8 + FRENCH.encode(),
        codecs.BOM_UTF16_LE + FRENCH.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + FRENCH.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + FRENCH.encode("utf-32-le"),
        FRENCH.encode("utf-16-le"),
        FRENCH.encode("utf-16-be"),
    ],
)
def test_unicode_is_known_by_its_mark_or_its_nuls_and_needs_no_notice(content):
    read = read_here(content, NAME)

    assert read.sheets[0].header == ("story_id", "title")
    assert read.sheets[0].cells.to_numpy().tolist() == [["kenya", "Côte d’Ivoire"]]
    assert read.notices == ()


def test_anything_else_is_taken_for_cp1252_with_a_notice_that_shows_what_depends_on_it():
    read = read_here(FRENCH.encode("cp1252"), NAME)

    assert read.sheets[0].cells.iloc[0, 1] == "Côte d’Ivoire"
    (notice,) = read.notices
    assert (notice.code, notice.values) == (
        "assumed_encoding", {"encoding": "cp1252", "sample": "Côte d’Ivoire"},
    )  # fmt: skip


def test_the_uploader_can_choose_another_encoding():
    content = "story_id,title\nłódź,Łódź\n".encode("cp1250")

    assert read_here(content, NAME).sheets[0].cells.iloc[0, 1] != "Łódź"
    read = read_here(content, NAME, encoding="cp1250")
    assert (read.sheets[0].cells.iloc[0, 1], read.notices) == ("Łódź", ())
    assert refused_with(content, NAME, encoding="utf-8")[1]["line"] == 2
    with pytest.raises(ValueError, match="'johab' is not one of"):
        read_here(content, NAME, encoding="johab")


def test_bytes_that_no_encoding_explains_are_refused():
    assert refusal(b"story_id,title\nkenya,\x81\x8d\n", NAME) == "upload_encoding_unknown"
    code, values = refused_with(codecs.BOM_UTF8 + b"story_id\na\nb\xe9\n", NAME)
    assert (code, values["line"]) == ("upload_encoding", 3)


def test_a_nul_is_refused_with_line_and_character():
    code, values = refused_with(b"story_id,title\r\nkenya,Ca\0sh\r\n", NAME)

    assert (code, values["line"], values["column"]) == ("upload_nul", 2, 9)


@pytest.mark.parametrize(
    ("delimiter", "kind", "comma"),
    [(",", "csv", False), (";", "csv", True), ("\t", "tsv", False), ("|", "csv", False)],
)
def test_the_delimiter_is_the_one_whose_header_has_our_columns(delimiter, kind, comma):
    # Other signs stand in the cells more often than the delimiter.
    line = delimiter.join(["story_id", "title", "topics"])
    other = "|" if delimiter != "|" else ";"
    content = f"{line}\n{delimiter.join(['kenya', 'Cash', other.join('abcdefgh')])}\n".encode()
    read = read_here(content, "stories.txt")

    assert read.kind == kind
    assert read.sheets[0].header == ("story_id", "title", "topics")
    assert read.sheets[0].decimal_comma is comma
    assert read.notices == ()


def test_headers_in_other_languages_and_spellings_find_the_delimiter():
    assert sheet("Titre;Année de début\nA,b;2024\n".encode(), NAME).decimal_comma
    assert sheet(b"Story ID|TITLE\nkenya|Cash\n", NAME).header == ("Story ID", "TITLE")


def test_without_any_of_our_headers_the_delimiter_splits_every_row_alike():
    assert rows("x;y\n1,5;2\n3,5;4\n") == [["1,5", "2"], ["3,5", "4"]]
    assert rows("x\n1\n2\n") == [["1"], ["2"]]
    assert not sheet(b"x\n1\n2\n", NAME).decimal_comma


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;"])
def test_the_line_in_which_excel_names_the_delimiter_is_no_row(first):
    read = sheet(f"{first}\r\nstory_id;title\r\nkenya;Cash\r\n".encode(), NAME)

    assert (read.header, read.header_line, read.cells.index.tolist()) == (
        ("story_id", "title"), 2, [3],
    )  # fmt: skip


def test_a_number_with_a_comma_in_a_comma_file_is_a_ragged_row():
    content = b"story_id,score\nkenya,1,5\nperu,2\n"

    assert findings(content, NAME) == [("ragged", 2, None, "kenya,1,5")]
    assert sheet(content, NAME).findings[0].values == {"found": 3, "expected": 2}
    assert cells(content, NAME) == [["kenya", "1"], ["peru", "2"]]


def test_short_and_long_rows_are_findings_with_their_lines():
    content = b"story_id,title,topics\nkenya,Cash\nperu,Water,a,b\nmali,Rain,\nchad,Sun,x,,\n"

    assert findings(content, NAME) == [
        ("ragged", 2, None, "kenya,Cash"), ("ragged", 3, None, "peru,Water,a,b"),
    ]  # fmt: skip


def test_columns_that_are_empty_throughout_are_left_out_at_the_edges_only():
    read = sheet(b",story_id,,title,,\n,kenya,,Cash,,\n,peru\n", NAME)

    assert (read.header, read.first_column) == (("story_id", "", "title"), 1)
    assert [one.rule for one in read.findings] == ["ragged"]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b'story_id,title\nkenya,Cash\nperu,"Water\nmali,Rain\n', 3),
        (b'story_id,title\nkenya,"Cash" for all\n', 2),
        (b'story_id,title\nkenya,"one,two\nperu,"three\n', 2),
    ],
)
def test_quotation_marks_that_do_not_fit_are_refused_with_the_line_of_their_row(content, line):
    code, values = refused_with(content, NAME)

    assert (code, values["line"]) == ("upload_quote", line)


def test_quotation_marks_inside_a_plain_cell_are_text():
    assert rows('story_id,title\nkenya,5" pipe\n') == [["kenya", '5" pipe']]


@pytest.mark.parametrize("start", [*DANGEROUS, "'", "''", "'="])
def test_what_an_export_guards_comes_back(start):
    if start == "\0":
        return  # Text has none; a file with one is refused.
    table = pd.DataFrame({"title": [f"{start}1+1", "plain", start], "topics": ["a", "b", "c"]})

    assert [line[0] for line in cells(csv_bytes(table), NAME)] == table["title"].tolist()


@pytest.mark.parametrize("text", ["'quoted'", "'", "'tis", "’=1"])
def test_an_apostrophe_that_guards_nothing_stays(text):
    assert rows(f"title,topics\n{text},x\n") == [[text, "x"]]


def test_an_apostrophe_in_a_workbook_is_text():
    from bad_files import rows as sheet_rows
    from bad_files import xlsx

    assert cells(xlsx(sheet_rows(("title",), ("'=1",)))) == [["'=1"]]


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#NOM?", "#¡VALOR!"])
def test_an_error_that_a_spreadsheet_wrote_as_text_is_a_finding(error):
    content = f"story_id,title\nkenya,{error}\nperu,see {error}\n".encode()

    assert findings(content, NAME) == [("error_cell", 2, 1, error)]


def test_a_title_above_the_header_is_left_out_with_a_notice():
    read = read_here(b"Our stories\nas of 2026,,\nstory_id,title\nkenya,Cash\n", NAME)

    assert (read.sheets[0].header_line, read.sheets[0].findings) == (3, ())
    assert [(one.code, one.values["count"]) for one in read.notices] == [("rows_above_header", 2)]


def test_one_column_is_enough_and_so_is_a_header():
    assert rows("title\nCash\nWater\n") == [["Cash"], ["Water"]]
    assert sheet(b"story_id,title\n", NAME).cells.shape == (0, 2)


def test_a_long_cell_is_whole():
    long = "word " * 60_000

    assert rows(f'title,topics\n"{long}",x\n') == [[long, "x"]]


def test_more_than_200_columns_are_refused_and_empty_ones_do_not_count():
    wide = ",".join(f"c{number}" for number in range(200))

    assert len(sheet(f"{wide},,,,\n1\n".encode(), NAME).header) == 200
    assert refused_with(f"{wide},more\n".encode(), NAME)[1]["found"] == 201


@pytest.mark.parametrize("content", [b"\n\r\n", codecs.BOM_UTF8, b" , ,\n", b"\x1a"])
def test_a_text_without_text_holds_no_table(content):
    assert refusal(content, NAME) == "upload_no_table"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "upload_empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "upload_pdf"),
        (b"\n<!DOCTYPE html><html><table>", "upload_html"),
        (b"<html xmlns:x='urn:schemas-microsoft-com:office:excel'>", "upload_html"),
        ("\ufeff<table><tr><td>1</td></tr></table>".encode("utf-16-le"), "upload_html"),
        (b"<?xml version='1.0'?><html>", "upload_html"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "upload_html"),
        (b"<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?><Workbook>", "upload_xml"),
        (b"{\\rtf1 text}", "upload_other_document"),
        (b"\x1f\x8b\x08\0\0\0", "upload_archive"),
        (b"7z\xbc\xaf\x27\x1c\0\4", "upload_archive"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 9, "upload_unknown"),
        (b"PK\x05\x06" + bytes(18), "upload_archive"),
    ],
)
@pytest.mark.parametrize("name", ["stories.xls", "stories.csv"])
def test_what_is_no_spreadsheet_has_its_own_sentence_whatever_its_name(content, code, name):
    assert refusal(content, name) == code


@pytest.mark.parametrize("name", ["~$stories.xlsx", ".~lock.stories.ods#"])
def test_a_lock_file_has_its_sentence(name):
    assert refusal(b"\5staff" + bytes(159), name) == "upload_lock_file"


def test_words_that_begin_like_another_format_are_text():
    assert rows("PK,title\n1,Cash\n") == [["1", "Cash"]]
    assert rows("PAR1,title\n1,Cash\n") == [["1", "Cash"]]
    assert rows("PARENT,title\n1,PARE") == [["1", "PARE"]]


def test_more_than_20_megabytes_are_refused_before_anything_is_read():
    code, values = refused_with(b"x" * (20 * 2**20 + 1), NAME)

    assert (code, values["found"], values["most"]) == ("upload_too_big", "20.0", 20)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "../../etc/passwd"),
        ("a\nb\0c.csv", "a\ufffdb\ufffdc.csv"),
        ("evil\u202excod.csv", "evil\ufffdxcod.csv"),
        ("x" * 500, "x" * 119 + "…"),
        ("\ud800.csv", "\ufffd.csv"),
    ],
)
def test_a_hostile_name_is_only_shown_and_harmlessly(name, shown):
    read = read_here(b"story_id,title\nkenya,Cash\n", name)

    assert read.file_name == shown
    assert refused_with(b"", name)[1]["name"] == shown
