"""Heat tables: values from 0 to 1 as shades, with the number in each cell, as HTML.

A table and not a chart: a screen reader says row and column of every number, the keyboard walks the
links, and a page of fifty rows costs the browser nothing. `figures.genome_svg` draws the same.
"""

from collections.abc import Collection, Mapping
from html import escape

import pandas as pd

from words import Words

SHADES = 8
MOST_CELLS = 2_000

# Shades of one blue on whatever page there is: text keeps 4.5:1 on each, in an order that survives
# grey print. Made-up numbers are hatched, besides being said. Streamlit leaves this style in.
STYLE = (
    """<style>
.gcs-heat{overflow-x:auto;font-size:14px;line-height:1.25}
.gcs-heat:focus-visible{outline:3px solid currentColor;outline-offset:1px}
.gcs-heat table{border-collapse:separate;border-spacing:2px;min-width:100%}
.gcs-heat th,.gcs-heat td{padding:5px 6px;border:0;text-align:center;vertical-align:middle}
.gcs-heat thead th{font-weight:600;min-width:58px;max-width:104px;overflow-wrap:break-word;
hyphens:auto;vertical-align:bottom;font-size:13px}
.gcs-heat tbody th{text-align:left;font-weight:500;min-width:150px;max-width:300px}
.gcs-heat thead th:first-child{text-align:left}
@media (max-width:640px){.gcs-heat th:first-child{position:sticky;left:0;min-width:112px;
max-width:112px;background:light-dark(#fff,#0f1a24)}}
.gcs-heat th[aria-sort]{text-decoration:underline;text-underline-offset:3px}
.gcs-heat td{min-width:52px;border-radius:3px;font-variant-numeric:tabular-nums}
.gcs-heat td.gcs-none{border:1px dashed color-mix(in srgb,currentColor 40%,transparent)}
.gcs-heat td.gcs-note{text-align:left;min-width:104px;font-size:13px}
.gcs-heat td.gcs-made-up{background-image:repeating-linear-gradient(135deg,transparent 0 5px,
color-mix(in srgb,currentColor 16%,transparent) 5px 6px)}
.gcs-heat-key{display:flex;flex-wrap:wrap;gap:6px 18px;align-items:center;font-size:13px;
margin:0 0 10px}
.gcs-heat-key span{display:inline-flex;gap:6px;align-items:center}
.gcs-heat-key i{display:inline-block;width:22px;height:16px;border-radius:3px;box-sizing:border-box}
.gcs-heat-key i.gcs-none{border:1px dashed color-mix(in srgb,currentColor 40%,transparent)}
.gcs-heat-key i.gcs-made-up{background-image:repeating-linear-gradient(135deg,transparent 0 5px,
color-mix(in srgb,currentColor 45%,transparent) 5px 6px)}
"""
    + "".join(
        f".gcs-heat-{shade}{{background-color:color-mix(in srgb,#2a7fb5 "
        f"{8 + round(62 * shade / (SHADES - 1))}%,transparent)}}"
        for shade in range(SHADES)
    )
    + "\n</style>"
)


def shade(value: float) -> int:
    """The shade of a value from 0 to 1."""
    return min(int(value * SHADES), SHADES - 1)


def check(values: pd.DataFrame) -> None:
    """Refuse a table that a browser would stall on, or values that have no shade.

    Raises:
        ValueError: If there are more cells than `MOST_CELLS`, or a value outside 0 to 1.
    """
    if values.size > MOST_CELLS:
        raise ValueError(f"{values.size} cells are too many for one table: at most {MOST_CELLS}.")
    if ((values < 0) | (values > 1)).any(axis=None):
        raise ValueError("A value to be shaded must lie from 0 to 1.")


def heat_table(
    values: pd.DataFrame,
    texts: pd.DataFrame,
    *,
    rows: Mapping[str, str],
    columns: Mapping[str, str],
    corner: str,
    alt: str,
    ends: tuple[str, str],
    t: Words,
    links: Mapping[str, str] | None = None,
    notes: Mapping[str, str] | None = None,
    note_heading: str = "",
    made_up: Collection[str] = (),
    marked: Collection[tuple[str, str]] = (),
    mark_says: str = "",
    empty: str = "",
    sorted_by: str = "",
    descending: bool = True,
) -> str:
    """A table whose cells are shaded by their values, as HTML that Streamlit's cleaning keeps.

    Args:
        values: One row and column per id, from 0 to 1; NaN is drawn as "nothing", never as 0.
        texts: What stands in each cell; the same rows and columns.
        rows, columns: What each is called. Plain text, like all words here.
        corner: What the rows are.
        alt: The table's accessible name.
        ends: What the palest and the darkest shade mean.
        links: The address that each row's name leads to.
        notes: What stands at the end of a row, under `note_heading`.
        made_up: Rows whose numbers nobody gave; they are hatched, and the key says so.
        marked: Cells with a diamond, which means `mark_says`.
        empty: What a cell without a value is, for the key and for a screen reader.
        sorted_by: The column that the rows are in the order of.
        descending: Whether the highest stands first there.

    Raises:
        ValueError: As `check`.
    """
    check(values)
    head = _head(columns, corner, note_heading, sorted_by, descending)
    shades, said = values.T.to_dict(), texts.T.to_dict()
    body = []
    for row in map(str, values.index):
        name = escape(rows[row])
        if links and row in links:
            name = f'<a href="{escape(links[row], quote=True)}">{name}</a>'
        cells = "".join(
            _cell(
                shades[row][column],
                said[row][column],
                hatched=row in made_up,
                mark=mark_says if (row, column) in marked else "",
                empty=empty,
            )
            for column in columns
        )
        note = f'<td class="gcs-note">{escape(notes[row])}</td>' if notes else ""
        body.append(f'<tr><th scope="row">{name}</th>{cells}{note}</tr>')
    key = _key(
        ends,
        empty if values.isna().any(axis=None) else "",
        t("Made up, to show how it works") if made_up else "",
        mark_says if marked else "",
    )
    name = escape(alt, quote=True)
    return (
        f'{STYLE}{key}<div class="gcs-heat" tabindex="0" role="region" aria-label="{name}">'
        f"<table>{head}<tbody>{''.join(body)}</tbody></table></div>"
    )


def _head(
    columns: Mapping[str, str], corner: str, note: str, sorted_by: str, descending: bool
) -> str:
    order = ' aria-sort="descending"' if descending else ' aria-sort="ascending"'
    arrow = " ↓" if descending else " ↑"
    cells = "".join(
        f'<th scope="col"{order if column == sorted_by else ""}>{escape(name)}'
        f"{arrow if column == sorted_by else ''}</th>"
        for column, name in columns.items()
    )
    last = f'<th scope="col">{escape(note)}</th>' if note else ""
    return f'<thead><tr><th scope="col">{escape(corner)}</th>{cells}{last}</tr></thead>'


def _cell(value: float, text: str, *, hatched: bool, mark: str, empty: str) -> str:
    if pd.isna(value):
        said = escape(text or "–")
        return f'<td class="gcs-none" title="{escape(empty, quote=True)}">{said}</td>'
    diamond = f' <span title="{escape(mark, quote=True)}">◆</span>' if mark else ""
    more = " gcs-made-up" if hatched else ""
    return f'<td class="gcs-heat-{shade(value)}{more}">{escape(text)}{diamond}</td>'


def _key(ends: tuple[str, str], empty: str, made_up: str, mark: str) -> str:
    shades = "".join(f'<i class="gcs-heat-{place}"></i>' for place in range(SHADES))
    entries = [f"{escape(ends[0])} {shades} {escape(ends[1])}"]
    if empty:
        entries.append(f'<i class="gcs-none"></i> {escape(empty)}')
    if made_up:
        entries.append(f'<i class="gcs-made-up"></i> {escape(made_up)}')
    if mark:
        entries.append(f"◆ {escape(mark)}")
    inner = "".join(f"<span>{entry}</span>" for entry in entries)
    return f'<div class="gcs-heat-key">{inner}</div>'
