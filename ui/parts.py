"""Pieces of a page that Streamlit has no element for, as small escaped HTML."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import urlencode, urlsplit

import pandas as pd
import streamlit as st

import settings
from exports.addresses import record_id, report_address, source_name, web_host
from gcs_data.schema import KINDS
from ui import datasets
from ui.address import carried
from words import LANGUAGES, Words


def href(page: str, **chosen: str | Sequence[str]) -> str:
    """The address of a page of ours, relative so that it works behind any proxy; not escaped."""
    query = urlencode(carried(**chosen), doseq=True)
    return f"./{page}" + (f"?{query}" if query else "")


def inside(page: str, label: str, **chosen: str | Sequence[str]) -> str:
    """A link to a page of ours, in this tab."""
    return f'<a href="{escape(href(page, **chosen), quote=True)}">{escape(label)}</a>'


def source(address: object, t: Words) -> str:
    """A source as a link that shows its host; a document without one, or nothing, as text."""
    if not isinstance(address, str):
        return ""
    host = web_host(address)
    if not host:
        return escape(source_name(address, t))
    return (
        f'<a href="{escape(address, quote=True)}" target="_blank" rel="noopener noreferrer">'
        f"{escape(host)}</a>"
    )


def report(record: str, t: Words) -> str:
    """A quiet link to where mistakes in a record are reported; nothing where that is not set up.

    Args:
        record: As `exports.addresses.record_id` names it.
        t: The words of the visitor's language.
    """
    address = reported(record)
    if not address:
        return ""
    return (
        f' <a class="gcs-soft gcs-small" href="{escape(address, quote=True)}" '
        f'title="{escape(record, quote=True)}">{escape(t("Report a mistake"))}</a>'
    )


def reported(record: str) -> str:
    """The address of that link; empty where it is not set up. Not escaped."""
    template = settings.report_url()
    if not template:
        return ""
    return report_address(template, record=record, release=datasets.release(), page=full_address())


def picture(svg: str, alt: str) -> str:
    """An SVG as an image: Streamlit takes inline SVG out of the HTML it is given."""
    data = b64encode(svg.encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(alt, quote=True)}">'


def table(head: str, rows: str) -> str:
    """A table of HTML made here, escaped already; it alone may scroll sideways."""
    return f'<div class="gcs-table"><table><tr><td></td>{head}</tr>{rows}</table></div>'


def paragraph_of(body: str) -> str:
    """HTML made here, escaped already, as a paragraph."""
    return f"<p>{body}</p>"


def paragraph(text: str) -> str:
    """Plain text as a paragraph."""
    return f"<p>{escape(text)}</p>"


def facts(rows: Sequence[tuple[str, str]]) -> None:
    """Names and values in two columns; the values are HTML made here, escaped already."""
    cells = "".join(f"<dt>{escape(name)}</dt><dd>{value}</dd>" for name, value in rows if value)
    st.html(f'<dl class="gcs-facts">{cells}</dl>')


def figures(rows: Sequence[tuple[str, str]]) -> None:
    """A few numbers with what they count."""
    cells = "".join(f"<div><b>{escape(value)}</b>{escape(name)}</div>" for value, name in rows)
    st.html(f'<div class="gcs-figures">{cells}</div>')


def record_lists(
    rows: pd.DataFrame,
    *,
    names: Mapping[str, str],
    column: str,
    page: str,
    kinds: Mapping[str, str],
    t: Words,
) -> str:
    """Replications as lists, one per kind from the strongest claim to the weakest, by year; HTML.

    Args:
        rows: Replications.
        names: What each id in `column` is called.
        column: What a line is about: country_iso3 or story_id; also the link's parameter.
        page: Which page a line links to.
        kinds: What each kind is called.
    """
    parameter = {"country_iso3": "country", "story_id": "story"}[column]
    parts = []
    for kind in reversed(KINDS):
        of_kind = rows[rows["kind"] == kind]
        of_kind = of_kind.assign(name=of_kind[column].map(names)).sort_values(["year", "name"])
        if of_kind.empty:
            continue
        lines = "".join(
            _record(row, names, column, page, parameter, t) for _, row in of_kind.iterrows()
        )
        is_open = " open" if len(of_kind) <= 12 else ""
        heading = f"{escape(kinds[kind])} ({t.number(len(of_kind))})"
        parts.append(
            f'<details class="gcs-kind"{is_open}><summary>{heading}</summary>'
            f'<ul class="gcs-list">{lines}</ul></details>'
        )
    return "".join(parts)


def _record(
    row: pd.Series, names: Mapping[str, str], column: str, page: str, parameter: str, t: Words
) -> str:
    value = row[column]
    year = t("no year on record") if pd.isna(row["year"]) else str(row["year"])
    note = f" – {escape(row['note'])}" if isinstance(row["note"], str) else ""
    mistake = report(
        record_id("replications", row["story_id"], row["country_iso3"], row["kind"]), t
    )
    return (
        f"<li>{inside(page, names.get(value, value), **{parameter: value})}, {escape(year)}{note} "
        f'<span class="gcs-soft">({source(row["source_url"], t)})</span>{mistake}</li>'
    )


def here(**changed: str | Sequence[str]) -> str:
    """The address of this very view with something changed; not escaped."""
    now = {name: st.query_params.get_all(name) for name in st.query_params}
    return "?" + urlencode(now | changed, doseq=True)


def full_address(**changed: str | Sequence[str]) -> str:
    """The same with its server, for whoever opens it elsewhere."""
    return (st.context.url or "http://localhost") + here(**changed)


def origin() -> str:
    """Where a browser finds this server, without a slash at the end."""
    address = urlsplit(st.context.url or "http://localhost:8501")
    return f"{address.scheme}://{address.netloc}"


def languages(current: str) -> str:
    """The languages as links to this very view; a new language is a new page to the browser."""
    links = []
    for code, name in LANGUAGES.items():
        now = ' aria-current="true"' if code == current else ""
        address = escape(here(lang=code), quote=True)
        links.append(f'<a href="{address}" lang="{code}"{now}>{name}</a>')
    return f'<nav class="gcs-languages">{"".join(links)}</nav>'
