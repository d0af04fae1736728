"""What the first picture of a page shows, its data, and the pieces of HTML it is written from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from textwrap import wrap
from urllib.parse import urlencode

import pandas as pd

import gcs_data
import labels
from exports.addresses import source_name, web_host
from figures.layout import NOTES_LINE, NOTES_WIDTH, TITLE_LINE, TITLE_WIDTH
from figures.svg_text import escaped
from server import api_data
from words import Words

FEATURED = 3
MOST_OPEN, MOST_LINES = 12, 40


@dataclass(frozen=True)
class View:
    """What an address asks for and there is: all that its first picture depends on.

    Attributes:
        page: The page's address without a slash; empty for the first page.
        language: Of the words.
        release, newest: The release that is shown, and the newest there is.
        chosen: The known values of each parameter that the picture follows.
        carried: What every link keeps: `lang` and `release`, where the address has them.
    """

    page: str
    language: str
    release: int
    newest: int
    chosen: tuple[tuple[str, tuple[str, ...]], ...] = ()
    carried: tuple[tuple[str, str], ...] = ()

    def all(self, name: str) -> tuple[str, ...]:
        """The known values of a parameter."""
        return dict(self.chosen).get(name, ())

    def one(self, name: str) -> str:
        """The first known value of a parameter; empty if there is none."""
        return next(iter(self.all(name)), "")

    def frame(self, name: str) -> pd.DataFrame:
        """A dataset of the release. It is shared: never change it."""
        return api_data.frame(name, self.release)

    def address(self, page: str, **chosen: str | Sequence[str]) -> str:
        """A page of ours in this language and release, relative for any proxy; not escaped."""
        return address(page, dict(self.carried), **chosen)

    def link(self, page: str, label: str, **chosen: str | Sequence[str]) -> str:
        """A link to that page."""
        return f'<a href="{escaped(self.address(page, **chosen))}">{escaped(label)}</a>'


@dataclass(frozen=True)
class Shown:
    """A page in its first picture.

    Attributes:
        title: Plain text.
        about: What the page says, in a sentence or two, for whoever shows a link to it. Plain text.
        body: HTML made here, escaped already; empty where the page has no first picture.
        kind: Open Graph's type of it.
    """

    title: str
    about: str
    body: str = ""
    kind: str = "website"


def address(page: str, carried: Mapping[str, str], **chosen: str | Sequence[str]) -> str:
    """A page of ours, relative; not escaped. What is chosen comes first, empty values are none."""
    wanted = {name: value for name, value in chosen.items() if value} | dict(carried)
    query = urlencode(wanted, doseq=True)
    return f"./{page}" + (f"?{query}" if query else "")


def titles(release: int) -> dict[str, str]:
    """What each story is called: the official ones first, then in the alphabet, as on the pages.

    It is shared: never change it.
    """
    return _titles(api_data.store(), release)


@lru_cache(maxsize=16)
def _titles(_place: gcs_data.Store, release: int) -> dict[str, str]:
    stories = api_data.frame("stories", release)
    order = pd.DataFrame({"other": ~stories["official"], "title": stories["title"].str.casefold()})
    ordered = stories.loc[order.sort_values(["other", "title"]).index]
    return dict(zip(ordered["story_id"], ordered["title"], strict=True))


def featured(release: int) -> list[str]:
    """The first official stories; the first of all where none is official."""
    stories = api_data.frame("stories", release)
    official = set(stories.loc[stories["official"], "story_id"])
    known = titles(release)
    return [story for story in known if story in official or not official][:FEATURED]


def countries(view: View) -> pd.DataFrame:
    """Every country with its name in the view's language; index country_iso3."""
    rows = view.frame("countries").set_index("country_iso3")
    return rows.assign(name=rows[f"name_{view.language}"])


def country_names(view: View) -> dict[str, str]:
    """What each country is called."""
    return {str(code): name for code, name in countries(view)["name"].items()}


def gene_names(view: View, t: Words) -> dict[str, str]:
    """What each gene is called."""
    return labels.genes(view.frame("genes"), t)


def paragraph(text: str, kind: str = "") -> str:
    """Plain text as a paragraph; nothing for no text."""
    named = f' class="{kind}"' if kind else ""
    return f'<p{named} dir="auto">{escaped(text)}</p>' if text else ""


def listed(lines: Iterable[str]) -> str:
    """Lines of HTML as a list; nothing for none."""
    items = "".join(f"<li>{line}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""


def section(title: str, *parts: str) -> str:
    """A part of the page under its heading; nothing for nothing."""
    return f"<h2>{escaped(title)}</h2>{''.join(parts)}" if any(parts) else ""


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Names, plain, and values, HTML."""
    cells = "".join(f"<dt>{escaped(name)}</dt><dd>{value}</dd>" for name, value in rows)
    return f"<dl>{cells}</dl>" if cells else ""


def source(place: object, t: Words) -> str:
    """A source as a link that shows its host; a document without one, or nothing, as text."""
    if not isinstance(place, str):
        return ""
    host = web_host(place)
    if not host:
        return escaped(source_name(place, t))
    return f'<a href="{escaped(place)}" rel="noopener noreferrer">{escaped(host)}</a>'


def room(plot: int, title: str, notes: Iterable[str]) -> int:
    """The pixels that the page's own chart takes from top to bottom, as `figures.layout.dress`."""
    below = len(wrap(" ".join(filter(None, notes)), NOTES_WIDTH))
    return plot + TITLE_LINE * len(wrap(title, TITLE_WIDTH)) + NOTES_LINE * below + 20


def figure(drawn: Sequence[str], heights: Sequence[int], said: str) -> str:
    """A chart and its reading sentence, where the page will have its own.

    Args:
        drawn: The SVG for a desk and the one for a phone.
        heights: How high the page's own chart is on each, in pixels.
        said: Plain text.
    """
    pictures = "".join(
        f'<div class="{size}" style="height:{height}px">{svg}</div>'
        for size, height, svg in zip(("wide", "narrow"), heights, drawn, strict=True)
    )
    return f"<figure>{pictures}{paragraph(said)}</figure>"


def select(name: str, value: str) -> str:
    """Where the page has a list to choose from. What is chosen there stands in its title."""
    inside = f"<span>{escaped(name)}</span><b>{escaped(value)}</b>"
    return f'<div class="choice" aria-hidden="true">{inside}</div>'


def grouped(name: str, lines: Sequence[str], t: Words) -> str:
    """Some records under what they have in common, folded away where they are many."""
    if not lines:
        return ""
    shown, more = lines[:MOST_LINES], len(lines) - MOST_LINES
    rest = f"<li>{escaped(t.plural('and {n} more', 'and {n} more', more))}</li>" if more > 0 else ""
    is_open = " open" if len(lines) <= MOST_OPEN else ""
    items = "".join(f"<li>{line}</li>" for line in shown)
    heading = f"{escaped(name)} ({t.number(len(lines))})"
    return f"<details{is_open}><summary>{heading}</summary><ul>{items}{rest}</ul></details>"
