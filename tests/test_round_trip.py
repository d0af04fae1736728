"""What is exported is imported just as it was, in every format, whatever the text."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tiny_data import PAGE, frame, tiny

from exports.dataset_file import FORMATS, dataset_file
from exports.templates import NAMES
from gcs_data import scales
from gcs_data.errors import GcsDataError
from gcs_data.incoming.examples import EXAMPLE_ID
from gcs_data.incoming.read import read, read_here
from gcs_data.incoming.understand import understand
from gcs_data.pseudonym import is_pseudonym, pseudonym
from gcs_data.schema import DATASETS, DATE, LANGUAGE, LETTER, PSEUDONYM, SLUG, SOURCE, WEB, rules
from words import words

T = words()
EVERY = [name for name, dataset in DATASETS.items() if not dataset.derived]
HOSTILE = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(A1)",
    "＝1+1",
    "'quoted'",
    "''",
    "'=1+1",
    '"',
    'a "quoted" word',
    "a,b;c|d",
    "two\nlines",
    "carriage\rreturn",
    "both\r\nends",
    "tab\tinside",
    "\u202eright to left\u202c",
    "\u200fعربي",
    "E\u0301cole",
    "1",
    "1.0",
    "007",
    "1e5",
    "1-5",
    "2026-05-14",
    "true",
    "FALSE",
    "nan",
    "None",
    "NULL",
    "N/A",
    "<r>x</r>",
    "_x0041_",
    "😀",
    "45%",
    "1,5",
]


def imported(content, name, format, reader=read_here):
    known = {other: rows for other, rows in tiny().items() if other != name}
    found = understand(reader(content, f"export.{format}"), known)
    assert (found.problems, found.questions) == ((), ())
    return found.frames[name]


TEXT = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.sampled_from("=+-@'\n\"")
    ),
).filter(lambda text: text.strip() == text != "")
SLUGS = st.from_regex(SLUG.replace("$", r"\Z"), fullmatch=True).filter(lambda t: len(t) < 40)
ADDRESSES = st.sampled_from([PAGE, "http://example.org/?a=1&b='x'#y", "https://example.org/é,;|"])
BY_PATTERN = {
    SLUG: SLUGS.filter(lambda text: text != EXAMPLE_ID),
    SOURCE: ADDRESSES | st.just("minutes.txt"),
    WEB: ADDRESSES,
    DATE: st.dates().map(str).filter(lambda day: day > "1900-03-01"),
    LETTER: st.sampled_from("ABZ"),
    LANGUAGE: st.sampled_from(["en", "fr", "es", "ar"]),
    PSEUDONYM: TEXT.map(lambda text: pseudonym(text, b"key")),
}


def cells(name, column):
    """What a column may hold."""
    rule = rules(DATASETS[name].columns[column])
    if rule["refers"] and rule["refers"] != name:
        key = DATASETS[rule["refers"]].key[0]
        return st.sampled_from(tiny()[rule["refers"]][key].tolist())
    if rule["choices"]:
        return st.sampled_from(rule["choices"])
    if (name, column) == ("countries", "country_iso3"):
        return st.sampled_from(["EST", "NAM", "CIV"])
    if rule["pattern"]:
        return BY_PATTERN[rule["pattern"]]
    low, high = rule["span"] or (-(10**9), 10**9)
    kinds = {
        "whole": st.integers(int(low), int(high)),
        "number": st.floats(low, high, allow_subnormal=False),
        "flag": st.booleans(),
    }
    return kinds.get(rule["kind"], TEXT)


@st.composite
def frames(draw, name):
    """A dataset without problems."""
    columns = {
        column: cells(name, column) if not rule.nullable else st.none() | cells(name, column)
        for column, rule in DATASETS[name].columns.items()
    }
    key = DATASETS[name].key
    rows = draw(
        st.lists(
            st.fixed_dictionaries(columns),
            min_size=1,
            max_size=6,
            unique_by=lambda row: tuple(" ".join(str(row[k]).casefold().split()) for k in key),
        )
    )
    if name == "gene_ratings":
        rows = [rated(row, number) for number, row in enumerate(rows)]
    return frame(name, *rows)


def rated(row, number):
    """A rating whose score follows from what was given, by a rater of its own."""
    row = {**row, "rater_id": pseudonym(f"rater {number}", b"key"), "scale": row["scale"] or "1-5"}
    low, high = scales.SCALES[row["scale"]]
    given = float(low + (row["score"] * 7) % (high - low + 1))
    if row["scale"] == "1-5":
        return {**row, "score_as_given": None}
    (score,) = scales.converted(pd.Series([given]), pd.Series([row["scale"]]))
    return {**row, "score": score, "score_as_given": given}


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", EVERY)
def test_every_dataset_comes_back_as_it_was(name, format):
    @settings(max_examples=3, suppress_health_check=list(HealthCheck))
    @given(frames(name))
    def comes_back(rows):
        content = dataset_file(name, rows, format, t=T)

        pd.testing.assert_frame_equal(imported(content, name, format), rows)

    comes_back()


@pytest.mark.parametrize("format", FORMATS)
def test_hostile_text_comes_back_letter_for_letter(format):
    rows = frame(
        "partners",
        *(
            {"story_id": "kenya-cash", "partner": text, "source_url": PAGE}
            for text in dict.fromkeys(HOSTILE)
        ),
    )

    content = dataset_file("partners", rows, format, t=T)

    assert imported(content, "partners", format, read)["partner"].tolist() == HOSTILE


@pytest.mark.parametrize("format", FORMATS)
def test_a_pseudonym_passes_unchanged(format):
    rows = tiny()["gene_ratings"].assign(
        rater_id=[pseudonym(f"Rater {number}", b"key") for number in range(5)]
    )
    content = dataset_file("gene_ratings", rows, format, t=T)

    raters = imported(content, "gene_ratings", format)["rater_id"]

    assert raters.tolist() == rows["rater_id"].tolist()
    assert all(map(is_pseudonym, raters))


@pytest.mark.parametrize("length", [32_767, 32_768, 100_000])
def test_text_too_long_for_a_cell_is_refused_for_a_workbook_only(length):
    rows = frame(
        "partners", {"story_id": "kenya-cash", "partner": "a" * length, "source_url": PAGE}
    )

    for format in ("csv", "parquet"):
        content = dataset_file("partners", rows, format, t=T)
        assert imported(content, "partners", format).equals(rows)
    if length > 32_767:
        with pytest.raises(GcsDataError, match=f"has {length} characters.*holds 32767"):
            dataset_file("partners", rows, "xlsx", t=T)
    else:
        content = dataset_file("partners", rows, "xlsx", t=T)
        assert imported(content, "partners", "xlsx").equals(rows)


def test_an_emoji_counts_twice_as_it_does_in_excel():
    rows = frame(
        "partners", {"story_id": "kenya-cash", "partner": "😀" * 16_384, "source_url": PAGE}
    )

    with pytest.raises(GcsDataError, match="has 32768 characters"):
        dataset_file("partners", rows, "xlsx", t=T)


@pytest.mark.parametrize("format", FORMATS)
@settings(max_examples=12)
@given(st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False))
@example(0.1 + 0.2)
@example(1e22)
@example(5e-300)
def test_a_number_comes_back_to_the_last_digit(format, value):
    rows = frame(
        "layers",
        {
            "layer_id": "people",
            "country_iso3": "KEN",
            "year": 2024,
            "value": value,
            "unit": "%",
            "label": "People",
            "source_url": PAGE,
        },
    )
    content = dataset_file("layers", rows, format, t=T)

    assert imported(content, "layers", format)["value"].tolist() == [value]


@pytest.mark.parametrize("name", NAMES)
def test_a_template_that_nobody_filled_in_holds_nothing_and_no_problem(name):
    from exports.templates import template

    content = template([name], tiny(), t=T)
    found = understand(read_here(content, "template.xlsx"), tiny())

    assert found.problems == found.questions == ()
    assert len(found.frames[name]) == 0
    assert [note.code for note in found.notes if note.code == "example_skipped"] == [
        "example_skipped"
    ]


def test_a_template_of_all_datasets_in_any_language_is_understood():
    from exports.templates import template

    for language in ("en", "fr", "es"):
        content = template(NAMES, tiny(), t=words(language))
        found = understand(read(content, "template.xlsx"), tiny())

        assert set(found.frames) == set(NAMES)
        assert found.problems == found.questions == ()
