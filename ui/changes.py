"""What a release or an upload changes, as staff see it before they publish."""

from collections.abc import Callable, Collection, Mapping

import pandas as pd
import streamlit as st

import labels
from figures.svg import map_svg, radar_svg
from gcs_data import query
from gcs_data.changes import Changes
from ui import datasets, parts, since
from words import Words

Frame = Callable[[str], pd.DataFrame]  # A dataset by its name.
MOST_PAIRS = 5
MOST_ROWS = 1000


def counts(found: Mapping[str, Changes], t: Words) -> None:
    """How many rows of each dataset are added, changed, removed and unchanged."""
    names = labels.datasets(t)
    headings = {
        "added": t("Added"),
        "changed": t("Changed"),
        "removed": t("Removed"),
        "unchanged": t("Unchanged"),
    }
    rows = pd.DataFrame(
        [{"dataset": names[name]} | changes.counts for name, changes in found.items()]
    )
    st.table(rows.rename(columns={"dataset": t("Dataset")} | headings).set_index(t("Dataset")))


def rows(found: Mapping[str, Changes], t: Words) -> None:
    """Every row that differs, dataset by dataset; of changed ones the cells, old and new."""
    names = labels.datasets(t)
    for name, changes in found.items():
        for title, table in (
            (t("{dataset}: added", dataset=names[name]), changes.added),
            (t("{dataset}: changed", dataset=names[name]), _cells(changes, t)),
            (t("{dataset}: removed", dataset=names[name]), changes.removed),
        ):
            if table.empty:
                continue
            lid = st.expander(
                t("{title} ({n})", title=title, n=t.number(len(table))),
                expanded=len(table) <= 20,
            )
            shown = table.head(MOST_ROWS).dropna(axis="columns", how="all")
            lid.dataframe(shown, hide_index=True, placeholder="–", alt=title)
            if len(table) > MOST_ROWS:
                lid.caption(t("The first {n} are shown.", n=t.number(MOST_ROWS)))


def _cells(changes: Changes, t: Words) -> pd.DataFrame:
    """The cells that differ, as text: a column can hold years and titles at once."""
    cells = changes.changed
    shown = cells.assign(
        old=cells["old"].map(lambda value: "" if value is None else str(value)),
        new=cells["new"].map(lambda value: "" if value is None else str(value)),
    )
    return shown.rename(columns={"column": t("Column"), "old": t("Old"), "new": t("New")})


def pictures(stories: Collection[str], before: Frame, after: Frame, t: Words) -> None:
    """The radars and the map of some stories, as they are and as they would be, where they differ.

    Args:
        stories: The stories that something changes for.
        before, after: Each dataset, derived ones too.
    """
    stories = list(stories)
    drawn = [[_radar(frame, story, t) for frame in (before, after)] for story in stories]
    drawn.append([_map(frame, stories, t) for frame in (before, after)])
    differ = [pair for pair in drawn if pair[0] != pair[1]]
    if not differ:
        return
    st.subheader(t("Before and after"), anchor=False)
    for pair in differ[-MOST_PAIRS:]:
        titles = (t("Before"), t("After"))
        for column, title, picture in zip(st.columns(2), titles, pair, strict=True):
            column.caption(title)
            column.html(picture or parts.paragraph(t("Nothing to draw.")))
    if len(differ) > MOST_PAIRS:
        st.caption(
            t(
                "{n} of {all} pictures that change are drawn.",
                n=t.number(MOST_PAIRS),
                all=t.number(len(differ)),
            )
        )


def _radar(frame: Frame, story: str, t: Words) -> str:
    """A story's first series of ratings as a picture; empty where nobody rated it. HTML."""
    counted = frame("rating_counts")
    series = query.rating_series(counted, story)
    if series.empty:
        return ""
    first = series.iloc[0]
    profile = query.gene_profile(
        counted,
        story,
        query.genes_in_order(frame("genes"), default_only=True),
        provenance=first["provenance"],
        occasion_id=first["occasion_id"],
    )
    names = frame("genes").set_index("gene_id")["name"]
    titles = frame("stories").set_index("story_id")["title"]
    title = str(titles.get(story, story))
    kind = labels.provenances(t)[first["provenance"]]
    profile = profile.assign(gene=profile["gene_id"].map(names), name=title)
    return parts.picture(radar_svg(profile, title=title, t=t, watermark=kind, width=420), title)


def _map(frame: Frame, stories: list[str], t: Words) -> str:
    """Where some stories are on record, as a picture; empty where nothing is. HTML."""
    replications = frame("replications")
    marks = query.marks(replications[replications["story_id"].isin(stories)])
    if marks.empty:
        return ""
    countries = datasets.frame("countries").set_index("country_iso3")
    named = countries.assign(name=countries[f"name_{t.language}"])
    title = t("Where these stories are on record")
    svg = map_svg(marks, countries=named, labels=labels.kinds(t), title=title, t=t, width=480)
    return parts.picture(svg, title)


def heading(found: Mapping[str, Changes], t: Words) -> str:
    """What changes, as one sentence; empty where nothing does. Plain text."""
    return since.in_words({name: changes.counts for name, changes in found.items()}, t)
