"""A grid of counts: topics by regions, or countries by what is on record for them."""

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from figures.layout import GREY, NEUTRAL, dress, escape, wrapped
from figures.svg_text import width_of
from words import Words

MOST_MARKS = 2_000
GLYPHS = {"none_yet": "–", "searched_not_found": "○", "not_applicable": "×"}
# How many stories make a cell this opaque. Text keeps 4.5:1 on all of them, in both themes.
SHADES = ((1, 0.14), (3, 0.26), (6, 0.38), (11, 0.5))
INK = (48, 144, 193)
CELL, ROW, TICK, HEAD_WIDTH = 28, 44, 12, 22


def shade(n: int) -> float:
    """How opaque the cell of a number is; 0 for none."""
    return max((opacity for least, opacity in SHADES if n >= least), default=0.0)


def check(cells: pd.DataFrame, rows: Mapping[str, str], columns: Mapping[str, str]) -> None:
    """Refuse a grid that a browser draws badly, or whose cells would silently be missing.

    Raises:
        ValueError: If there are too many cells, or one is of no row or column.
    """
    if len(cells) > MOST_MARKS:
        raise ValueError(f"{len(cells)} cells are too many for one grid: at most {MOST_MARKS}.")
    if unknown := sorted({*cells["row"]} - {*rows} | {*cells["column"]} - {*columns}):
        raise ValueError(f"The grid has no row or column {unknown[0]!r}.")


def count_grid(
    cells: pd.DataFrame,
    *,
    rows: Mapping[str, str],
    columns: Mapping[str, str],
    title: str,
    t: Words,
    notes: Sequence[str] = (),
    chosen: tuple[str, str] | None = None,
) -> go.Figure:
    """Draw one square per row and column with its number; an empty one says why it is empty.

    Args:
        cells: Columns row, column, n, state ("on_record", or one of `GLYPHS`) and said, the cell in
            words for the hover text. A cell that is left out is not drawn.
        rows, columns: What each row and column is called, in the order they are drawn.
        title, notes: Inside the picture. Plain text.
        t: The words of the visitor's language.
        chosen: The row and column that get an outline.

    Every point carries [row, column, n] as customdata, so that a click can be read.

    Raises:
        ValueError: As `check`.
    """
    check(cells, rows, columns)
    across = {name: place for place, name in enumerate(columns)}
    down = {name: place for place, name in enumerate(rows)}
    fig = go.Figure()
    for state, of_state in cells.groupby("state", sort=False):
        _add_cells(fig, str(state), of_state, across, down)
    if chosen and chosen[0] in down and chosen[1] in across:
        fig.add_scatter(
            x=[across[chosen[1]]],
            y=[down[chosen[0]]],
            mode="markers",
            marker={"symbol": "square-open", "size": CELL + 6, "line": {"width": 3}, "color": GREY},
            hoverinfo="skip",
            meta={"chosen": True},
        )
    heads = [wrapped(name, HEAD_WIDTH) for name in columns.values()]
    _frame(fig, heads, [wrapped(name, 17, lines=3) for name in rows.values()])
    longest = max((width_of(p, TICK) for h in heads for p in h.split("<br>")), default=0.0)
    return dress(
        fig,
        title=title,
        notes=[*key_notes(cells, t), *notes],
        height=ROW * len(rows) + int(longest) + 40,
        margin={"t": int(longest) + 16, "b": 8, "l": 124, "r": 12},
    )


def key_notes(cells: pd.DataFrame, t: Words) -> list[str]:
    """How to read the grid: its numbers, and only those signs that it shows."""
    says = {
        "none_yet": t("–: no story on record yet, which does not mean that there is none."),
        "searched_not_found": t("○: searched and not found, as a source says."),
        "not_applicable": t("×: not applicable, as a source says."),
    }
    shown = set(cells["state"])
    return [
        t("A number is how many are on record; the stronger the colour, the more."),
        *(said for state, said in says.items() if state in shown),
    ]


def _add_cells(
    fig: go.Figure,
    state: str,
    cells: pd.DataFrame,
    across: Mapping[str, int],
    down: Mapping[str, int],
) -> None:
    numbers = cells["n"].tolist()
    glyph = GLYPHS.get(state)
    fill = [f"rgba({INK[0]}, {INK[1]}, {INK[2]}, {shade(n)})" for n in numbers]
    fig.add_scatter(
        x=[across[name] for name in cells["column"]],
        y=[down[name] for name in cells["row"]],
        mode="markers+text",
        marker={
            "symbol": "square",
            "size": CELL,
            "color": "rgba(0, 0, 0, 0)" if glyph else fill,
            "line": {"width": 1, "color": NEUTRAL},
        },
        text=[glyph or str(n) for n in numbers],
        textfont={"size": 13},
        customdata=[
            [row, column, n]
            for row, column, n in zip(cells["row"], cells["column"], numbers, strict=True)
        ],
        hovertext=[escape(said) for said in cells["said"]],
        hoverinfo="text",
        cliponaxis=False,
        meta={"state": state},
    )


def _frame(fig: go.Figure, heads: Sequence[str], names: Sequence[str]) -> None:
    common = {"showgrid": False, "zeroline": False, "fixedrange": True, "automargin": False}
    fig.update_xaxes(
        tickvals=list(range(len(heads))),
        ticktext=list(heads),
        range=[-0.6, len(heads) - 0.4],
        side="top",
        tickangle=-90,
        tickfont={"size": TICK},
        **common,
    )
    fig.update_yaxes(
        tickvals=list(range(len(names))),
        ticktext=list(names),
        range=[len(names) - 0.4, -0.6],  # The first row at the top.
        tickfont={"size": TICK},
        **common,
    )
    fig.update_layout(showlegend=False)


def gap_sentence(
    cells: pd.DataFrame, *, rows: Mapping[str, str], columns: Mapping[str, str], t: Words
) -> str:
    """What a gap map says: how much is covered, where most is, and which gaps are the widest.

    Args:
        cells: As for `count_grid`.
        rows, columns: The names of topics and regions.
        t: The words of the visitor's language.
    """
    if cells.empty:
        return t("There is no topic on record, so there is nothing to map.")
    filled = cells[cells["n"] > 0]
    said = [
        t(
            "{filled} of {all} combinations of topic and region have a story on record.",
            filled=t.number(len(filled)),
            all=t.number(len(cells)),
        )
    ]
    if len(filled):
        most = filled.sort_values("n", ascending=False, kind="stable").iloc[0]
        said.append(
            t.plural(
                "Most: {topic} in {region}, {n} story.",
                "Most: {topic} in {region}, {n} stories.",
                int(most["n"]),
                topic=rows[most["row"]],
                region=columns[most["column"]],
            )
        )
    empty = cells[cells["state"] == "none_yet"].groupby("row", sort=False).size()
    if len(empty):
        widest = [rows[name] for name in empty.index[empty == empty.max()]]
        said.append(
            t.plural(
                "The widest gap is {topics}: no story on record yet in {n} region.",
                "The widest gap is {topics}: no story on record yet in {n} regions.",
                int(empty.max()),
                topics=t.listed(widest[:3]),
            )
            if len(widest) <= 3
            else t("Many topics have the same number of regions without a story on record.")
        )
    return " ".join([*said, t("No record does not mean no.")])
