"""Files made to hurt: each is refused in one sentence, by looking before reading."""

import pytest
from bad_files import (
    HEADER_ROW,
    cell,
    ods,
    ods_cell,
    ods_row,
    ods_table,
    row,
    rows,
    sheet_xml,
    workbook_parts,
    xlsx,
    zipped,
)
from reading_files import cells, refusal, refused_with, sheet

TEXT = 'office:value-type="string"'


def parts(data=HEADER_ROW, **more):
    return workbook_parts({"Stories": sheet_xml(data)}, **more)


def test_a_single_far_cell_is_refused_by_its_name():
    content = xlsx(HEADER_ROW + row(1048576, cell("XFD1048576", 1)))

    assert len(content) < 2_000
    code, values = refused_with(content)
    assert (code, values["cell"]) == ("upload_sheet_columns", "XFD1048576")


def test_a_far_row_is_refused_where_the_space_between_would_fill_the_memory():
    wide = rows(("title",)) + row(2, cell("GR2", 1)) + row(1048576, cell("A1048576", 1))

    assert refused_with(xlsx(wide))[1]["row"] == 1048576


def test_a_stray_cell_below_a_table_of_ours_is_read_with_its_row():
    data = HEADER_ROW + row(2, cell("K2", 1)) + row(1048576, cell("K1048576", 1))
    read = sheet(xlsx(data), here=False)

    assert read.cells.index.tolist() == [2, 1048576]


def test_columns_count_to_200_in_a_workbook_too():
    assert len(sheet(xlsx(row(1, cell("A1", "title"), cell("GR1", "x")))).header) == 200
    assert refusal(xlsx(row(1, cell("A1", "title"), cell("GS1", "x")))) == "upload_sheet_columns"


@pytest.mark.heavy
def test_more_than_two_million_filled_cells_are_refused_over_all_sheets():
    line = "".join(f'<c r="{column}{{0}}"><v>1</v></c>' for column in "ABCDEFGHIJ")
    half = "".join(f'<row r="{at}">{line.format(at)}</row>' for at in range(1, 100_002))
    content = zipped(workbook_parts({"One": sheet_xml(half), "Two": sheet_xml(half)}))

    code, values = refused_with(content)
    assert (code, values["sheet"], values["most"]) == ("upload_sheet_cells", "Two", 2)


@pytest.mark.parametrize(
    ("columns", "lines"), [(150, 13_334), (1, 2_000_001), (100, 10**18), (1, 10**18)]
)
def test_repeats_of_a_small_ods_count(columns, lines):
    bomb = ods_row(ods_cell("x", TEXT, times=columns), times=lines)

    assert refusal(ods(ods_table(bomb)), "a.ods") == "upload_sheet_cells"


def test_repeats_to_the_right_and_empty_ones_in_between_count_too():
    wide = ods_row(ods_cell("x", TEXT, times=201))
    assert refusal(ods(ods_table(wide)), "a.ods") == "upload_sheet_columns"
    gap = (ods_row("title", "x"), ods_row(ods_cell(), times=10**9), ods_row("x"))
    assert refusal(ods(ods_table(*gap)), "a.ods") == "upload_far_cell"


def test_a_part_that_unpacks_to_more_than_200_times_its_size_is_refused_by_its_name():
    code, values = refused_with(zipped({**parts(), "xl/media/x.png": b" " * 3_000_000}))

    assert (code, values["part"]) == ("upload_ratio", "xl/media/x.png")
    assert refusal(zipped(parts(" " * 30_000_000))) == "upload_ratio"


def test_a_small_part_may_be_as_empty_as_it_likes():
    assert cells(zipped({**parts(), "xl/media/x.png": b" " * 900_000})) == []


def test_parts_that_unpack_to_more_than_200_megabytes_together_are_refused():
    # 100 times its size each: no single part stands out.
    part = (bytes(range(256)) * 40 + bytes(2**20))[: 2**20]
    bomb = {f"xl/media/{number}.png": part for number in range(200)}

    assert refusal(zipped({**parts(), **bomb})) == "upload_inflated"


def test_what_a_container_says_of_its_sizes_is_not_believed():
    content = bytearray(zipped({**parts(), "xl/media/x.png": b" " * 3_000_000}))
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = (1000).to_bytes(4, "little")

    assert refusal(bytes(content)) in ("upload_ratio", "upload_damaged")


def test_more_than_2000_parts_are_refused():
    assert refusal(zipped({**parts(), **{f"x{number}": b"" for number in range(2000)}})) == (
        "upload_parts"
    )


def test_containers_in_a_container_are_never_opened():
    inner = zipped({"bomb.xml": b" " * 10_000_000})

    assert cells(zipped({**parts(), "xl/embeddings/inner.zip": inner})) == []
    assert refusal(zipped({"inner.zip": inner})) == "upload_archive"


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "a.xml"]
)
@pytest.mark.parametrize(
    "declared", ["<!DOCTYPE a>", '<!DOCTYPE a [<!ENTITY b "c">]>', '<!ENTITY b SYSTEM "file:///">']
)
def test_a_declared_document_type_or_entity_is_refused_by_its_part(part, declared):
    content = parts()
    content[part] = declared + content.get(part, "<a/>")
    assert refused_with(zipped(content))[1]["part"] == part

    content[part] = (declared + "<a/>").encode("utf-16")
    assert refusal(zipped(content)) == "upload_doctype"


def test_text_that_only_speaks_of_a_document_type_is_text():
    assert cells(xlsx(HEADER_ROW + rows(("<!DOCTYPE a>", "<!ENTITY b>"), first=2))) == [
        ["<!DOCTYPE a>", "<!ENTITY b>", ""]
    ]


def test_a_container_with_a_password_two_parts_of_one_name_or_no_end_has_its_sentence():
    whole = xlsx(HEADER_ROW)

    assert refusal(zipped(parts(), encrypted=True)) == "upload_password"
    twice = {**parts(), "XL/Worksheets/Sheet1.xml": sheet_xml(rows(("other",)))}
    assert refusal(zipped(twice)) == "upload_damaged"
    assert refusal(whole[:-30]) == "upload_damaged"
    assert refusal(whole[: len(whole) // 2]) == "upload_damaged"


@pytest.mark.parametrize("missing", sorted({*parts()} - {"[Content_Types].xml", "xl/styles.xml"}))
def test_a_workbook_without_one_of_its_parts_breaks_nothing(missing):
    content = {name: part for name, part in parts().items() if name != missing}

    assert missing == "xl/sharedStrings.xml" or refusal(zipped(content), here=False).startswith(
        "upload_"
    )


def test_other_kinds_of_containers_have_their_sentences():
    assert refusal(zipped({"word/document.xml": "<a/>"})) == "upload_other_document"
    assert refusal(zipped({"ppt/presentation.xml": "<a/>"})) == "upload_other_document"
    assert refusal(zipped({"Index/Document.iwa": b"x"}), "a.numbers") == "upload_numbers"
    assert refusal(zipped({"stories.csv": "story_id"}), "a.zip") == "upload_archive"


def test_thousands_of_broken_cells_are_one_sentence():
    broken = "".join(row(at, cell(f"A{at}", "#N/A", "e")) for at in range(2, 10_003))

    assert refusal(xlsx(HEADER_ROW + broken)) == "upload_findings"
    ragged = b"story_id,title\n" + b"a,b,c\n" * 10_001
    assert refusal(ragged, "a.csv") == "upload_findings"
    merges = '<mergeCells><mergeCell ref="A2:B2"/></mergeCells>'.replace(
        '<mergeCell ref="A2:B2"/>', '<mergeCell ref="A2:B2"/>' * 10_001
    )
    data = HEADER_ROW + rows(("x",), first=2)
    assert refusal(xlsx(data, after=merges)) == "upload_findings"


def test_a_table_that_is_wide_long_and_almost_empty_is_refused():
    line = b"a" + b"," * 198 + b"\n"

    assert refusal(b"title" + b"," * 197 + b",z\n" + line * 40_000, "a.csv") == "upload_rows"


def test_many_sheets_are_together_no_bigger_than_one_may_be():
    line = '<row r="{0}"><c r="A{0}"><v>1</v></c></row>'
    tall = rows(("title",)) + row(2, cell("GR2", 1))
    tall += "".join(line.format(at) for at in range(3, 12_000))
    content = zipped(workbook_parts({f"S{at}": sheet_xml(tall) for at in range(3)}))

    assert refusal(content) == "upload_tables"
