"""The datasets of the release that this visitor looks at, loaded once per release."""

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import streamlit as st

import gcs_data
import labels
import settings
from gcs_data import countries, query
from gcs_data.errors import StoreError
from ui.escape import link
from ui.once import once_in_a_run
from words import Words


class Edition(NamedTuple):
    """What the data of a page are: whatever is kept of them is kept by this."""

    store: gcs_data.Store
    release: int
    illustrative: bool


def store() -> gcs_data.Store:
    """Where releases are kept."""
    return _store(settings.store(), settings.data_folder(), settings.engine())


@lru_cache(maxsize=4)
def _store(place: str, shipped: Path, engine: str) -> gcs_data.Store:
    return gcs_data.Store(place, shipped, engine)


def edition(number: int | None = None) -> Edition:
    """The data of a release, the visitor's unless one is named."""
    if number is None:
        return _visitors_edition()
    return Edition(store(), number, settings.illustrative())


@once_in_a_run
def _visitors_edition() -> Edition:
    return Edition(store(), release(), settings.illustrative())


def today() -> int:
    """The newest release that can be reached; the shipped one where the store cannot be."""
    return 0 if out_of_reach() else gcs_data.current(store())


def out_of_reach() -> StoreError | None:
    """Why the store of published releases cannot be read; None if it can."""
    try:
        gcs_data.current(store())
    except StoreError as error:
        return error
    return None


def asked() -> str:
    """The release in the address, known or not; empty where there is none."""
    return st.query_params.get("release", "")


@once_in_a_run
def release() -> int:
    """The release this visitor looks at: the one in the address if there is one, else today's."""
    number = asked()
    newest = today()
    if number.isascii() and number.isdigit() and len(number) < 9 and int(number) <= newest:
        return int(number)
    return newest


def is_known(number: str) -> bool:
    """Whether the address names a release that there is."""
    return number.isascii() and number.isdigit() and len(number) < 9 and int(number) <= today()


def frame(name: str, number: int | None = None) -> pd.DataFrame:
    """A dataset of a release, the visitor's unless one is named. It is shared: never change it."""
    return _loaded(name, edition(number))


@lru_cache(maxsize=128)
def _loaded(name: str, of: Edition) -> pd.DataFrame:
    loaded = gcs_data.load(of.store, name, of.release)
    return loaded if of.illustrative else query.without_illustrative(loaded)


def titles(number: int | None = None) -> dict[str, str]:
    """What each story is called: the official ones first, then in the alphabet."""
    return dict(_titles(edition(number)))


@lru_cache(maxsize=16)
def _titles(of: Edition) -> dict[str, str]:
    stories = _loaded("stories", of)
    order = pd.DataFrame({"other": ~stories["official"], "title": stories["title"].str.casefold()})
    ordered = stories.loc[order.sort_values(["other", "title"]).index]
    return dict(zip(ordered["story_id"], ordered["title"], strict=True))


def gene_names(t: Words, number: int | None = None) -> dict[str, str]:
    """What each gene is called, in the order of the axes; a nameless one by its letter."""
    return dict(_gene_names(edition(number), t))


@lru_cache(maxsize=16)
def _gene_names(of: Edition, t: Words) -> dict[str, str]:
    return labels.genes(_loaded("genes", of), t)


def genes_in_order(number: int | None = None, *, default_only: bool) -> tuple[str, ...]:
    """The genes with a name in the order of the axes, see `gcs_data.query.genes_in_order`."""
    return _genes_in_order(edition(number), default_only)


@lru_cache(maxsize=16)
def _genes_in_order(of: Edition, default_only: bool) -> tuple[str, ...]:
    return tuple(query.genes_in_order(_loaded("genes", of), default_only=default_only))


def topic_names(t: Words, number: int | None = None) -> dict[str, str]:
    """What each topic of a story is called, in the alphabet of names."""
    return dict(_topic_names(edition(number), t))


@lru_cache(maxsize=16)
def _topic_names(of: Edition, t: Words) -> dict[str, str]:
    names = labels.topics(t)
    named = {each: labels.label(names, each) for each in query.known_topics(_loaded("stories", of))}
    return dict(sorted(named.items(), key=lambda item: item[1].casefold()))


def region_names(language: str) -> dict[str, str]:
    """What the five regions and their sub-regions are called in a language."""
    return countries.region_names(language)


def country_names(language: str, number: int | None = None) -> dict[str, str]:
    """What each country is called in a language, in the alphabet of names."""
    return dict(_country_names(language, edition(number)))


@lru_cache(maxsize=16)
def _country_names(language: str, of: Edition) -> dict[str, str]:
    names = _loaded("countries", of).set_index("country_iso3")[f"name_{language}"]
    ordered = names.sort_values(key=lambda column: column.map(_alphabetical))
    return {str(code): name for code, name in ordered.items()}


def _alphabetical(name: str) -> str:
    """Accents do not count in the alphabet: Côte d'Ivoire stands before Croatia."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()


def source_links(sources: pd.Series, t: Words) -> str:
    """The sources of some rows as Markdown: web pages as links with their host, once each."""
    unique = list(dict.fromkeys(sources.dropna()))
    if not unique:
        return ""
    shown = t.listed([link(source) for source in unique[:3]])
    more = len(unique) - 3
    if more > 0:
        shown += " " + t.plural("and {n} more", "and {n} more", more)
    return t("Source: {sources}", sources=shown)
