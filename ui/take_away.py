"""A whole view to take away: a workbook of everything that a page shows."""

from collections.abc import Callable, Sequence

import pandas as pd

from gcs_data import compare, query
from ui import datasets, spread
from ui.chart import download
from ui.dna import Series, named_profile
from ui.workbooks import Tables, of_tables
from words import Words

ON_A_STORY = ("stories", "published_dna", "replications", "partners", "events")


def story(story_id: str, t: Words) -> None:
    """A button that saves everything on record about a story as a workbook."""
    release = datasets.release()

    def tables() -> Tables:
        rows = {name: _rows(name, [story_id], release) for name in ON_A_STORY}
        return {"dna": dna([story_id], release, t), **rows}

    _button(f"story-{story_id}", datasets.titles()[story_id], tables, t)


def comparison(story_ids: Sequence[str], t: Words) -> None:
    """A button that saves a comparison as a workbook: DNA, facts and countries, side by side."""
    release, titles = datasets.release(), datasets.titles()

    def tables() -> Tables:
        stories = datasets.frame("stories", release)
        replications = _rows("replications", story_ids, release)
        return {
            "dna": dna(story_ids, release, t),
            "facts": compare.facts_side_by_side(stories, story_ids).reset_index(),
            "countries": compare.reach_side_by_side(replications, story_ids).reset_index(),
            "replications": replications,
        }

    _button("comparison", t.listed([titles[each] for each in story_ids]), tables, t)


def world(view: spread.View, sentence: str, t: Words) -> None:
    """A button that saves the records of a map as a workbook."""
    _button(
        "map",
        sentence,
        lambda: {"records": spread.record_table(spread.selected(view)[0], view)},
        t,
    )


def dna(story_ids: Sequence[str], release: int, t: Words) -> pd.DataFrame:
    """Every series of ratings of some stories, gene by gene, as `gcs_data.query.gene_profile`."""
    counts = datasets.frame("rating_counts", release)
    profiles = [
        named_profile(
            Series(release, story, row.provenance, row.occasion_id, False, t.language)
        ).assign(story_id=story)
        for story in story_ids
        for row in query.rows(query.rating_series(counts, story))
    ]
    return pd.concat(profiles, ignore_index=True) if profiles else pd.DataFrame({"story_id": []})


def _rows(name: str, story_ids: Sequence[str], release: int) -> pd.DataFrame:
    rows = datasets.frame(name, release)
    return rows[rows["story_id"].isin(list(story_ids))]


def _button(name: str, said: str, tables: Callable[[], Tables], t: Words) -> None:
    download(f"gcs-{name}", t("Workbook"), of_tables(said, tables, t), "xlsx")
