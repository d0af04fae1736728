"""Pieces of a page that Streamlit has no element for, as small escaped HTML."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import urlencode, urlsplit

import pandas as pd
import streamlit as st

from gcs_data.schema import KINDS
from ui.address import carried
from words import LANGUAGES, Words

STYLE = """<style>
.gcs-facts,.gcs-facts dd,.gcs-sequence{margin:0!important;padding:0!important}
.stHtml a{color:inherit;text-decoration:underline;text-underline-offset:.15em}
.gcs-facts{display:grid;grid-template-columns:minmax(8rem,13rem) 1fr;gap:.35rem 1rem}
.gcs-facts dt{font-weight:600}.gcs-facts dd{overflow-wrap:anywhere}
@media(max-width:40rem){.gcs-facts{grid-template-columns:1fr}.gcs-facts dd{margin-bottom:.5rem}}
.gcs-list{margin:.25rem 0 1rem!important;padding-left:1.2rem!important}.gcs-list li{margin:.2rem 0;overflow-wrap:anywhere}
.gcs-kind summary{cursor:pointer;font-weight:600;padding:.35rem 0}
.gcs-languages{display:flex;gap:.9rem}.gcs-languages a{padding:.3rem 0}
.gcs-languages a[aria-current]{font-weight:650;text-decoration:none}
.gcs-soft{opacity:.8}
.gcs-cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:1rem}
.gcs-card{border:1px solid color-mix(in srgb,currentColor 28%,transparent);border-radius:.5rem;padding:1rem;
display:flex;gap:1rem;align-items:center}
.gcs-card p{margin:.2rem 0}.gcs-card a{font-weight:650;overflow-wrap:anywhere}
.gcs-figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem;margin:.25rem 0}
.gcs-figures div{border-left:3px solid #2a7fb5;padding-left:.7rem}
.gcs-figures b{display:block;font-size:1.7rem;line-height:1.1}
</style>"""


def href(page: str, **chosen: str) -> str:
    """The address of a page of ours, relative so that it works behind any proxy; not escaped."""
    query = urlencode(carried(**chosen), doseq=True)
    return f"./{page}" + (f"?{query}" if query else "")


def inside(page: str, label: str, **chosen: str) -> str:
    """A link to a page of ours, in this tab."""
    return f'<a href="{escape(href(page, **chosen), quote=True)}" target="_self">{escape(label)}</a>'


def source(address: object) -> str:
    """A source as a link that shows its host; a document's file name, or nothing, as text."""
    if not isinstance(address, str):
        return ""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        host = None
    if parts.scheme not in ("http", "https") or not host:
        return escape(address)
    return (
        f'<a href="{escape(address, quote=True)}" target="_blank" rel="noopener noreferrer">'
        f"{escape(host)}</a>"
    )


def picture(svg: str, alt: str) -> str:
    """An SVG as an image: Streamlit takes inline SVG out of the HTML it is given."""
    data = b64encode(svg.encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(alt, quote=True)}">'


def html(body: str) -> None:
    """Draw escaped HTML with the style of these pieces."""
    st.html(STYLE + body)


def facts(rows: Sequence[tuple[str, str]]) -> None:
    """Names and values in two columns; the values are HTML made here, escaped already."""
    cells = "".join(f"<dt>{escape(name)}</dt><dd>{value}</dd>" for name, value in rows if value)
    html(f'<dl class="gcs-facts">{cells}</dl>')


def figures(rows: Sequence[tuple[str, str]]) -> None:
    """A few numbers with what they count."""
    cells = "".join(f"<div><b>{escape(value)}</b>{escape(name)}</div>" for value, name in rows)
    html(f'<div class="gcs-figures">{cells}</div>')


def records(
    rows: pd.DataFrame,
    *,
    names: Mapping[str, str],
    column: str,
    page: str,
    kinds: Mapping[str, str],
    t: Words,
) -> None:
    """Replications as lists, one per kind from the strongest claim to the weakest, by year.

    Args:
        rows: Replications, in the order wanted within a kind.
        names: What each id in `column` is called.
        column: What a line is about: country_iso3 or story_id; also the link's parameter.
        page: Which page a line links to.
        kinds: What each kind is called.
    """
    parameter = {"country_iso3": "country", "story_id": "story"}[column]
    parts = []
    for kind in reversed(KINDS):
        of_kind = rows[rows["kind"] == kind]
        if of_kind.empty:
            continue
        lines = "".join(_record(row, names, column, page, parameter, t) for _, row in of_kind.iterrows())
        is_open = " open" if len(of_kind) <= 12 else ""
        heading = f"{escape(kinds[kind])} ({t.number(len(of_kind))})"
        parts.append(
            f'<details class="gcs-kind"{is_open}><summary>{heading}</summary>'
            f'<ul class="gcs-list">{lines}</ul></details>'
        )
    html("".join(parts))


def _record(
    row: pd.Series, names: Mapping[str, str], column: str, page: str, parameter: str, t: Words
) -> str:
    value = row[column]
    year = t("no year on record") if pd.isna(row["year"]) else str(row["year"])
    note = f" – {escape(row['note'])}" if isinstance(row["note"], str) else ""
    return (
        f"<li>{inside(page, names.get(value, value), **{parameter: value})}, {escape(year)}{note} "
        f'<span class="gcs-soft">({source(row["source_url"])})</span></li>'
    )


def here(**changed: str) -> str:
    """The address of this very view with something changed; not escaped."""
    now = {name: st.query_params.get_all(name) for name in st.query_params}
    return "?" + urlencode(now | changed, doseq=True)


def languages(current: str) -> str:
    """The languages as links to this very view; a new language is a new page to the browser."""
    links = []
    for code, name in LANGUAGES.items():
        now = ' aria-current="true"' if code == current else ""
        address = escape(here(lang=code), quote=True)
        links.append(f'<a href="{address}" target="_self" lang="{code}"{now}>{name}</a>')
    return f'<nav class="gcs-languages">{"".join(links)}</nav>'
