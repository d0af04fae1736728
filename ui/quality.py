"""How complete each public dataset is, and when it last changed."""

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

import labels
from gcs_data import query
from gcs_data.quality import quality
from ui import datasets, parts
from ui.kept import kept
from words import Words


def table(t: Words) -> None:
    """One row per dataset: rows, empty cells, undated, without source, last changed."""
    st.html(_table(t))


@kept
def _table(t: Words) -> str:
    found = _quality(datasets.release())
    names = labels.datasets(t)
    head = "".join(
        f"<th>{escape(title)}</th>"
        for title in (
            t("Rows"),
            t("Empty cells"),
            t("Without a year or day"),
            t("Without a source"),
            t("Source is a document"),
            t("Last changed"),
        )
    )
    rows = "".join(
        f"<tr><th>{escape(names[row.dataset])}</th>"
        + "".join(f"<td>{escape(text)}</td>" for text in _cells(row, t))
        + f"<td>{_changed(row, t)}</td></tr>"
        for row in query.rows(found)
    )
    return parts.table(head, rows)


def _cells(row: Any, t: Words) -> list[str]:
    rows, cells, empty = (int(getattr(row, name)) for name in ("rows", "cells", "empty"))
    share = t("{n} of {all}", n=t.number(empty), all=t.number(cells)) if cells else "–"
    others = [getattr(row, name) for name in ("undated", "without_source", "document")]
    return [t.number(rows), share, *("–" if pd.isna(n) else t.number(int(n)) for n in others)]


def _changed(row: Any, t: Words) -> str:
    number, when = int(row.release), row.when
    name = t("release {number}", number=number)
    if number == 0:
        return escape(t("shipped"))
    day = f", {when[:10]}" if isinstance(when, str) else ""
    return parts.inside("methods", name + day, release=str(number))


@st.cache_data(show_spinner=False, max_entries=64)
def _quality(release: int) -> pd.DataFrame:
    return quality(datasets.store(), release)
