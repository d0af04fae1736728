"""What passes the checks and is written as text is understood as what it was."""

import dataclasses
import re

import pandas as pd
import pytest
from sheets_of_text import file, sheet, written
from tiny_data import country, frame, gene, story

from gcs_data import scales
from gcs_data.checks import check
from gcs_data.incoming.choices import Choices, accept
from gcs_data.incoming.sheets import Finding
from gcs_data.incoming.understand import understand
from gcs_data.pseudonym import pseudonym
from gcs_data.schema import DATASETS, PSEUDONYM, rules

pytest.importorskip("hypothesis", reason="pip install -r requirements-dev.txt")
from hypothesis import assume, given, settings
from hypothesis import strategies as st

FEW = settings(max_examples=8)  # pandera takes its time.
KNOWN = {
    "stories": frame("stories", story("a"), story("b-2", "a")),
    "genes": frame("genes", gene("trust", 1) | {"name": "a", "letter": "B"}, gene("law", 2)),
    "occasions": frame("occasions", {"occasion_id": "room_1", "title": "law"}),
    "countries": frame("countries", country("NOR", "a"), country("COD", "b"), country("NAM", "c")),
}
HOSTILE = ("=1+1", "'", "''=x", "'=x", "-", "+1", "@a", "\u202eabc", '"', "a\r\nb", "1,5", "NA",
           "nan", "None", "true", "007", "1e5", "2026-01-05", "＝1", "\u200b", "a;b", "<b>",
           "Congo", "example-row-not-imported ", "r-x")  # fmt: skip
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


@pytest.mark.parametrize("name", [n for n, d in DATASETS.items() if not d.derived])
def test_a_frame_that_passes_the_checks_and_is_written_as_text_comes_back_equal(name):
    @FEW
    @given(rows(name))
    def comes_back(given_rows):
        table = frame(name, *given_rows)
        known = KNOWN | {name: table} if name not in KNOWN else KNOWN
        assume(check({name: table}, known) == [])

        found = understand(file(written(name, table)), known)

        assert [str(problem) for problem in found.problems] == []
        assert found.questions == ()
        pd.testing.assert_frame_equal(found.frames[name], table, check_exact=True)

    comes_back()


HEADERS = st.one_of(
    st.sampled_from([column for d in DATASETS.values() for column in d.columns]),
    st.sampled_from(["Titre", "Pays", "Titel", "yaer", "", "Score", "Échelle", "name", "#REF!"]),
    TEXT,
)
CELLS = st.one_of(
    st.sampled_from(["", "a", "b-2", "trust", "law", "room_1", "NOR", "Norway", "Norvége", "3", "7",
                     "0-10", "1-5", "true", "oui", "2026-01-05", "1,5", "50%", "Amina", *PEOPLE[:2],
                     "https://a.org", "workshop", "adopted", "A b", "05-Jan", "#REF!"]),
    TEXT,
)  # fmt: skip


@st.composite
def junk(draw):
    """A sheet of a dataset in which anything may stand, and findings of a reader."""
    name = draw(st.sampled_from([n for n, d in DATASETS.items() if not d.derived]))
    ours = draw(st.lists(st.sampled_from(list(DATASETS[name].columns)), min_size=1))
    header = [*draw(st.permutations([*dict.fromkeys(ours)])), *draw(st.lists(HEADERS, max_size=4))]
    lines = draw(st.lists(st.tuples(*(CELLS for _ in header)), max_size=5))
    at = st.tuples(st.integers(1, 7), st.integers(0, len(header)))
    findings = [
        Finding(
            rule, line, None if rule == "ragged" else column, "A2:B4", {"found": 1, "expected": 2}
        )
        for rule, (line, column) in draw(
            st.lists(st.tuples(st.sampled_from(["error_cell", "merged", "ragged", "new"]), at))
        )
    ]
    return sheet(
        draw(st.sampled_from([name, "Sheet1"])),
        header,
        *lines,
        findings=tuple(findings),
        dates=frozenset(draw(st.lists(at, max_size=3))),
        decimal_comma=draw(st.booleans()),
    )


@settings(max_examples=30)
@given(st.lists(junk(), min_size=1, max_size=2), st.sampled_from(["", "0-10"]))
def test_anything_is_understood_and_what_has_no_problem_passes_the_checks(sheets, scale):
    reading = file(*(dataclasses.replace(s, name=f"{s.name} {n}") for n, s in enumerate(sheets)))
    choices = Choices(
        datasets={s.name: s.name.split()[0] for s in reading.sheets if "Sheet1" not in s.name},
        scale=scale,
    )

    found = understand(reading, KNOWN, choices)
    for question in found.questions:
        choices = accept(choices, question)
    again = understand(reading, KNOWN, choices)

    for result in (found, again):
        assert all(str(problem) for problem in result.problems)
        assert all(note.message for note in result.notes)
        for name, table in result.frames.items():
            assert dict(table.dtypes.astype("str")) == DATASETS[name].dtypes
            assert len(table) == len(result.lines[name])
        cells = [(p.sheet, p.cell) for p in result.problems if p.cell and p.row is not None]
        assert len(cells) == len(set(cells))
        if not result.problems:
            whole = {
                n: t for n, t in result.frames.items() if set(result.present[n]) >= required(n)
            }
            ids = {n: pd.concat([KNOWN[n], result.frames.get(n)]) for n in KNOWN}
            assert [p for name, t in whole.items() for p in check({name: t}, ids | {name: t})] == []


def required(name):
    return {column for column, rule in DATASETS[name].columns.items() if not rule.nullable}
