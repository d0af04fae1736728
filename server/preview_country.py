"""The first picture of a country: what is on record there, and beside its regions."""

from collections.abc import Collection
from typing import Any

import pandas as pd

import labels
from figures.gaps import key_notes
from figures.svg_gaps import count_grid_svg
from figures.svg_text import escaped
from figures.world_sentences import country_summary, inside
from gcs_data import country_record, query
from gcs_data.countries import region_names
from server.preview_view import (
    Shown,
    View,
    country_names,
    figure,
    grouped,
    listed,
    paragraph,
    room,
    section,
    select,
    source,
)
from server.preview_world import records as records_of
from words import Words

WIDE, NARROW = 1110, 341  # Pixels, as the columns of the page.
ROW, HEAD = 44, 121  # How high the rows and the head of the page's own grid are.
MOST_LISTED = 12
ANY, EVENTS = "any", "events"
LEVELS = ("sub_region", "region")  # The nearest first.


def country(view: View, t: Words) -> Shown:
    """The page of one country; without one, those with most on record."""
    code, names = view.one("country"), country_names(view)
    if not code:
        said = t("Choose a country above, or begin with one that has most on record.")
        body = f"{select(t('Country'), '')}<h1>{escaped(t('Country'))}</h1>{paragraph(said)}"
        return Shown(t("Country"), said, body + _most(view, t))
    stories, rows = view.frame("stories"), view.frame("replications")
    led = stories[stories["lead_country_iso3"] == code].sort_values("title")
    records = rows[rows["country_iso3"] == code]
    regions = [region_names(t.language)[place] for place in _regions(view, code).values()]
    where = " · ".join(regions) or t("In no region of the United Nations' list")
    said = _summary(led, records, t)
    links = view.link("map", t("See it on the map"), country=code)
    links += view.link("plan", t("Could it work here?"), country=code)
    body = (
        f'{select(t("Country"), names[code])}<h1 dir="auto">{escaped(names[code])}</h1>'
        f'{paragraph(where, "soft")}{paragraph(said)}<p class="buttons">{links}</p>'
        + section(t("On record"), _on_record(view, names[code], led, records, t))
        + section(t("Beside its region and its peers"), _beside(view, code, t))
    )
    title = t("On record in {name}", name=names[code])
    return Shown(title, f"{title}: {said}", body)


def _regions(view: View, code: str) -> dict[str, str]:
    """The sub-region and the region of a country, where it has them."""
    rows = view.frame("countries")
    place = rows[rows["country_iso3"] == code].iloc[0]
    return {level: place[level] for level in LEVELS if isinstance(place[level], str)}


def _claims(view: View) -> pd.DataFrame:
    frames = (view.frame(name) for name in ("stories", "replications", "countries"))
    return country_record.claims(*frames)


def _most(view: View, t: Words) -> str:
    known = _claims(view).groupby("country_iso3")["story_id"].nunique()
    most = known.sort_values(ascending=False, kind="stable").head(MOST_LISTED)
    names = country_names(view)
    return listed(
        f"{view.link('country', names[str(code)], country=str(code))}, "
        + escaped(t.plural("{n} story", "{n} stories", int(n)))
        for code, n in most.items()
    )


def _summary(led: pd.DataFrame, records: pd.DataFrame, t: Words) -> str:
    stories = len(set(led["story_id"]) | set(records["story_id"]))
    undated = int(records["year"].isna().sum())
    return country_summary(stories, undated, t)


def _on_record(view: View, name: str, led: pd.DataFrame, records: pd.DataFrame, t: Words) -> str:
    """The stories that the country leads, then everything else, kind by kind."""
    if led.empty and records.empty:
        none = t(
            "Nothing is on record for {name} yet. That is not a no: our sources may not have said.",
            name=name,
        )
        return paragraph(none, "notice")
    leads = [
        f"{view.link('story', row.title, story=row.story_id)} ({source(row.source_url, t)})"
        for row in query.rows(led)
    ]
    none = paragraph(t("It leads no story on record."))
    first = grouped(t("Leads"), leads, t) or f'<div class="records">{none}</div>'
    return first + records_of(view, records, "story_id", t)


def _beside(view: View, code: str, t: Words) -> str:
    """How many stories of each kind the country and its regions have: grid and sentence."""
    places, regions = view.frame("countries"), _regions(view, code)
    names = region_names(t.language)
    rows = {code: country_names(view)[code]}
    rows |= {place: t("All of {region}", region=names[place]) for place in regions.values()}
    groups: dict[str, Collection[str]] = {code: [code]}
    for level, place in regions.items():
        groups[place] = places.loc[places[level] == place, "country_iso3"].tolist()
    counted = country_record.side_by_side(_claims(view), view.frame("events"), groups)
    claims = {country_record.LED: t("Leads")} | labels.kinds(t)
    columns = claims | {ANY: t("Stories at all"), EVENTS: t("Events held")}
    cells = counted.melt("place", list(columns), "column", "n").rename(columns={"place": "row"})
    cells["state"] = ["on_record" if n else "none_yet" for n in cells["n"]]
    said = []
    for row in counted.to_dict("records"):
        each = [f"{inside(claims[c])} {t.number(row[c])}" for c in claims if row[c]]
        counts = ", ".join(each) or t("no record")
        said.append(t("{place}: {counts}.", place=rows[row["place"]], counts=counts))
    sentence = " ".join([*said, t("No record does not mean no.")])
    shown: dict[str, Any] = {
        "rows": rows,
        "columns": columns,
        "title": t("{name} beside its region and its peers", name=rows[code]),
        "notes": [
            t("Different stories; the kinds are never added up, and one story can count in two."),
            t("Good Cyber Stories, release {number}.", number=view.release),
        ],
    }
    drawn = [
        count_grid_svg(cells, **shown, t=t, width=width, paper=None, alt=sentence)
        for width in (WIDE, NARROW)
    ]
    notes = [*key_notes(cells, t), *shown["notes"]]
    height = room(ROW * len(rows) + HEAD, shown["title"], notes)
    ghost = select(t("Peers to compare with"), "")
    return ghost + figure(drawn, [height, height], sentence)
