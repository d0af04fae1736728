"""Where stories are on record: the map and its twins, cached by what they show."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

import labels
from exports.addresses import record_id
from figures import world_sentences
from figures.fills import Context, context_notes
from figures.geography import REGION_BOUNDS, origin_lines
from figures.svg import map_svg
from figures.tiles import tile_grid
from figures.world import border_notes, world_map
from gcs_data import query
from ui import context, datasets, parts
from ui.address import choose
from ui.chart import chart, numbers
from ui.escape import md
from ui.kept import kept, kept_of_release
from words import Words, words

PHONE_HEIGHT = 270


@dataclass(frozen=True)
class View:
    """What a map shows; the parts that a cached picture depends on."""

    release: int
    language: str
    selection: query.Selection
    country: str | None = None
    region: str = ""
    height: int = 560
    layer: str = ""


def regions(t: Words) -> dict[str, str]:
    """The regions that a map can zoom to."""
    names = datasets.region_names(t.language)
    return {region: names[region] for region in REGION_BOUNDS}


def height(wide: int) -> int:
    """How high to draw a map: on a phone it is narrow, and a high one would be mostly empty."""
    headers = st.context.headers
    phone = headers.get("Sec-CH-UA-Mobile") == "?1" or "Mobi" in headers.get("User-Agent", "")
    return PHONE_HEIGHT if phone else wide


@kept_of_release
def selected(view: View) -> tuple[pd.DataFrame, int]:
    """The replications of a view, and how many others have no year on record."""
    return query.select_replications(
        datasets.frame("replications", view.release),
        datasets.frame("stories", view.release),
        view.selection,
    )


@kept_of_release
def places(view: View) -> pd.DataFrame:
    """Every country with its name in the view's language; index country_iso3."""
    countries = datasets.frame("countries", view.release).set_index("country_iso3")
    return countries.assign(name=countries[f"name_{view.language}"])


@kept_of_release
def picture(view: View) -> go.Figure:
    """The map of a view; drawn once."""
    marks, said = _map_of(view)
    return world_map(marks, **said, height=view.height)


def picture_svg(view: View, alt: str) -> str:
    """The same map as an SVG file."""
    marks, said = _map_of(view)
    return map_svg(marks, **said, alt=alt)


def _map_of(view: View) -> tuple[pd.DataFrame, dict[str, Any]]:
    """What both maps show: the marks, and everything around them."""
    t = words(view.language)
    rows, undated = selected(view)
    marks, countries = query.marks(rows), places(view)
    origin = story_origin(view)
    return marks, {
        "countries": countries,
        "labels": labels.kinds(t),
        "title": map_title(view, t),
        "lines": origin_lines(marks, origin, countries) if origin else None,
        "chosen": view.country,
        "region": REGION_BOUNDS.get(view.region),
        "context": context_of(view),
        "notes": [
            undated_sentence(undated, t),
            no_origin_sentence(view, t),
            t(
                "Sources: each record names its own. Good Cyber Stories, release {number}.",
                number=view.release,
            ),
        ],
        "t": t,
    }


def context_of(view: View) -> Context | None:
    """The figures under the marks of a view, where it has any."""
    return context.layer(view.layer, view.release, view.language) if view.layer else None


def story_origin(view: View) -> str | None:
    """The country that leads the one story of a view, where there is one."""
    if len(view.selection.story_ids) != 1:
        return None
    stories = datasets.frame("stories", view.release).set_index("story_id")
    origin = stories.at[next(iter(view.selection.story_ids)), "lead_country_iso3"]
    return origin if isinstance(origin, str) else None


def no_origin_sentence(view: View, t: Words) -> str:
    """Why one story's map has no lines; empty where it has, or shows several stories."""
    if len(view.selection.story_ids) != 1 or story_origin(view):
        return ""
    return world_sentences.no_origin_sentence(t)


def map_title(view: View, t: Words) -> str:
    """What the map shows, in words."""
    if len(view.selection.story_ids) == 1:
        title = datasets.titles(view.release)[next(iter(view.selection.story_ids))]
        return t("Where “{title}” is on record", title=title)
    return t("Where stories are on record")


def undated_sentence(undated: int, t: Words) -> str:
    """How many records cannot be placed in time; empty for none."""
    if not undated:
        return ""
    return t.plural(
        "{n} more record fits but has no year, so it is not drawn.",
        "{n} more records fit but have no year, so they are not drawn.",
        undated,
    )


def draw_map(name: str, view: View, sentence: str, t: Words) -> None:
    """The map with its sentence, table and downloads; a click on a country chooses it."""
    chart(
        name,
        picture(view),
        svg=lambda: picture_svg(view, sentence),
        sentence=sentence,
        table=_table_of(view),
        headings=table_headings(t, context_of(view)),
        on_point=_choose_country,
    )


def _choose_country(point: dict[str, Any]) -> None:
    data = point.get("customdata") or [point.get("location")]
    if isinstance(data[0], str):
        choose("country", data[0])


@kept_of_release
def _table_of(view: View) -> pd.DataFrame:
    return record_table(selected(view)[0], view)


@kept
def record_list(view: View, t: Words) -> str:
    """The records of one story's map as lists by kind, each with its country, as HTML."""
    return parts.record_lists(
        query.dated_list(selected(view)[0]),
        names={str(code): name for code, name in places(view)["name"].items()},
        column="country_iso3",
        page="map",
        kinds=labels.kinds(t),
        t=t,
    )


def record_table(rows: pd.DataFrame, view: View) -> pd.DataFrame:
    """Replications with the names of stories and countries beside their ids, by year."""
    names, titles = places(view)["name"], datasets.titles(view.release)
    dated = query.dated_list(rows)
    dated.insert(1, "story", dated["story_id"].map(titles).astype("str"))
    dated.insert(3, "country", dated["country_iso3"].map(names).astype("str"))
    if under := context_of(view):
        figures = under.figures.reindex(dated["country_iso3"]).reset_index(drop=True)
        dated = dated.assign(layer_value=figures["value"], layer_year=figures["year"])
    return dated.drop(columns="copy_story_id")


def table_headings(t: Words, under: Context | None = None) -> dict[str, Any]:
    """What the columns of a table of records are called on the page."""
    figures = f"{under.label} ({under.unit})" if under else ""
    return {
        "story_id": None,
        "story": t("Story"),
        "country_iso3": None,
        "country": t("Country"),
        "kind": t("Kind"),
        "year": st.column_config.NumberColumn(t("Year"), format="%d"),
        "note": t("Note"),
        "source_url": st.column_config.LinkColumn(t("Source")),
        "layer_value": st.column_config.NumberColumn(md(figures), format="plain"),
        "layer_year": st.column_config.NumberColumn(t("Year of the figure"), format="%d"),
    }


@kept_of_release
def sentence(view: View, t: Words) -> str:
    """What the map, the tiles and the list say."""
    rows, left_out = selected(view)
    several = len(view.selection.story_ids) != 1
    marks, under = query.marks(rows), context_of(view)
    said = world_sentences.world_sentence(
        marks,
        countries=places(view),
        labels=labels.kinds(t),
        stories=rows.groupby("country_iso3")["story_id"].nunique() if several else None,
        undated=int(rows["year"].isna().sum()),
        left_out=left_out,
        t=t,
    )
    if under is None:
        return said
    return f"{said} {world_sentences.context_sentence(marks, under, places(view), t)}"


def draw_tiles(view: View, said: str, t: Words) -> None:
    """One square per country, for whom a map is too small or cannot be seen."""
    st.header(md(map_title(view, t)), anchor=False)
    st.html(
        tile_grid(
            query.marks(selected(view)[0]),
            places(view),
            t=t,
            labels=labels.kinds(t),
            chosen=view.country,
            href=lambda code: parts.here(country=code),
            region_names=datasets.region_names(t.language),
            context=context_of(view),
        )
    )
    st.markdown(md(said))
    under = context_of(view)
    notes = context_notes(under, places(view), t) if under else []
    st.caption(md(" ".join([*notes, border_notes(t)[0]])))
    _table("tiles", view, t)


def draw_list(view: View, said: str, t: Words) -> None:
    """Every record of the view, open at once."""
    st.header(md(map_title(view, t)), anchor=False)
    st.markdown(md(said))
    rows = record_table(selected(view)[0], view)
    shown = rows.assign(kind=rows["kind"].map(labels.kinds(t)).astype("str"))
    keys = zip(rows["story_id"], rows["country_iso3"], rows["kind"], strict=True)
    addresses = [parts.reported(record_id("replications", *key)) for key in keys]
    if any(addresses):
        shown["report"] = addresses
    mistake = st.column_config.LinkColumn(t("Something wrong?"), display_text=t("Report a mistake"))
    st.dataframe(
        shown,
        hide_index=True,
        placeholder="–",
        alt=said,
        column_config=table_headings(t, context_of(view)) | {"report": mistake},
    )
    _table("list", view, t)


def _table(name: str, view: View, t: Words) -> None:
    numbers(
        f"records-{name}",
        _table_of(view),
        alt=map_title(view, t),
        label=t("Table and downloads"),
        headings=table_headings(t, context_of(view)),
    )
