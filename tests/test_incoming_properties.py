"""Whatever comes in, it is read or refused in one sentence; what we wrote comes back."""

import io
import zipfile

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

pytest.importorskip("hypothesis", reason="hypothesis is in requirements-dev.txt")
from bad_files import (
    HEADER,
    HEADER_ROW,
    cell,
    ods,
    ods_row,
    ods_table,
    row,
    rows,
    xls,
    xls_error,
    xls_header,
    xls_shared,
    xls_text,
    xlsx,
    zipped,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from reading_files import cells

from exports.csv_file import csv_bytes
from exports.workbook import workbook
from gcs_data.errors import UnreadableFileError
from gcs_data.incoming.read import read, read_here

FEW = settings(max_examples=15)
MANY = settings(max_examples=60)
NAMES = st.sampled_from(["a.xlsx", "a.xls", "a.ods", "a.csv", "a.parquet", "a", "~$a.xlsx", "\0"])
# Everything a cell can hold, signs that look like formulas and order of letters among it.
TEXT = st.text(
    # A file that is mostly control characters is refused as no text at all, and rightly so.
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])
    | st.sampled_from("=+-@'\"\t\r\n,;|＝\u202e"),
    min_size=1,
    max_size=8,
)


def whole_files():
    """A good file of every kind."""
    parquet = io.BytesIO()
    pq.write_table(pa.table({"title": ["a", "b"] * 20, "year_started": range(40)}), parquet)
    errors = row(3, cell("A3", "#N/A", "e"), cell("B3", 0, formula="A1"), cell("C3", 1, style=1))
    return [
        xlsx(HEADER_ROW + rows(("kenya", "Cash", 2024), first=2) + errors, formats=(0, 14)),
        ods(ods_table(ods_row(*HEADER), ods_row("kenya", "Cash", 2024, times=3))),
        xls(
            ("Stories", xls_header() + xls_text(1, 0, "a") + xls_error(2, 0, 7)),
            ("More", xls_shared(0, 0, 1)),
            shared=("", "title"),
        ),
        parquet.getvalue(),
        'story_id,title\nkenya,"Côte d’Ivoire"\n'.encode() * 3,
    ]


@st.composite
def spoilt(draw):
    """A good file with some bytes changed, cut out or doubled, inside a container's part or not."""
    content = draw(st.sampled_from(whole_files()))
    parts = None
    if content.startswith(b"PK") and draw(st.booleans()):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        name = draw(st.sampled_from(sorted(parts)))
        content = parts[name]
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(content)))
        length = draw(st.integers(0, 40))
        new = draw(st.binary(max_size=4) | st.just(content[at : at + length] * 2))
        content = content[:at] + new + content[at + length :]
    return content if parts is None else zipped({**parts, name: content})


@FEW
@given(st.binary(max_size=2000), NAMES)
def test_random_bytes_are_read_or_refused_in_a_sentence(content, name):
    tried(content, name)


@FEW
@given(spoilt(), NAMES)
def test_spoilt_files_are_read_or_refused_in_a_sentence(content, name):
    tried(content, name)


@MANY
@given(st.sampled_from([b"", b"<?xml", b"\xff\xfe", b"PK\3\4"]), st.binary(max_size=99))
def test_beginnings_of_every_kind_are_refused_here_too(start, content):
    tried(start + content, "a.csv", reader=read_here)


def tried(content, name, reader=read):
    try:
        found = reader(content, name)
    except UnreadableFileError as error:
        assert "{" not in str(error).replace(error.values["name"], "")
        assert error.code != "upload_crashed"
        return
    for one in found.sheets:
        assert len(one.header) == one.cells.shape[1] > 0
        assert one.cells.index.is_monotonic_increasing
        assert one.cells.index.min() > one.header_line or one.cells.empty
        places = {(finding.line, finding.column) for finding in one.findings}
        assert all(line >= one.header_line for line, _ in places)
        assert all(column is None or 0 <= column < len(one.header) for _, column in places)


@MANY
@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=6))
def test_text_that_we_export_comes_back_from_every_format(lines):
    # A row of spaces alone is blank, and a sheet's own errors are no text in a CSV file.
    lines = [("x" + one, two) for one, two in lines]
    assume(not any(two.startswith("#") for _, two in lines))
    table = pd.DataFrame(lines, columns=["title", "summary"], dtype="str")
    expected = [list(line) for line in lines]

    assert cells(csv_bytes(table), "a.csv") == expected
    file = io.BytesIO()
    table.to_parquet(file)
    assert cells(file.getvalue(), "a.parquet") == expected
    book = read_here(workbook({"stories": table}, about={"What": "A test"}), "a.xlsx")
    assert book.sheets[-1].cells.to_numpy().tolist() == expected
