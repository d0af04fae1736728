"""One story, replication or partner in a form, for whoever has no spreadsheet at hand."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pandera.pandas as pa
import streamlit as st

import labels
from gcs_data import query
from gcs_data.incoming.sheets import Reading, Sheet
from gcs_data.schema import DATASETS, rules
from ui import address, datasets
from ui.language import visitor_words
from words import Words

IN_A_FORM = ("stories", "replications", "partners")
LONG = ("summary", "replication_guidance", "lessons", "note")
NEW = "new"


def draw() -> Reading | None:
    """The form; what was filled in once it has been sent, in the shape of an uploaded sheet."""
    t = visitor_words()
    names = labels.datasets(t)
    dataset = address.one_of(
        "record", t("What kind of record"), {name: names[name] for name in IN_A_FORM}
    )
    existing = _existing(dataset, t)
    chosen = st.selectbox(
        t("Add a new one, or correct one"),
        [NEW, *existing],
        format_func=lambda key: t("A new one") if key == NEW else existing[key],
        key=f"form of {dataset}",
    )
    row = _row(dataset, chosen)
    with st.form(f"record {dataset} {chosen}"):
        given = {
            name: _field(dataset, name, column, row, t)
            for name, column in DATASETS[dataset].columns.items()
        }
        sent = st.form_submit_button(t("Check"), icon=":material/fact_check:", type="primary")
    asked = f"sent {dataset} {chosen}"
    if sent:
        st.session_state[asked] = as_reading(dataset, given)
    reading: Reading | None = st.session_state.get(asked)
    return reading


def as_reading(dataset: str, given: Mapping[str, str]) -> Reading:
    """What a form holds, as if it had been read from a sheet with one row."""
    columns = list(given)
    cells = pd.DataFrame(
        [list(given.values())],
        columns=range(len(columns)),
        index=pd.Index([2], name="line"),
        dtype="str",
    )
    sheet = Sheet(dataset, tuple(columns), 1, cells)
    return Reading(file_name="", sha256="", kind="form", sheets=(sheet,))


def _existing(dataset: str, t: Words) -> dict[str, str]:
    """What is on record, by key, as people call it."""
    titles = datasets.titles()
    if dataset == "stories":
        return titles
    frame = datasets.frame(dataset)
    if dataset == "partners":
        return {
            _key(dataset, row): t(
                "{partner} in “{title}”", partner=row.partner, title=titles[row.story_id]
            )
            for row in query.rows(frame)
        }
    countries, kinds = datasets.country_names(t.language), labels.kinds(t)
    return {
        _key(dataset, row): t(
            "{title}: {kind}, {country}",
            title=titles[row.story_id],
            kind=kinds[row.kind],
            country=countries[row.country_iso3],
        )
        for row in query.rows(frame)
    }


def _key(dataset: str, row: Any) -> str:
    return "/".join(str(getattr(row, name)) for name in DATASETS[dataset].key)


def _row(dataset: str, chosen: str) -> dict[str, Any]:
    """The record to correct; empty for a new one."""
    if chosen == NEW:
        return {}
    frame = datasets.frame(dataset)
    key = frame[list(DATASETS[dataset].key)].astype("str").agg("/".join, axis="columns")
    found = frame[key == chosen].iloc[0]
    return {str(name): value for name, value in found.items() if not pd.isna(value)}


def _field(dataset: str, name: str, column: pa.Column, row: Mapping[str, Any], t: Words) -> str:
    """One field of the form; what it holds, as a sheet would write it."""
    allowed, value = rules(column), row.get(name)
    named = labels.columns(t) | ({"story_id": t("Story")} if dataset != "stories" else {})
    label = named.get(name, name) + ("" if column.nullable else " *")
    more: dict[str, Any] = {
        "help": t(column.description),
        "key": f"field {dataset} {name} {'/'.join(map(str, row.values()))[:80]}",
        # What identifies a record is not corrected: that would be another record.
        "disabled": bool(row) and name in DATASETS[dataset].key,
    }
    options = _options(name, allowed, t)
    if options:
        known = list(options)
        place = known.index(value) if value in known else None
        picked = st.selectbox(
            label, known, index=place, format_func=lambda each: options[each], **more
        )
        return picked or ""
    if allowed["kind"] == "list":
        return _list(dataset, name, label, value, more, t)
    if allowed["kind"] == "flag":
        return "true" if st.checkbox(label, value=bool(value), **more) else "false"
    if name in LONG:
        return st.text_area(label, value=str(value or ""), **more) or ""
    return st.text_input(label, value=str(value or ""), **more) or ""


def _options(name: str, allowed: Mapping[str, Any], t: Words) -> dict[str, str]:
    """What a closed column can hold, with what people call it; empty for an open one."""
    if allowed["refers"] == "countries":
        return datasets.country_names(t.language)
    if allowed["refers"] == "stories":
        return datasets.titles()
    named = labels.groups(t) | labels.kinds(t)
    return {choice: named.get(choice, choice) for choice in allowed["choices"]}


def _list(
    dataset: str, name: str, label: str, value: object, more: Mapping[str, Any], t: Words
) -> str:
    """Any number of values, those already in use and new ones."""
    used = datasets.frame(dataset)[name].dropna()
    known = sorted({item for text in used for item in query.items(text)})
    named = labels.topics(t) if name == "topics" else {}
    chosen = st.multiselect(
        label,
        known,
        default=query.items(value),
        format_func=lambda each: labels.label(named, each) if named else each,
        accept_new_options=True,
        **more,
    )
    return ";".join(chosen)
