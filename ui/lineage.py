"""The lineage of a story, worded and escaped for its page."""

from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

import labels
from figures.drawing import Drawing, figure
from figures.drawing_svg import svg
from figures.lineage import (
    MOST_ROWS,
    Beginning,
    arcs_drawing,
    lineage_sentence,
    tree_drawing,
)
from gcs_data import lineage, query
from ui import address, datasets, parts
from ui.chart import chart
from ui.kept import kept
from ui.spread import table_headings
from words import Words, words


def draw(story_id: str, t: Words) -> None:
    """Where a story began and what came of it, over time; what it is a copy of; its copies."""
    origins, copies = _around(story_id, t)
    if origins:
        st.html(origins)
    if copies is None:
        st.caption(t("Nothing is on record yet that came of this story. That is not a no."))
        return
    shape = address.one_of(
        "lineage", t("Show as"), {"arcs": t("Arcs over time"), "tree": t("Dated tree")}
    )
    drawn = _drawn(datasets.release(), t.language, story_id, shape)
    chart(
        f"lineage-{shape}",
        drawn.figure,
        svg=lambda: svg(drawn.drawing, **drawn.inside, alt=drawn.sentence),
        sentence=drawn.sentence,
        table=drawn.table,
        headings=table_headings(t)
        | {"row": None, "parent": None, "depth": None}
        | {"copy_story_id": t("The copy, where it is a story of its own")},
    )
    if copies:
        st.html(copies)
    else:
        st.caption(
            t(
                "No copy of it is on record as a story of its own, so which genes changed on the "
                "way is not known."
            )
        )


@kept
def _around(story_id: str, t: Words) -> tuple[str, str | None]:
    """What a story is a copy of, and its copies, as HTML; None if nothing came of it."""
    replications = datasets.frame("replications")
    rows = lineage.lineage(replications, story_id)
    origins = _copied_from(lineage.copied_from(replications, story_id), t)
    return origins, None if rows.empty else _copies(rows, t)


@dataclass(frozen=True)
class Drawn:
    """A lineage as page and file show it."""

    drawing: Drawing
    figure: go.Figure
    inside: dict[str, Any]
    sentence: str
    table: pd.DataFrame


@st.cache_resource(show_spinner=False, max_entries=512)
def _drawn(release: int, language: str, story_id: str, shape: str) -> Drawn:
    """The lineage of a story; drawn once."""
    t = words(language)
    names, titles = datasets.country_names(language, release), datasets.titles(release)
    rows = lineage.lineage(datasets.frame("replications", release), story_id)
    named = rows.assign(
        name=rows["country_iso3"].map(names).astype("str"),
        copy=rows["copy_story_id"].map(titles).astype("str"),
    )
    facts = datasets.frame("stories", release).set_index("story_id").loc[story_id]
    year, country = facts["year_started"], facts["lead_country_iso3"]
    beginning = Beginning(
        titles[story_id],
        None if pd.isna(year) else int(year),
        names[country] if isinstance(country, str) else None,
    )
    kinds = labels.kinds(t)
    more = len(named) - MOST_ROWS if shape == "tree" else 0
    left_out = t.plural(
        "{n} more record is in the table, not in the picture.",
        "{n} more records are in the table, not in the picture.",
        more,
    )
    inside: dict[str, Any] = {
        "title": t("What came of “{title}”, by year", title=beginning.title),
        "notes": [
            left_out if more > 0 else "",
            t("A missing country proves nothing."),
            t(
                "Sources: each record names its own. Good Cyber Stories, release {number}.",
                number=release,
            ),
        ],
    }
    draw_as = tree_drawing if shape == "tree" else arcs_drawing
    drawing = draw_as(named, beginning, labels=kinds, t=t)
    sentence = lineage_sentence(named, beginning, labels=kinds, t=t)
    table = named.drop(columns="copy").rename(columns={"name": "country"})
    return Drawn(drawing, figure(drawing, **inside), inside, sentence, table)


def _copied_from(rows: pd.DataFrame, t: Words) -> str:
    """What this story is itself a copy of, as HTML; nothing where nothing is on record."""
    titles = datasets.titles()
    said = [
        escape(t("This story is on record as a copy of:"))
        + f" {parts.inside('story', titles[row.story_id], story=row.story_id)}"
        + ("" if pd.isna(row.year) else f", {row.year}")
        + f" ({parts.source(row.source_url, t)})"
        for row in query.rows(rows)
        if row.story_id in titles
    ]
    return "".join(map(parts.paragraph_of, said))


def _copies(rows: pd.DataFrame, t: Words) -> str:
    """The copies that are stories of their own, and which of their genes differ; as HTML."""
    copies = rows[rows["copy_story_id"].notna()]
    titles = datasets.titles()
    if copies.empty:
        return ""
    lines = []
    for row in query.rows(copies):
        if row.copy_story_id in titles:
            found = lineage.differences(
                row.story_id,
                row.copy_story_id,
                datasets.frame("rating_counts"),
                datasets.frame("genes"),
                datasets.frame("published_dna"),
            )
            title = parts.inside("story", titles[row.copy_story_id], story=row.copy_story_id)
            lines.append(f"<li>{title}: {escape(_differences(found, t))}</li>")
    said = parts.paragraph(t("Copies that are stories of their own:"))
    return said + f'<ul class="gcs-list">{"".join(lines)}</ul>'


def _differences(found: lineage.Differences, t: Words) -> str:
    """Which genes differ from the origin's, unknown said as unknown. Plain text."""
    names = datasets.gene_names(t)
    said = []
    if found.published:
        for genes, message in (
            (found.both, t("published as dominant in both")),
            (found.only_origin, t("only in the original")),
            (found.only_copy, t("only in the copy")),
        ):
            if genes:
                listed = t.listed([names[gene] for gene in genes])
                said.append(t("{name}: {value}", name=message, value=listed))
    if found.rated == "unknown":
        said.append(
            t("which ratings differ is not known, as it takes real ratings of both by five people")
        )
    elif found.apart:
        higher = [names[gene] for gene, by in found.apart.items() if by > 0]
        lower = [names[gene] for gene, by in found.apart.items() if by < 0]
        if higher:
            said.append(t("rated higher in the copy: {genes}", genes=t.listed(higher)))
        if lower:
            said.append(t("rated lower in the copy: {genes}", genes=t.listed(lower)))
    else:
        said.append(t("no gene can be told apart by its ratings"))
    text = t("; ").join(said) + "."
    return text[:1].upper() + text[1:]
