"""How far raters agree on each gene, as ordered dots with intervals, and in words."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from figures.drawing import Drawing, Label, Line, Mark
from figures.layout import GREY
from words import Words

LOWEST, HIGHEST = -0.5, 1.0
ROW_HEIGHT = 40
BLUE = "#2a7fb5"  # 3:1 on the light page and on the dark one.


def agreement_drawing(table: pd.DataFrame, *, t: Words) -> Drawing:
    """One row per gene, where raters agree most at the top, genes without an alpha at the bottom.

    Args:
        table: One row per gene: gene (its name), n, stories, alpha, low, high. A missing interval
            is not drawn, a missing alpha is said and never drawn at 0.
        t: The words of the visitor's language.

    The scale is the same for every table, from -0.5 to 1; an interval that goes on is cut there.
    """
    ordered = table.sort_values("alpha", na_position="first", kind="stable")
    rows: list[Any] = list(ordered.itertuples(index=False))
    lines = [Line(((0.0, -0.6), (0.0, len(rows) - 0.5)), GREY, 1.5, "dash")]
    marks, labels = [], []
    for place, row in enumerate(rows):
        if pd.isna(row.alpha):
            said = t("not rated") if row.n == 0 else t("too little to compare")
            labels.append(Label(0.05, place, said))
            continue
        if pd.notna(row.low):
            ends = ((max(row.low, LOWEST), float(place)), (max(row.high, LOWEST), float(place)))
            lines.append(Line(ends, BLUE, 4))
        marks.append(Mark(max(row.alpha, LOWEST), place, _says(row, t), "circle", 13, BLUE))
    return Drawing(
        x=(LOWEST - 0.05, HIGHEST + 0.05),
        y=(-0.6, len(rows) + 0.2),  # The uppermost strip is for the watermark.
        height=ROW_HEIGHT * (len(rows) + 1),
        lines=lines,
        marks=marks,
        labels=labels,
        x_ticks=[
            (-0.5, t.number(-0.5, 1)),
            (0.0, t("0 chance")),
            (0.5, t.number(0.5, 1)),
            (1.0, t("1 all agree")),
        ],
        y_ticks=[(place, row.gene) for place, row in enumerate(rows)],
    )


def _says(row: Any, t: Words) -> str:
    lines = [row.gene, t("alpha {value}", value=t.number(row.alpha, 2))]
    if pd.notna(row.low):
        low, high = t.number(row.low, 2), t.number(row.high, 2)
        lines.append(t("95 % interval {low} to {high}", low=low, high=high))
    counted = t.plural("{n} rating", "{n} ratings", int(row.n))
    stories = t.plural("{n} story", "{n} stories", int(row.stories))
    return "\n".join([*lines, f"{counted}, {stories}"])


def agreement_notes(t: Words) -> list[str]:
    """How to read alpha."""
    return [
        t(
            "Krippendorff's alpha: 1 where raters of a story give it the same scores, 0 where "
            "they agree no more than people who rate different stories."
        ),
        t("It is low as well where all stories are alike in a gene. Bar: 95 % interval."),
    ]


def agreement_sentence(table: pd.DataFrame, *, who: str, illustrative: bool, t: Words) -> str:
    """Where raters agree most and least, how sure that is, and over how many stories.

    Args:
        table: As for `agreement_drawing`.
        who: Whose ratings they are, such as "All raters".
        illustrative: Whether the ratings are made up; then nothing is stated as a fact.
        t: The words of the visitor's language.
    """
    known = table[table["low"].notna()].sort_values("alpha", ascending=False, kind="stable")
    if known.empty:
        return t("{who}: too few rated stories to say how far raters agree.", who=who)
    top, last = known.iloc[0], known.iloc[-1]
    clauses = [
        t("agreement is highest on {gene}, alpha {value}", gene=top["gene"], value=_value(top, t))
    ]
    if len(known) > 1:
        clauses.append(t("lowest on {gene}, {value}", gene=last["gene"], value=_value(last, t)))
        if last["high"] >= top["low"]:
            clauses.append(t("the two intervals overlap, so this order is not sure"))
    if missing := table.loc[table["alpha"].isna(), "gene"].tolist():
        clauses.append(t("nothing to compare on {genes}", genes=t.listed(missing)))
    text = t(
        "{who}, {stories}: {clauses}.",
        who=who,
        stories=t.plural("{n} story", "{n} stories", int(table["stories"].max())),
        clauses=t("; ").join(clauses),
    )
    return t("In made-up example ratings, {sentence}", sentence=text) if illustrative else text


def _value(row: Mapping[str, Any] | Any, t: Words) -> str:
    low, high = t.number(row["low"], 2), t.number(row["high"], 2)
    return t("{mean} ({low} to {high})", mean=t.number(row["alpha"], 2), low=low, high=high)
