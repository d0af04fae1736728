"""The first picture of the map, and where stories spread."""

from typing import Any

import pandas as pd

import labels
from figures.geography import REGION_BOUNDS, origin_lines
from figures.svg import map_svg
from figures.svg_text import escaped
from figures.world import border_notes, own_notes
from figures.world_sentences import no_origin_sentence, world_sentence
from gcs_data import query
from gcs_data.schema import KINDS
from server.preview_view import (
    Shown,
    View,
    countries,
    country_names,
    figure,
    grouped,
    listed,
    paragraph,
    room,
    section,
    select,
    source,
    titles,
)
from words import Words

WIDE, HALF, NARROW = 1110, 660, 341  # Pixels, as the columns of the page.
# How high the page's own maps are: its own page's, a story's, the overview's, any on a phone.
HIGH, MIDDLE, LOW, PHONE = 560, 480, 400, 270
MOST_RECORDS = 20


def world(view: View, t: Words) -> Shown:
    """The map with the choice of the address. Its tiles and its list come with the page alone."""
    shown = Selected(view, _selection(view), t)
    asked = t(
        "Each mark is something on record: a country took part in a story, adopted it, became part "
        "of it as it grew, or built its own copy. No record does not mean no."
    )
    said = shown.sentence()
    drawn = shown.figure(said, WIDE, HIGH) if view.one("view") in ("", "map") else paragraph(said)
    choices = (
        select(t("Story"), titles(view.release).get(view.one("story"), t("All stories")))
        + select(t("Topic"), t("All topics"))
        + select(t("Year"), view.one("year") or t("All years"))
        + select(t("Zoom to"), t("The world"))
    )
    body = (
        f"<h1>{escaped(t('World map'))}</h1>{paragraph(asked)}"
        f'<div class="shape"></div><div class="choices">{choices}</div>{drawn}'
    )
    title = shown.title() if view.one("story") else t("World map")
    return Shown(title, said, body + section(t("Country by country"), shown.records()))


def of_story(view: View, story_id: str, t: Words) -> str:
    """Where one story spread: its map and its records."""
    shown = Selected(view, query.Selection(story_ids=(story_id,)), t)
    if shown.rows.empty:
        none = t(
            "No country is on record for this story yet. That does not mean that there is none."
        )
        return section(t("Where it spread"), paragraph(none, "notice"))
    drawn = shown.figure(shown.sentence(), HALF, MIDDLE)
    return section(t("Where it spread"), drawn, records(view, shown.rows, "country_iso3", t))


def reach(view: View, story_ids: list[str], t: Words) -> str:
    """In how many countries each of some stories is on record, kind by kind."""
    known, lines = titles(view.release), []
    for story_id in story_ids:
        shown = Selected(view, query.Selection(story_ids=(story_id,)), t)
        said = shown.sentence() if len(shown.rows) else t("No country on record yet.")
        lines.append(f"{view.link('story', known[story_id], story=story_id)}: {escaped(said)}")
    return listed(lines)


def _selection(view: View) -> query.Selection:
    year = view.one("year")
    return query.Selection(
        kinds=view.all("kind"),
        topics=view.all("topic"),
        story_ids=view.all("story"),
        year=int(year) if year else None,
        cumulative=view.one("when") != "in",
    )


class Selected:
    """The records of a selection, and what a map of them shows and says."""

    def __init__(self, view: View, selection: query.Selection, t: Words) -> None:
        self.view, self.selection, self.t = view, selection, t
        self.rows, self.left_out = query.select_replications(
            view.frame("replications"), view.frame("stories"), selection
        )
        self.countries = countries(view)
        self.story = next(iter(selection.story_ids), "")

    def title(self) -> str:
        """What the map shows. Plain text."""
        if self.story:
            title = titles(self.view.release)[self.story]
            return self.t("Where “{title}” is on record", title=title)
        return self.t("Where stories are on record")

    def sentence(self) -> str:
        """What the map says. Plain text."""
        stories = self.rows.groupby("country_iso3")["story_id"].nunique()
        return world_sentence(
            query.marks(self.rows),
            countries=self.countries,
            labels=labels.kinds(self.t),
            stories=None if self.story else stories,
            undated=int(self.rows["year"].isna().sum()),
            left_out=self.left_out,
            t=self.t,
        )

    def figure(self, said: str, width: int, plot: int) -> str:
        """The map, wide and for a phone, with its sentence."""
        marks, inside = query.marks(self.rows), self._inside()
        drawn = [
            map_svg(marks, **inside, width=each, paper=None, alt=said) for each in (width, NARROW)
        ]
        own, borders = own_notes(marks, self.countries, self.t), border_notes(self.t)
        notes = [*own, *inside["notes"], *borders]
        heights = [room(each, inside["title"], notes) for each in (plot, PHONE)]
        return figure(drawn, heights, said)

    def _inside(self) -> dict[str, Any]:
        t, view, lines, notes = self.t, self.view, None, []
        if self.story:
            stories = view.frame("stories").set_index("story_id")
            origin = stories.at[self.story, "lead_country_iso3"]
            if isinstance(origin, str):
                lines = origin_lines(query.marks(self.rows), origin, self.countries)
            else:
                notes.append(no_origin_sentence(t))
        whole_map = view.page == "map"
        release = t(
            "Sources: each record names its own. Good Cyber Stories, release {number}.",
            number=view.release,
        )
        return {
            "countries": self.countries,
            "labels": labels.kinds(t),
            "title": self.title(),
            "lines": lines,
            "chosen": view.one("country") or None if whole_map else None,
            "region": REGION_BOUNDS.get(view.one("region")) if whole_map else None,
            "notes": [*notes, release],
            "t": t,
        }

    def records(self) -> str:
        """The first records by year as a list, and how many more there are."""
        dated = query.dated_list(self.rows)
        kinds, known = labels.kinds(self.t), titles(self.view.release)
        lines = []
        for row in query.rows(dated.head(MOST_RECORDS)):
            story = self.view.link("story", known[row.story_id], story=row.story_id)
            line = record(self.view, row, str(self.countries.at[row.country_iso3, "name"]), self.t)
            lines.append(f"{story}: {escaped(kinds[row.kind])}, {line}")
        more = len(dated) - MOST_RECORDS
        rest = self.t.plural("and {n} more", "and {n} more", more) if more > 0 else ""
        return listed(lines) + paragraph(rest, "soft")


def records(view: View, rows: pd.DataFrame, column: str, t: Words) -> str:
    """Replications kind by kind, the strongest first, by year.

    Args:
        view: What is shown.
        rows: Replications.
        column: What a line is about: country_iso3 or story_id.
        t: The words of the visitor's language.
    """
    names = country_names(view) if column == "country_iso3" else titles(view.release)
    parts = []
    for kind in reversed(KINDS):
        of_kind = rows[rows["kind"] == kind]
        of_kind = of_kind.assign(name=of_kind[column].map(names)).sort_values(["year", "name"])
        lines = [record(view, row, row.name, t, column) for row in query.rows(of_kind)]
        parts.append(grouped(labels.kinds(t)[kind], lines, t))
    return f"<div>{''.join(parts)}</div>"


def record(view: View, row: Any, name: str, t: Words, column: str = "country_iso3") -> str:
    """One replication: what it is about, its year and who says so."""
    page = {"country_iso3": "country", "story_id": "story"}[column]
    year = t("no year on record") if pd.isna(row.year) else str(row.year)
    link = view.link(page, name, **{page: getattr(row, column)})
    note = f" – {escaped(row.note)}" if isinstance(row.note, str) else ""
    return f"{link}, {escaped(year)}{note} ({source(row.source_url, t)})"
