"""Parquet files: looked at before anything is unpacked."""

import datetime as dt
import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from reading_files import cells, refusal, refused_with, sheet
from tiny_data import tiny

from gcs_data import parquet
from gcs_data.incoming.read import read_here

NAME = "stories.parquet"


def parquet_file(table, **more):
    file = io.BytesIO()
    pq.write_table(table, file, **more)
    return file.getvalue()


def columns(**values):
    return parquet_file(pa.table(values))


def test_names_are_line_1_and_rows_follow():
    read = sheet(columns(story_id=["kenya", None, "peru"], year_started=[2024, 2025, None]), NAME)

    assert (read.name, read.header, read.header_line) == ("", ("story_id", "year_started"), 1)
    assert read.cells.to_numpy().tolist() == [["kenya", "2024"], ["", "2025"], ["peru", ""]]
    assert read.cells.index.tolist() == [2, 3, 4]


def test_every_plain_type_is_text():
    content = columns(
        a=pa.array([True, None]),
        b=pa.array([1.5, 2.0]),
        c=pa.array(["x", "y"]).dictionary_encode(),
        d=pa.array([dt.date(2026, 5, 14), None]),
        e=pa.array(
            [dt.datetime(2026, 5, 14, 13, 30), dt.datetime(2026, 5, 15)], pa.timestamp("ns")
        ),
        f=pa.array(["long", "text"], pa.large_string()),
        g=pa.array([None, None]),
        h=pa.array([2**63, 1], pa.uint64()),
    )

    assert cells(content, NAME) == [
        ["true", "1.5", "x", "2026-05-14", "2026-05-14 13:30:00", "long", "", str(2**63)],
        ["", "2", "y", "", "2026-05-15", "text", "", "1"],
    ]
    assert sheet(content, NAME).dates == {(2, 3), (2, 4), (3, 4)}


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (pa.array([[1, 2]]), "list"),
        (pa.array([{"a": 1}]), "struct"),
        (pa.array([b"\0\1"]), "binary"),
        (pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64())), "map"),
        (pa.array([dt.timedelta(1)]), "duration"),
    ],
)
def test_a_column_of_another_type_is_refused_by_name(values, found):
    code, told = refused_with(columns(title=["x"], topics=values), NAME)

    assert (code, told["column"]) == ("upload_parquet_type", "topics")
    assert found in told["found"]


def test_a_hundred_million_rows_in_a_small_file_are_refused_by_what_the_file_says():
    zeros = pa.DictionaryArray.from_arrays(pa.array(np.zeros(10**6, "int8")), pa.array(["kenya"]))
    table, file = pa.table({"story_id": zeros}), io.BytesIO()
    with pq.ParquetWriter(file, table.schema) as writer:
        for _ in range(100):
            writer.write_table(table)
    content = file.getvalue()

    assert len(content) < 300_000
    code, told = refused_with(content, NAME)
    assert (code, told["rows"], told["columns"]) == ("upload_rows", 10**8, 1)


def test_more_cells_than_allowed_are_refused_and_missing_ones_do_not_count():
    some, none = pa.array(["x"] * 200_001), pa.nulls(200_001, pa.string())

    assert refusal(columns(**{f"c{at}": some for at in range(10)}), NAME) == "upload_cells"
    wide = {"c0": some, **{f"c{at}": none for at in range(1, 12)}}
    assert sheet(columns(**wide), NAME).cells.shape == (200_001, 12)


def test_text_that_unpacks_to_too_much_is_refused():
    content = columns(title=pa.array(["x" * 10_000_000] * 25))

    assert len(content) < 2_000_000
    assert refusal(content, NAME, here=False).startswith("upload_")


def test_more_than_200_columns_are_refused():
    assert refusal(columns(**{f"c{at}": [1] for at in range(201)}), NAME) == "upload_columns"


def test_a_file_that_is_cut_short_or_encrypted_has_its_sentence():
    content = columns(title=["Cash"] * 50)

    assert refusal(content[:-20], NAME, here=False) == "upload_damaged"
    assert refusal(b"PARE\x15\x04" + bytes(99) + b"PARE", NAME) == "upload_password"


def test_names_of_columns_may_repeat():
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], ["title", "title"])

    assert sheet(parquet_file(table), NAME).header == ("title", "title")
    assert cells(parquet_file(table), NAME) == [["a", "b"]]


@pytest.mark.parametrize("name", ["stories", "gene_ratings", "occasions"])
def test_our_own_files_come_back_as_text(name):
    frame = tiny()[name]
    read = read_here(parquet.to_bytes(frame, name), NAME).sheets[0]

    assert read.header == tuple(frame.columns)
    shown = frame.astype("object").map(
        lambda value: "" if pd.isna(value) else str(value).replace("True", "true")
    )
    assert read.cells.to_numpy().tolist() == shown.to_numpy().tolist()
    assert read.findings == ()
