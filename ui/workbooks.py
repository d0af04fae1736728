"""What is on a page as a workbook: its tables, where they come from and how to read them."""

from collections.abc import Callable, Mapping

import pandas as pd

from exports.workbook import workbook
from ui import datasets
from ui.cite import this_view
from words import Words

Tables = Mapping[str, pd.DataFrame]


def of_tables(said: str, tables: Callable[[], Tables], t: Words) -> Callable[[], bytes]:
    """Tables as a workbook, each with its release, and a sheet with where their rows come from.

    Args:
        said: What they say, in a sentence or a title.
        tables: Makes them, by the names of their sheets. It runs when somebody wants the file,
            where no visitor is known: it must know release and language itself.

    Returns:
        What makes the file.
    """
    release, about = datasets.release(), _about(said, t)

    def book() -> bytes:
        made = tables()
        sheets = {name: table.assign(release=release) for name, table in made.items()}
        if any("source_url" in table for table in made.values()):
            sheets["sources"] = sources(made)
        columns = {column for table in made.values() for column in table.columns}
        meant = {name: text for name, text in _meanings(t).items() if name in columns}
        return workbook(sheets, about=about | meant, about_name=t("Read me"))

    return book


def sources(tables: Tables) -> pd.DataFrame:
    """Where the rows of some tables come from: columns sheet, source_url and rows."""
    found = [
        table["source_url"].value_counts().rename("rows").reset_index().assign(sheet=name)
        for name, table in tables.items()
        if "source_url" in table
    ]
    return pd.concat(found, ignore_index=True)[["sheet", "source_url", "rows"]]


def _about(said: str, t: Words) -> dict[str, str]:
    view = this_view("map", [], said)
    return {
        "Good Cyber Stories": said,
        t("Release"): str(view.release),
        t("This view in that release"): view.url,
        t("Opened on"): view.accessed.isoformat(),
    }


def _meanings(t: Words) -> dict[str, str]:
    """What the columns mean that a reader could take for something else."""
    return {
        "n": t("How many people rated the gene."),
        "low": t("The lower end of the 95 % interval of the mean."),
        "high": t("The upper end of the 95 % interval of the mean."),
        "method": t("How the interval was computed."),
        "provenance": t(
            "Whose ratings they are: illustrative ones were made up as an example; expert and "
            "workshop ones were given by people. They are never mixed."
        ),
        "kind": t("What is on record, one of four claims that are never added up."),
        "source_url": t("Where the row comes from."),
    }
