"""What a visitor asked the world map for: the controls above it, and the view that they make."""

import streamlit as st

import labels
from gcs_data import query
from ui import address, context, datasets, spread
from ui.kept import kept
from words import Words

HEIGHT = 560


def ask(t: Words) -> tuple[str, spread.View]:
    """Draw the controls; how to show the records (map, tiles or list), and which."""
    kinds = labels.kinds(t)
    with st.container(horizontal=True, gap="large"):
        shape = address.one_of(
            "view", t("Show as"), {"map": t("Map"), "tiles": t("Tiles"), "list": t("List")}
        )
        chosen_kinds = address.several("kind", t("Kind of record (none chosen: all four)"), kinds)
        layer = context.ask(t)
    first, second, third, fourth = st.columns(4)
    with first:
        story_id = address.select(
            "story", t("Story"), datasets.titles(), placeholder=t("All stories")
        )
    with second:
        chosen_topics = address.some_of(
            "topic", t("Topic"), datasets.topic_names(t), placeholder=t("All topics")
        )
    with third:
        year = address.select("year", t("Year"), _years(), placeholder=t("All years"))
    with fourth:
        region = shape == "map" and address.select(
            "region", t("Zoom to"), spread.regions(t), placeholder=t("The world")
        )
    only = year and address.one_of(
        "when",
        t("Time"),
        {"upto": t("Up to {year}", year=year), "in": t("In {year} only", year=year)},
    )
    view = spread.View(
        datasets.release(),
        t.language,
        query.Selection(
            kinds=tuple(chosen_kinds),
            topics=tuple(chosen_topics),
            story_ids=(story_id,) if story_id else (),
            year=int(year) if year else None,
            cumulative=only != "in",
        ),
        country=address.chosen("country", datasets.country_names(t.language)),
        region=region or "",
        height=spread.height(HEIGHT),
        layer=layer,
    )
    return shape, view


@kept
def _years() -> dict[str, str]:
    """The years of the records, the newest first."""
    years = sorted(datasets.frame("replications")["year"].dropna().unique(), reverse=True)
    return {str(year): str(year) for year in years}
