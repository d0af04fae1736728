"""What passes the checks and is written as text is understood as what it was."""

import re

import pandas as pd
import pytest
from sheets_of_text import file, written
from tiny_data import country, frame, gene, story

from exports.csv_file import guarded
from gcs_data import scales
from gcs_data.checks import check
from gcs_data.incoming.understand import understand
from gcs_data.pseudonym import pseudonym
from gcs_data.schema import DATASETS, PSEUDONYM, rules

pytest.importorskip("hypothesis", reason="pip install -r requirements-dev.txt")
from hypothesis import assume, given, settings
from hypothesis import strategies as st

FEW = settings(max_examples=25, deadline=None)
KNOWN = {
    "stories": frame("stories", story("a"), story("b-2", "a")),
    "genes": frame("genes", gene("trust", 1) | {"name": "a", "letter": "B"}, gene("law", 2)),
    "occasions": frame("occasions", {"occasion_id": "room_1", "title": "law"}),
    "countries": frame("countries", country("NOR", "a"), country("COD", "b"), country("NAM", "c")),
}
HOSTILE = ("=1+1", "'", "''=x", "'=x", "-", "+1", "@a", "\u202eabc", '"', "a\r\nb", "1,5", "NA",
           "nan", "None", "true", "007", "1e5", "2026-01-05", "＝1", "\u200b", "a;b", "<b>", "Congo",
           "example-row-not-imported ", "r-x")  # fmt: skip
TEXT = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12),
)
PEOPLE = [pseudonym(name, b"key") for name in "abcdef"]


def cell(name, column):
    """Anything that a column allows, or most things."""
    rule = rules(DATASETS[name].columns[column])
    if rule["refers"] and rule["refers"] in KNOWN:
        values = st.sampled_from(KNOWN[rule["refers"]].iloc[:, 0].tolist())
    elif rule["choices"]:
        values = st.sampled_from(rule["choices"])
    elif rule["pattern"] == PSEUDONYM:
        values = st.sampled_from(PEOPLE)
    elif rule["pattern"]:
        values = st.from_regex(re.compile(rule["pattern"], re.ASCII), fullmatch=True)
    elif rule["kind"] == "flag":
        values = st.booleans()
    elif rule["span"]:
        low, high = rule["span"]
        whole = st.integers(int(low), int(high))
        values = whole if rule["kind"] == "whole" else st.floats(low, high)
    elif rule["kind"] == "number":
        values = st.floats(allow_nan=False, allow_infinity=False)
    else:
        values = TEXT
    return st.one_of(values, st.none()) if DATASETS[name].columns[column].nullable else values


def rows(name):
    row = st.fixed_dictionaries({column: cell(name, column) for column in DATASETS[name].columns})
    if name == "gene_ratings":
        row = row.flatmap(scored)
    return st.lists(row, min_size=1, max_size=6)


def scored(row):
    """The row with a score that follows from what was given on its scale."""

    def made(scale_and_given):
        scale, given = scale_and_given
        score = scales.converted(pd.Series([float(given)]), pd.Series([scale], dtype="str"))
        as_given = None if scale == scales.OURS else float(given)
        return row | {"scale": scale, "score": int(score[0]), "score_as_given": as_given}

    return st.one_of(
        st.tuples(st.just(scales.OURS), st.integers(1, 5)),
        *(
            st.tuples(st.just(name), st.floats(*scales.SCALES[name]))
            for name in scales.SCALES
            if name != scales.OURS
        ),
    ).map(made)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("name", [n for n, d in DATASETS.items() if not d.derived])
def test_a_frame_that_passes_the_checks_comes_back_equal(name, kind):
    @FEW
    @given(rows(name))
    def comes_back(given_rows):
        table = frame(name, *given_rows)
        known = KNOWN | {name: table} if name not in KNOWN else KNOWN
        assume(check({name: table}, known) == [])
        sheet = written(name, table)
        if kind == "csv":
            # A text file of ours guards what a spreadsheet would run; numbers are not guarded.
            for at, column in enumerate(DATASETS[name].columns):
                if DATASETS[name].dtypes[column] == "str":
                    sheet.cells[at] = sheet.cells[at].map(guarded).astype("str")

        found = understand(file(sheet, kind=kind), known)

        assert [str(problem) for problem in found.problems] == []
        assert found.questions == ()
        pd.testing.assert_frame_equal(found.frames[name], table, check_exact=True)

    comes_back()
