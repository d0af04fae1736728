"""Workbooks as .xlsx: what is read is what a person sees, and what cannot be trusted is said."""

import pytest
from bad_files import (
    HEADER,
    HEADER_ROW,
    MACRO_TYPE,
    cell,
    row,
    rows,
    sheet_xml,
    workbook_parts,
    xlsx,
    zipped,
)
from reading_files import cells, findings, refusal, refused_with, sheet

from gcs_data.incoming.read import read_here


def one_cell(content, **more):
    """The text of a single cell below the header “title”."""
    data = row(1, cell("A1", "title"), cell("B1", "year_started")) + row(
        2, content, cell("B2", 2024)
    )
    return cells(xlsx(data, **more))[0][0]


def test_a_sheet_is_text_with_the_row_of_each_line():
    read = sheet(xlsx(HEADER_ROW + rows(("kenya", "Cash", 2024), ("peru", "Water", 2025), first=2)))

    assert (read.name, read.header, read.header_line) == ("Stories", HEADER, 1)
    assert read.cells.to_numpy().tolist() == [["kenya", "Cash", "2024"], ["peru", "Water", "2025"]]
    assert (read.cells.index.name, read.cells.index.tolist()) == ("line", [2, 3])
    assert read.cells.columns.tolist() == [0, 1, 2]
    assert set(map(str, read.cells.dtypes)) == {"str"}
    assert (read.first_column, read.findings, read.dates) == (0, (), frozenset())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("5", "5"),
        ("1.5", "1.5"),
        ("0.10000000000000001", "0.1"),
        ("1E-7", "1e-07"),
        ("-0", "0"),
        ("999999999999999", "999999999999999"),
    ],
)
def test_numbers_are_written_as_people_write_them(value, text):
    assert one_cell(cell("A2", value, "n")) == text


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("1", "b", "true"),
        ("0", "b", "false"),
        ("2026-05-14", "d", "2026-05-14"),
        ("  two spaces  ", "inlineStr", "  two spaces  "),
        ("a_x000D_\nb", "inlineStr", "a\r\nb"),
        ("it's & < >", "str", "it's & < >"),
        ("'quoted", "inlineStr", "'quoted"),
        ("=1+1", "inlineStr", "=1+1"),
    ],
)
def test_other_kinds_of_cells_keep_what_they_say(value, kind, text):
    assert one_cell(cell("A2", value, kind)) == text


def test_shared_texts_may_be_rich_and_phonetic_readings_are_not_text():
    shared = (
        "<si><r><t>Wa</t></r><r><rPr><b/></rPr><t>ter</t></r>"
        '<rPh sb="0" eb="1"><t>spoken</t></rPh></si>'
    )

    assert one_cell(cell("A2", "0", "s"), shared=shared) == "Water"


def test_a_shared_text_that_is_empty_or_blank_is_no_disagreement():
    shared = '<si><t/></si><si><t xml:space="preserve">  </t></si><si/><si><t>x</t></si>'
    data = HEADER_ROW + row(
        2, *(cell(f"{'ABC'[at]}2", str(at), "s") for at in range(3)), cell("D2", "3", "s")
    )

    assert cells(xlsx(data, shared=shared)) == [["", "  ", "", "x"]]


def test_dates_are_marked_and_written_as_days():
    data = row(1, cell("A1", "rated_on"), cell("B1", "score")) + row(
        2, cell("A2", 46156, style=1), cell("B2", 46156.5, style=1)
    )
    read = sheet(xlsx(data, formats=(0, 14)))

    assert read.cells.to_numpy().tolist() == [["2026-05-14", "2026-05-14 12:00:00"]]
    assert read.dates == {(2, 0), (2, 1)}


def test_the_1904_calendar_is_honoured():
    data = row(1, cell("A1", "rated_on")) + row(2, cell("A2", 44694, style=1))
    read = sheet(xlsx(data, formats=(0, 14), about='<workbookPr date1904="1"/>'))

    assert read.cells.to_numpy().tolist() == [["2026-05-14"]]


@pytest.mark.parametrize(
    ("serial", "style", "text"),
    [
        (1, 1, "1900-01-01"),
        (59, 1, "1900-02-28"),
        (61, 1, "1900-03-01"),
        (0.5, 2, "12:00:00"),
        (1.5, 3, "36:00:00"),
    ],
)
def test_early_dates_times_and_durations_are_as_excel_shows_them(serial, style, text):
    assert one_cell(cell("A2", serial, style=style), formats=(0, 14, 20, 46)) == text


@pytest.mark.parametrize("format", [9, 10, "0.0%", '"about "0%'])
def test_a_percentage_is_text_as_it_is_shown_not_a_hundredth_of_it(format):
    assert one_cell(cell("A2", 0.45, style=1), formats=(0, format)) == "45%"


def test_a_quoted_percent_sign_makes_no_percentage():
    assert one_cell(cell("A2", 0.45, style=1), formats=(0, '0.00" %"')) == "0.45"


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!"])
def test_an_error_cell_is_a_finding_not_an_empty_cell(error):
    data = HEADER_ROW + row(2, cell("A2", "kenya"), cell("C2", error, "e", formula="1/0"))

    assert findings(xlsx(data)) == [("error_cell", 2, 2, error)]
    assert cells(xlsx(data)) == [["kenya", "", error]]


def test_an_error_that_the_reader_does_not_know_is_refused_with_its_cell():
    data = HEADER_ROW + row(2, cell("A2", "#BUSY!", "e"))

    code, values = refused_with(xlsx(data))
    assert (code, values["cell"], values["value"]) == ("upload_error_value", "A2", "#BUSY!")


def test_a_formula_gives_its_kept_result():
    data = HEADER_ROW + row(
        2, cell("A2", "kenya", "str", formula='"ken"&"ya"'), cell("C2", 5, formula="2+3")
    )

    assert cells(xlsx(data)) == [["kenya", "", "5"]]
    assert findings(xlsx(data)) == []


def test_a_formula_with_an_empty_text_as_result_is_an_empty_cell():
    data = HEADER_ROW + row(2, cell("A2", "kenya"), '<c r="B2" t="str"><f>""</f><v></v></c>')

    assert cells(xlsx(data)) == [["kenya", "", ""]]
    assert findings(xlsx(data)) == []


@pytest.mark.parametrize("value", ["", "<v></v>", "<v/>"])
def test_a_formula_without_a_result_is_a_finding_not_an_empty_cell(value):
    data = HEADER_ROW + row(2, cell("A2", "kenya"), f'<c r="C2"><f>A1&amp;"x"</f>{value}</c>')

    assert findings(xlsx(data)) == [("not_calculated", 2, 2, '=A1&"x"')]


def test_the_zero_that_a_program_writes_for_every_formula_is_no_result():
    data = HEADER_ROW + row(2, cell("A2", "kenya"), cell("C2", 0, formula="2000+24"))

    assert findings(xlsx(data)) == []
    assert findings(xlsx(data, about='<calcPr fullCalcOnLoad="1"/>')) == [
        ("not_calculated", 2, 2, "=2000+24")
    ]


def test_a_row_of_findings_alone_is_not_blank():
    data = HEADER_ROW + rows(("kenya", "Cash", 2024), first=2) + row(4, cell("B4", "#N/A", "e"))

    assert findings(xlsx(data)) == [("error_cell", 4, 1, "#N/A")]
    assert sheet(xlsx(data)).cells.index.tolist() == [2, 4]


def test_a_long_number_has_lost_digits_and_is_a_finding():
    data = HEADER_ROW + row(2, cell("A2", "1234567890123456789", "n"))

    assert findings(xlsx(data)) == [("long_number", 2, 0, "1.2345678901234568e+18")]


def test_merged_cells_in_the_table_are_findings_and_a_merged_title_is_none():
    merges = '<mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="B4:B5"/></mergeCells>'
    data = row(1, cell("A1", "Our stories")) + rows(
        HEADER, ("kenya", "Cash", 2024), ("peru", None, 2025), first=3
    )

    assert findings(xlsx(data, after=merges)) == [("merged", 4, 1, "B4:B5")]


def test_a_title_above_the_table_is_left_out_with_a_notice():
    data = row(1, cell("A1", "Our stories")) + rows(HEADER, ("kenya", "Cash", 2024), first=3)
    read = read_here(xlsx(data), "stories.xlsx")

    assert (read.sheets[0].header, read.sheets[0].header_line) == (HEADER, 3)
    (notice,) = read.notices
    assert (notice.code, notice.values) == (
        "rows_above_header", {"sheet": "Stories", "count": 1, "line": 3},
    )  # fmt: skip


def test_a_table_may_begin_anywhere():
    data = row(4, cell("C4", "story_id"), cell("D4", "title")) + row(
        6, cell("C6", "kenya"), cell("D6", "#REF!", "e")
    )
    read = sheet(xlsx(data))

    assert (read.header, read.header_line, read.first_column) == (("story_id", "title"), 4, 2)
    assert read.cells.index.tolist() == [6]
    assert [(one.line, one.column) for one in read.findings] == [(6, 1)]


def test_headers_may_repeat_or_be_blank_and_stay_as_they_are():
    data = rows(("title", "", "title", "Title "), ("a", "b", "c", "d"))

    assert sheet(xlsx(data)).header == ("title", "", "title", "Title ")
    assert cells(xlsx(data)) == [["a", "b", "c", "d"]]


def test_a_header_alone_is_a_table_without_rows():
    read = sheet(xlsx(HEADER_ROW))

    assert (read.header, read.cells.shape) == (HEADER, (0, 3))
    assert set(map(str, read.cells.dtypes)) == {"str"}


def test_formatted_empty_cells_do_not_count_however_far_they_reach():
    data = HEADER_ROW + rows(("kenya", "Cash", 2024), first=2)
    data += row(3, '<c r="XFD3" s="0"/>') + row(1048576, '<c r="A1048576" s="0"/>')

    assert cells(xlsx(data)) == [["kenya", "Cash", "2024"]]


def test_hidden_sheets_are_marked_and_sheets_without_a_table_are_named():
    chart = '<chartsheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    sheets = {
        "Stories": sheet_xml(HEADER_ROW),
        "Lists": sheet_xml(rows(("a",), ("b",))),
        "Deep": sheet_xml(rows(("a",))),
        "Blank": sheet_xml(),
    }
    parts = workbook_parts(sheets, states={"Lists": "hidden", "Deep": "veryHidden"})
    read = read_here(zipped(parts), "stories.xlsx")

    assert [(one.name, one.hidden) for one in read.sheets] == [
        ("Stories", False), ("Lists", True), ("Deep", True),
    ]  # fmt: skip
    assert read.skipped == ("Blank",)

    parts = workbook_parts({"Stories": sheet_xml(HEADER_ROW), "Chart 1": chart})
    links = parts["xl/_rels/workbook.xml.rels"]
    parts["xl/_rels/workbook.xml.rels"] = links.replace(
        'worksheet" Target="worksheets/sheet2', 'chartsheet" Target="worksheets/sheet2'
    )
    assert read_here(zipped(parts), "stories.xlsx").skipped == ("Chart 1",)


def test_every_dialect_of_the_same_sheet_reads_alike():
    expected = [["kenya", "Cash", "2024"]]
    plain = HEADER_ROW + rows(("kenya", "Cash", 2024), first=2)
    without_places = plain
    for ref in ("A1", "B1", "C1", "A2", "B2", "C2"):
        without_places = without_places.replace(f' r="{ref}"', "")
    prefixed = plain
    for name in ("row", "c", "v", "is", "t"):
        prefixed = prefixed.replace(f"<{name}", f"<x:{name}").replace(f"</{name}", f"</x:{name}")
    prefixed = prefixed.replace("<x:t xml", "<x:t xml")

    assert cells(xlsx(plain)) == expected
    assert cells(xlsx(plain, strict=True)) == expected
    assert cells(xlsx(without_places)) == expected
    assert cells(xlsx(prefixed, prefix="x")) == expected
    assert cells(xlsx(plain.replace('"', "'"))) == expected
    assert cells(xlsx(f'<!-- <c r="D9"><v>1</v></c> -->{plain}')) == expected
    assert cells(xlsx(plain, before='<dimension ref="A1:A1"/>')) == expected
    assert cells(xlsx(plain, before='<dimension ref="A1:XFD1048576"/>')) == expected


@pytest.mark.parametrize(
    "lost",
    [
        '<c r="A2"><v>1</v></c><c r="A2"><v>2</v></c>',  # One place twice.
        '<c r="A2"><v>5</v><f>1+4</f></c>',  # The reader expects the other order.
        '<c r="A2" t="str"><v><![CDATA[x]]></v></c>',
    ],
)
def test_a_cell_that_the_reader_would_lose_is_a_refusal(lost):
    assert refusal(xlsx(HEADER_ROW + row(2, lost))) == "upload_disagree"


def test_two_sheets_of_one_name_are_refused():
    parts = workbook_parts({"Stories": sheet_xml(HEADER_ROW), "Other": sheet_xml(HEADER_ROW)})
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace('"Other"', '"Stories"')

    assert refusal(zipped(parts)) == "upload_same_sheets"


def test_workbooks_with_macros_and_binary_ones_have_their_own_sentences():
    sheets = {"Stories": sheet_xml(HEADER_ROW)}
    plain = workbook_parts(sheets)

    assert refusal(zipped(workbook_parts(sheets, main_type=MACRO_TYPE)), "a.xlsm") == (
        "upload_macros"
    )
    assert refusal(zipped({**plain, "xl/vbaProject.bin": b"x"}), "a.xlsx") == "upload_macros"
    assert refusal(zipped({**plain, "xl/workbook.bin": b"x"}), "a.xlsb") == "upload_xlsb"


def test_a_workbook_of_blank_sheets_holds_no_table():
    assert refusal(xlsx()) == "upload_no_table"
    assert refusal(xlsx(rows(("  ", " ")))) == "upload_no_table"


def test_a_workbook_under_another_name_is_read_with_a_notice():
    content = xlsx(HEADER_ROW)

    (notice,) = read_here(content, "stories.csv").notices
    assert (notice.code, notice.values) == (
        "other_extension", {"extension": ".csv", "kind": "xlsx"},
    )  # fmt: skip
    assert read_here(content, "stories.XLSX").notices == ()
    assert read_here(content, "stories").notices == ()
    assert read_here(content, "stories v1.2 final").notices == ()
