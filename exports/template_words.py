"""What a template says to whoever fills it in: its read-me sheet and a note on every column."""

from collections.abc import Sequence

from gcs_data.incoming.examples import EXAMPLE_ID
from gcs_data.schema import DATASETS, RATINGS, Dataset, rules
from words import Words

YES_NO = ("true", "false")


def read_me(names: Sequence[str], t: Words) -> list[tuple[str, str]]:
    """The read-me sheet, line by line: heading and text."""
    return [
        (
            t("How to fill this in"),
            t("One row for each record, below the headers. Leave the headers as they are."),
        ),
        (
            t("Example row"),
            t(
                "The grey row shows what a row looks like. It is skipped as long as it stays as it "
                "is; you may delete it. Do not write over it: a row called {name} is never "
                "published.",
                name=EXAMPLE_ID,
            ),
        ),
        (
            t("Yellow headers"),
            t("Must be filled in. Grey ones may stay empty; empty means “not known”, never 0."),
        ),
        (
            t("Corrections"),
            t(
                "A row whose key is already published corrects it; other rows are added. Rows "
                "that you leave out stay published. You may delete columns that you do not need: "
                "what is published in them stays. An empty cell empties what is published there."
            ),
        ),
        (
            t("Several values"),
            t("Write them in one cell with semicolons between them: one;two."),
        ),
        (
            t("Countries"),
            t("Choose from the list, or write a name in English, French or Spanish, or a code."),
        ),
        (t("Days"), t("Write the year first: 2026-05-14.")),
        *(_on_ratings(t) if RATINGS in names else []),
        *((name, t(DATASETS[name].about)) for name in names),
    ]


def _on_ratings(t: Words) -> list[tuple[str, str]]:
    return [
        (
            t("Scores"),
            t(
                "Whole numbers on the scale that the column “scale” names: 1-5, 0-10 or 0-100. "
                "They are converted to 1 to 5, and the score as given is kept."
            ),
        ),
        (
            t("Names of raters"),
            t(
                "You may write names in the column “rater_id”. Pseudonyms take their place when "
                "the file is read; names are never published."
            ),
        ),
    ]


def note(dataset: Dataset, name: str, t: Words) -> str:
    """What a column says and allows, line by line."""
    column = dataset.columns[name]
    lines = [
        t(column.description or ""),
        t("May stay empty.") if column.nullable else t("Must be filled in."),
    ]
    others = [other for other in dataset.key if other != name]
    if name in dataset.key and others:
        lines.append(
            t("Together with {columns}, it says which record a row is.", columns=t.listed(others))
        )
    elif name in dataset.key:
        lines.append(t("It says which record a row is."))
    return "\n".join([*lines, *_allowed(dataset, name, t)])


def _allowed(dataset: Dataset, name: str, t: Words) -> list[str]:
    rule = rules(dataset.columns[name])
    if name == "score":
        return [t("A whole number on the scale that the column “scale” names.")]
    if rule["kind"] == "list":
        return [t("Several values with semicolons between them: one;two.")]
    if choices := rule["choices"] or (YES_NO if rule["kind"] == "flag" else ()):
        return [t("One of: {choices}.", choices=", ".join(choices))]
    if rule["kind"] == "whole" and rule["span"]:
        return [whole(rule["span"], t)]
    return []


def whole(span: Sequence[float], t: Words) -> str:
    """Which whole numbers are allowed."""
    low, high = span
    return t("A whole number from {low} to {high}.", low=f"{low:.0f}", high=f"{high:.0f}")
