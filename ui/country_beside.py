"""A country beside its regions and chosen peers, as a grid of counts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from figures.gaps import count_grid
from figures.svg_gaps import count_grid_svg
from figures.world_sentences import inside
from gcs_data import country_record, query
from ui import claims, datasets
from ui.chart import chart
from ui.kept import kept_of_release
from words import Words, words

ANY, EVENTS = "any", "events"
LEVELS = ("sub_region", "region")  # The nearest first.


@dataclass(frozen=True)
class Beside:
    """What the grid shows; the parts that a cached picture depends on."""

    release: int
    language: str
    code: str
    peers: tuple[str, ...] = ()


def view(code: str, peers: Sequence[str], t: Words) -> Beside:
    """The grid of the visitor's release; the country itself is no peer."""
    others = tuple(peer for peer in dict.fromkeys(peers) if peer != code)
    return Beside(datasets.release(), t.language, code, others)


def regions_of(code: str, release: int) -> dict[str, str]:
    """The sub-region and the region of a country, where it has them."""
    countries = datasets.frame("countries", release)
    place = countries[countries["country_iso3"] == code].iloc[0]
    return {level: place[level] for level in LEVELS if isinstance(place[level], str)}


def draw(view: Beside, t: Words) -> None:
    """How many stories of each kind the country, its regions and its peers have."""
    numbers, said = table(view), sentence(view, t)
    columns = _column_names(t)
    chart(
        "country-beside",
        picture(view),
        svg=lambda: count_grid_svg(_cells(view), **_inside(view), alt=said),
        sentence=said,
        table=numbers,
        headings={"place": None, "name": t("Place"), "countries": t("Countries"), **columns},
    )


@kept_of_release
def table(view: Beside) -> pd.DataFrame:
    """The numbers of that grid, as `gcs_data.country_record.side_by_side`, with names."""
    countries = datasets.frame("countries", view.release)
    groups: dict[str, Collection[str]] = {view.code: [view.code]}
    for level, place in regions_of(view.code, view.release).items():
        groups[place] = countries.loc[countries[level] == place, "country_iso3"].tolist()
    groups |= {peer: [peer] for peer in view.peers}
    events = datasets.frame("events", view.release)
    numbers = country_record.side_by_side(claims.known(view.release), events, groups)
    numbers.insert(1, "name", numbers["place"].map(_row_names(view)))
    return numbers


@kept_of_release
def picture(view: Beside) -> go.Figure:
    """The grid; drawn once."""
    return count_grid(_cells(view), **_inside(view))


def _inside(view: Beside) -> dict[str, Any]:
    t, rows = words(view.language), _row_names(view)
    return {
        "rows": rows,
        "columns": _column_names(t),
        "title": t("{name} beside its region and its peers", name=rows[view.code]),
        "notes": [
            t("Different stories; the kinds are never added up, and one story can count in two."),
            t("Good Cyber Stories, release {number}.", number=view.release),
        ],
        "t": t,
    }


def _column_names(t: Words) -> dict[str, str]:
    return claims.names(t) | {ANY: t("Stories at all"), EVENTS: t("Events held")}


def _row_names(view: Beside) -> dict[str, str]:
    t = words(view.language)
    countries = datasets.country_names(view.language, view.release)
    names = datasets.region_names(view.language)
    regions = regions_of(view.code, view.release).values()
    whole = {place: t("All of {region}", region=names[place]) for place in regions}
    return (
        {code: countries[code] for code in (view.code,)}
        | whole
        | {peer: countries[peer] for peer in view.peers}
    )


def _cells(view: Beside) -> pd.DataFrame:
    t, rows = words(view.language), _row_names(view)
    columns = _column_names(t)
    cells = table(view).melt(
        id_vars="place", value_vars=list(columns), var_name="column", value_name="n"
    )
    cells = cells.rename(columns={"place": "row"})
    cells["state"] = ["on_record" if n else "none_yet" for n in cells["n"]]
    cells["said"] = [
        t(
            "{place}, {column}: {n}",
            place=rows[cell.row],
            column=columns[cell.column],
            n=t.number(cell.n) if cell.n else t("no record"),
        )
        for cell in query.rows(cells)
    ]
    return cells


@kept_of_release
def sentence(view: Beside, t: Words) -> str:
    """What the grid says, place by place. Plain text."""
    names: Mapping[str, str] = claims.names(t)
    said = []
    for row in table(view).to_dict("records"):
        counts = [f"{inside(names[c])} {t.number(row[c])}" for c in names if row[c]]
        counted = ", ".join(counts) or t("no record")
        said.append(t("{place}: {counts}.", place=row["name"], counts=counted))
    return " ".join([*said, t("No record does not mean no.")])
