"""A chart as a visitor gets it: the figure, its sentence, its table and its downloads."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from plotly.basedatatypes import BaseFigure

from exports.csv_file import csv_bytes
from ui import datasets, workbooks
from ui.escape import md
from ui.language import visitor_words

CONFIG = {
    "topojsonURL": "/assets/topojson/",  # Without it, maps ask a foreign host for their shapes.
    "displaylogo": False,
    "displayModeBar": True,
    "modeBarButtons": [["toImage"]],
    "scrollZoom": False,
    "doubleClick": False,
    "showTips": False,
}
TYPES = {
    "csv": "text/csv",
    "svg": "image/svg+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def chart(
    name: str,
    figure: go.Figure,
    *,
    svg: Callable[[], str],
    sentence: str,
    table: pd.DataFrame,
    headings: Mapping[str, Any] | None = None,
    on_point: Callable[[dict[str, Any]], None] | None = None,
) -> None:
    """Draw a figure with everything that belongs to it.

    Args:
        name: Names the chart among others on the page, and its files. A slug.
        figure: With title, provenance and source inside, so that a saved picture keeps them.
        svg: Draws the same picture as an SVG file, when somebody asks for it.
        sentence: What it says: caption and accessible name. Plain text.
        table: The numbers it draws, as they are downloaded; a column `release` is added.
        headings: What the columns are called on the page; files keep their stable names.
        on_point: Called with the point that a visitor clicked, before the page runs again.
    """
    t = visitor_words()
    key = f"chart {name}"
    picture = {"format": "png", "filename": f"{name}-release-{datasets.release()}", "scale": 2}
    st.plotly_chart(
        Made(figure),
        alt=sentence,
        key=key,
        config=CONFIG | {"toImageButtonOptions": picture},
        on_select=_first_point(key, on_point) if on_point else "ignore",
        selection_mode="points",
    )
    st.markdown(md(sentence))
    numbers(name, table, alt=sentence, headings=headings, label=t("Table and downloads"), svg=svg)


class Made(BaseFigure):  # type: ignore[misc]
    """A figure as Streamlit sends it, made once: copying it took a tenth of the Story page."""

    def __init__(self, figure: go.Figure) -> None:
        # On the figure itself, so that it goes when that goes. A kept figure is never changed.
        if not hasattr(figure, "_made"):
            figure._made = figure.to_dict()
        self.__dict__["_of"] = figure  # Nothing else that a figure has is asked for.

    def to_dict(self) -> dict[str, Any]:
        """The figure."""
        made: dict[str, Any] = self._of._made
        return made


def _first_point(key: str, on_point: Callable[[dict[str, Any]], None]) -> Callable[[], None]:
    def chosen() -> None:
        if points := st.session_state[key].selection.points:
            on_point(points[0])

    return chosen


def numbers(
    name: str,
    table: pd.DataFrame,
    *,
    alt: str,
    label: str,
    headings: Mapping[str, Any] | None = None,
    svg: Callable[[], str] | None = None,
) -> None:
    """A table and its files behind a closed lid: a data grid is heavy on a bad network.

    Args:
        name, table, headings, svg: As for `chart`; a table without a picture has no `svg`.
        alt: What the table says; also what its workbook is called inside.
        label: What stands on the lid.
    """
    t = visitor_words()
    lid = st.expander(label, icon=":material/table:", key=f"table {name}", on_change="rerun")
    if not lid.open:
        return
    whole = table.assign(release=datasets.release())
    with lid:
        st.dataframe(
            whole,
            hide_index=True,
            placeholder="–",
            alt=alt,
            column_config={"release": t("Release"), **(headings or {})},
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            download(name, t("Download CSV"), lambda: csv_bytes(whole), "csv")
            book = workbooks.of_tables(alt, lambda: {name: table}, t)
            download(name, t("Download workbook"), book, "xlsx")
            if svg:
                download(name, t("Download SVG"), lambda: svg().encode(), "svg")
                st.caption(t("The camera in the chart's corner saves it as a PNG picture."))


def download(name: str, label: str, content: Callable[[], bytes], kind: str) -> None:
    """A button that saves a file, which is made only when somebody presses it.

    Args:
        name: The file's name without release and ending. A slug.
        content: Makes the file. It may run where no visitor is known: no words, no session.
        kind: One of `TYPES`.
    """
    st.download_button(
        label,
        content,
        file_name=f"{name}-release-{datasets.release()}.{kind}",
        mime=TYPES[kind],
        icon=":material/download:",
        on_click="ignore",
        key=f"{kind} {name}",
    )
