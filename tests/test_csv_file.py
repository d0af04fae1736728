import csv
import io

import pandas as pd
import pytest

from exports.csv_file import DANGEROUS, csv_bytes, guarded, unguarded


def cells(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("start", DANGEROUS)
def test_text_that_a_spreadsheet_would_run_starts_with_an_apostrophe(start):
    assert guarded(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("a=b", "a=b"),
        ("", ""),
        ("'quoted'", "''quoted'"),
        ("-1", "'-1"),
    ],
)
def test_other_text_stays_and_an_apostrophe_is_doubled_so_that_it_comes_back(text, shown):
    assert guarded(text) == shown
    assert unguarded(shown) == text


def test_numbers_stay_numbers_and_missing_is_an_empty_cell():
    table = pd.DataFrame(
        {
            "whole": pd.array([-1, None], dtype="Int64"),
            "number": [-0.5, float("nan")],
            "flag": pd.array([True, None], dtype="boolean"),
            "text": pd.Series(["=1+1", None], dtype="str"),
        }
    )

    assert cells(csv_bytes(table)) == [
        ["whole", "number", "flag", "text"],
        ["-1", "-0.5", "True", "'=1+1"],
        ["", "", "", ""],
    ]


def test_headings_are_guarded_too():
    assert cells(csv_bytes(pd.DataFrame({"=1+1": ["a"], "@x": [1]})))[0] == ["'=1+1", "'@x"]


def test_a_return_inside_a_cell_begins_no_new_row():
    table = pd.DataFrame({"text": ["a\r=cmd()", "b\n=cmd()"]})

    assert csv_bytes(table) == '\ufefftext\r\n"a\r=cmd()"\r\n"b\n=cmd()"\r\n'.encode()


def test_the_file_starts_with_a_byte_order_mark_and_reads_back_in_pandas():
    data = csv_bytes(pd.DataFrame({"name": ["École", "Côte d’Ivoire"]}))

    assert data.startswith(b"\xef\xbb\xbf")
    assert pd.read_csv(io.BytesIO(data))["name"].tolist() == ["École", "Côte d’Ivoire"]


def test_the_table_is_not_changed():
    table = pd.DataFrame({"=a": ["=1"]})

    csv_bytes(table)

    assert table.to_dict("list") == {"=a": ["=1"]}
