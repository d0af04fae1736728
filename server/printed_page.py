"""The HTML of a story's print page. Its look is assets/print.css.

Whatever came from data goes through `escaped`, which shows it letter for letter, and marks that
turn the direction of text by their number. Text that may be written from the right has
`dir="auto"`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

import labels
import settings
from exports import cite, story_facts
from exports.addresses import record_id, report_address, source_name, web_host
from exports.story_facts import Fact
from figures.sentences import bars_note
from figures.sequence import published_sequence, sequence_note
from figures.svg_text import escaped
from gcs_data import query
from server import printed_story
from server.printed_story import Sheet
from words import Words

MOST_RECORDS = 40


def story(sheet: Sheet, view: cite.View, *, back: str, here: str, t: Words) -> str:
    """The page of one story.

    Args:
        sheet: What it shows.
        view: The story's own page in this release, as it is cited.
        back: The address of the story's own page.
        here: The full address of this page.
        t: The words of the visitor's language.
    """
    way_back = f'<a href="{escaped(back)}">{escaped(t("Back to the story"))}</a>'
    how = escaped(t("Print this page from your browser: on A4 paper, or as a PDF."))
    page = _Page(sheet, view, here, t)
    return document(
        str(sheet.facts()["title"]),
        f'<nav class="screen">{way_back}<span>{how}</span></nav>'
        f'<main class="sheet">{page.body()}</main>',
        t,
    )


def refused(sentence: str, near: Mapping[str, str], t: Words) -> str:
    """What is wrong with an address, what may have been meant, and the way back.

    Args:
        sentence: Plain text.
        near: What may have been meant: names, each with the address that opens it.
        t: The words of the visitor's language.
    """
    links = "".join(
        f'<li dir="auto"><a href="{escaped(address)}">{escaped(name)}</a></li>'
        for name, address in near.items()
    )
    meant = f"{_paragraph(t('Did you mean one of these?'))}<ul>{links}</ul>" if links else ""
    return document(
        sentence,
        f'<main class="sheet"><h1 dir="auto">{escaped(sentence)}</h1>{meant}'
        f'<p><a href="./stories">{escaped(t("Show all stories"))}</a></p></main>',
        t,
    )


def document(title: str, body: str, t: Words) -> str:
    """A whole page around a body of HTML. The title is plain text."""
    return (
        f'<!DOCTYPE html><html lang="{t.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f"<title>{escaped(title)} · Good Cyber Stories</title>"
        '<link rel="icon" href="./assets/favicon.svg">'
        '<link rel="stylesheet" href="./assets/print.css"></head>'
        f"<body>{body}</body></html>"
    )


class _Page:
    """A page while it is written: sources are numbered in the order in which they are named."""

    def __init__(self, sheet: Sheet, view: cite.View, here: str, t: Words) -> None:
        self.sheet, self.view, self.here, self.t = sheet, view, here, t
        self.facts, self.countries = sheet.facts(), sheet.country_names()
        self.dna, self.spread = printed_story.dna(sheet), printed_story.spread(sheet)
        self.sources: dict[str, int] = {}

    def body(self) -> str:
        """Everything, the first sheet of paper first: chart, map, their sentences, the sources."""
        first = self._head() + self._dna() + self._spread() + self._cited()
        rest = [self._dots_and_facts(), self._records(), self._how(), self._sources()]
        return f'<div class="{"first" if self.spread else ""}">{first}</div>{"".join(rest)}'

    def _head(self) -> str:
        t = self.t
        return (
            "<header>"
            + _paragraph(t("Good Cyber Stories, release {number}.", number=self.sheet.release))
            + f'<h1 dir="auto">{escaped(self.facts["title"])}</h1>'
            + _paragraph(story_facts.standing(self.facts, t), "standing")
            + _paragraph(self.facts["summary"])
            + "</header>"
        )

    def _dna(self) -> str:
        t, dna = self.t, self.dna
        if dna is None:
            said = _paragraph(t("Nobody has rated the genes of this story yet."))
            return _section(t("DNA"), said + self._published())
        said = _paragraph(dna.sentence) + _paragraph(f"{dna.whose} {bars_note(t)}", "note")
        pair = f"<figure>{dna.radar}</figure><div>{said}{self._published()}</div>"
        return _section(t("DNA"), f'<div class="pair">{pair}</div>')

    def _published(self) -> str:
        t, rows = self.t, printed_story.published(self.sheet, self.t)
        heading = f"<h3>{escaped(t('Published DNA'))}</h3>"
        if rows.empty:
            none = t("No DNA has been published for this story: none on record yet.")
            return heading + _paragraph(none, "note")
        marks = "".join(self._mark(source) for source in rows["source_url"].dropna().unique())
        return (
            f"{heading}{published_sequence(rows, t=t)}"
            f'<p class="note">{escaped(sequence_note(rows, t))}{marks}</p>'
        )

    def _spread(self) -> str:
        t, spread = self.t, self.spread
        if spread is None:
            none = t(
                "No country is on record for this story yet. That does not mean that there is none."
            )
            return _section(t("Where it spread"), _paragraph(none))
        maps = f'<figure class="wide">{spread.wide}</figure>'
        maps += f'<figure class="narrow">{spread.narrow}</figure>'
        return _section(t("Where it spread"), _paragraph(spread.sentence) + maps, "map")

    def _cited(self) -> str:
        t, cited = self.t, escaped(cite.plain(self.view, self.t))
        address = escaped(self.view.url)
        linked = cited.replace(address, f'<a href="{address}">{address}</a>', 1)
        return _section(t("Cite this"), f"<p>{linked}</p>", "cited")

    def _dots_and_facts(self) -> str:
        t, known = self.t, story_facts.known_facts(self.facts, self.countries, self.t)
        facts = _section(
            t("Facts"),
            self._facts(known) + self._report(record_id("stories", self.sheet.story_id)),
        )
        if self.dna is None:
            return facts
        dots = f"<figure>{self.dna.dots}</figure>"
        title = t("How strong each gene is, and how far raters agree")
        return f'<div class="pair even">{_section(title, dots)}{facts}</div>'

    def _facts(self, facts: Sequence[Fact]) -> str:
        cells = "".join(
            f"<dt>{escaped(fact.name)}</dt>"
            f'<dd dir="auto">{self._host(fact.source) if fact.source else escaped(fact.text)}</dd>'
            for fact in facts
        )
        return f"<dl>{cells}</dl>"

    def _records(self) -> str:
        t, rows = self.t, query.dated_list(self.sheet.mine("replications"))
        if rows.empty:
            return ""
        shown, more = rows.head(MOST_RECORDS), max(len(rows) - MOST_RECORDS, 0)
        lines = "".join(self._record(row) for row in query.rows(shown))
        rest = t.plural(
            "{n} more record is not printed; it is at {address}",
            "{n} more records are not printed; they are at {address}",
            more,
            address=self.view.url,
        )
        return _section(
            t("Country by country"),
            f'<ul class="columns">{lines}</ul>' + (_paragraph(rest, "note") if more else ""),
        )

    def _record(self, row: Any) -> str:
        t = self.t
        year = t("no year on record") if pd.isna(row.year) else str(row.year)
        country = self.countries.get(row.country_iso3, row.country_iso3)
        note = f" – {escaped(row.note)}" if isinstance(row.note, str) else ""
        record = record_id("replications", row.story_id, row.country_iso3, row.kind)
        return (
            f'<li dir="auto"><b>{escaped(country)}</b>, {escaped(labels.kinds(t)[row.kind])}, '
            f"{escaped(year)}{note}{self._mark(row.source_url)}{self._report(record)}</li>"
        )

    def _how(self) -> str:
        t = self.t
        partners = story_facts.partners_of(
            self.sheet.story_id, self.sheet.frame("partners"), self.countries, t
        )
        lines = "".join(
            f'<li dir="auto">{escaped(", ".join(filter(None, [partner.name, partner.about])))}'
            f"{self._mark(partner.source)}"
            f"{self._report(record_id('partners', self.sheet.story_id, partner.name))}</li>"
            for partner in partners
        )
        none = _paragraph(t("None on record yet."))
        return _section(
            t("How to replicate it"), self._facts(story_facts.guidance(self.facts, t))
        ) + _section(t("Partners"), f'<ul class="columns">{lines}</ul>' if lines else none)

    def _host(self, source: str) -> str:
        """A source by its host, with its number; a document by its name."""
        host = web_host(source)
        if not host:
            return escaped(source_name(source, self.t)) + self._mark(source)
        return f'<a href="{escaped(source)}">{escaped(host)}</a>' + self._mark(source)

    def _mark(self, source: object) -> str:
        """The number of a source in brackets; nothing where there is none."""
        if not isinstance(source, str) or not source:
            return ""
        number = self.sources.setdefault(source, len(self.sources) + 1)
        return f' <a class="mark" href="#source-{number}">[{number}]</a>'

    def _sources(self) -> str:
        """Every source that has a number. Last, when all are known."""
        if not self.sources:
            return ""
        lines = "".join(
            f'<li id="source-{number}">{_address(source, self.t)}</li>'
            for source, number in self.sources.items()
        )
        return _section(self.t("Sources"), f'<ol class="sources">{lines}</ol>')

    def _report(self, record: str) -> str:
        """A link to where a mistake is reported. On the screen only: paper has no links."""
        template = settings.report_url()
        if not template:
            return ""
        address = report_address(
            template, record=record, release=self.sheet.release, page=self.here
        )
        said = escaped(self.t("Report a mistake"))
        return f' <a class="screen" href="{escaped(address)}" title="{escaped(record)}">{said}</a>'


def _section(heading: str, body: str, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f"<section{named}><h2>{escaped(heading)}</h2>{body}</section>"


def _paragraph(text: object, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<p dir="auto"{named}>{escaped(text)}</p>'


def _address(source: str, t: Words) -> str:
    """A source in full, as paper needs it; a web address is a link as well."""
    shown = escaped(source)
    return f'<a href="{shown}">{shown}</a>' if web_host(source) else escaped(source_name(source, t))
