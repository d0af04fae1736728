"""What a room's slides and handout say, made from the numbers that they draw. Plain text."""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
from babel.dates import format_date

from exports.addresses import web_host
from exports.cite import one_line
from exports.room import Record, RoomResult, by_gene
from figures.sentences import dna_sentence
from words import Words

LONGEST_NAME = 160  # Of a title or a place where it stands beside other text.


def shortened(text: str, most: int = LONGEST_NAME) -> str:
    """Text on one line, and its beginning where it is longer than anything ought to be."""
    line = one_line(text)
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def day(result: RoomResult, t: Words) -> str:
    """The day of the workshop, in words."""
    return format_date(result.held_on, "long", locale="en_GB" if t.language == "en" else t.language)


def when_and_where(result: RoomResult, t: Words) -> str:
    """The occasion with its place and day."""
    parts = [shortened(result.occasion), shortened(result.place), day(result, t)]
    return ", ".join(part for part in parts if part)


def mark(result: RoomResult, t: Words) -> str:
    """What stands on every slide and inside every picture of a rehearsal; else nothing."""
    return t("Illustrative: a rehearsal with made-up ratings") if result.illustrative else ""


def provenance(result: RoomResult, t: Words) -> str:
    """Whose ratings these are, how many people gave them, and when and where."""
    said = {"occasion": when_and_where(result, t), "n": t.number(result.voted)}
    if result.illustrative:
        return t("Made-up example ratings of a rehearsal: {occasion}, n = {n}.", **said)
    return t("Workshop ratings of this room: {occasion}, n = {n}.", **said)


def turnout(result: RoomResult, t: Words) -> str:
    """How many joined and how many voted: two numbers."""
    joined = t.plural("{n} phone joined", "{n} phones joined", result.joined)
    voted = t.plural("{n} ballot counts", "{n} ballots count", result.voted)
    rounds = t.plural("{n} round", "{n} rounds", len(result.rounds))
    return t("{joined}; {voted}; {rounds}.", joined=joined, voted=voted, rounds=rounds)


def sources(result: RoomResult, t: Words) -> str:
    """Where the story's facts come from, short enough for a slide: a host for an address."""
    named = [web_host(source) or shortened(source) for source in result.sources]
    listed = "; ".join(dict.fromkeys(name for name in named if name))
    release = t("release {number}", number=result.release)
    if not listed:
        return t("Source of the ratings: this room. Dashboard {release}.", release=release)
    return t("Sources: this room; {sources}. Dashboard {release}.", sources=listed, release=release)


def method(result: RoomResult, t: Words) -> list[str]:
    """How the figures are made, one paragraph each."""
    said = [
        t(
            "Each person rates each gene from 1, absent, to 5, defining, or answers “don't know”, "
            "which is counted as not rated and never as 0."
        ),
        t("Means with their 95 % t interval, from five ratings on, cut off at 1 and 5."),
        t("A room is not a sample: these are the views of the people who were in it."),
    ]
    if result.groups:
        said.append(t("Groups of fewer than five people are not shown."))
    if result.moved is not None:
        said.append(t("Movement is the mean difference of the people who voted in both rounds."))
    return said


def strongest(result: RoomResult, t: Words) -> str:
    """The reading sentence of the last round."""
    return dna_sentence(
        result.last, title=shortened(result.story), illustrative=result.illustrative, t=t
    )


def spread_sentences(result: RoomResult, t: Words) -> list[str]:
    """For each contested gene, how many stand at each end."""
    rows = by_gene(result.last)
    return [camps(rows[gene], result, t) for gene in result.contested if gene in rows]


def camps(row: Any, result: RoomResult, t: Words) -> str:
    """How many rate one gene low and how many rate it high."""
    text = t(
        "{gene}: {low} of {n} rate it 1 or 2, {high} rate it 4 or 5.",
        gene=row.gene,
        low=t.number(row.n_1 + row.n_2),
        high=t.number(row.n_4 + row.n_5),
        n=t.number(row.n),
    )
    return (
        t("In made-up example ratings, {sentence}", sentence=text) if result.illustrative else text
    )


def question(gene: str, agreement: str, t: Words) -> str:
    """What a room may talk about where it is divided on a gene.

    Args:
        gene: The gene's name.
        agreement: As `gcs_data.statistics.agreement` says it.
        t: The words of the reader's language.
    """
    if agreement == "two_camps":
        return t("What do those who rate {gene} high know that the others do not?", gene=gene)
    return t("What would you have to see in this story to rate {gene} otherwise?", gene=gene)


def record_sentences(result: RoomResult, record: Record, t: Words) -> list[str]:
    """What the room and the record have in common and what tells them apart."""
    if record.provenance == "published":
        said = t("The published DNA is an order and not a score, so it is shown beside the room.")
        return [said]
    said = t(
        "{record} (n = {n}) and this room are drawn over each other and never merged.",
        record=shortened(record.name),
        n=t.number(int(record.profile["n"].max())),
    )
    if result.illustrative:
        return [said, t("No difference is named: the ratings are made up.")]
    apart = list(_apart(result.last, record.profile))
    if not apart:
        return [said, t("No gene can be told apart between this room and the record.")]
    clauses = [
        t("this room rates {gene} higher by {difference} ({low} to {high})", **_said(each, t))
        if each[1] > 0
        else t("this room rates {gene} lower by {difference} ({low} to {high})", **_said(each, t))
        for each in apart
    ]
    return [said, _sentence(clauses, t)]


def _apart(room: pd.DataFrame, record: pd.DataFrame) -> Iterator[tuple[str, float, float, float]]:
    """Genes whose difference between two groups of people has an interval without 0."""
    from gcs_data.compare import welch_interval  # With the schema, a second to load: only for this.

    other = record.set_index("gene").reindex(room["gene"]).reset_index()
    other["n"] = other["n"].fillna(0)
    difference, low, high = welch_interval(room, other)
    for place, gene in enumerate(room["gene"]):
        if low[place] > 0 or high[place] < 0:
            yield gene, float(difference[place]), float(low[place]), float(high[place])


def _said(each: tuple[str, float, float, float], t: Words) -> dict[str, str]:
    gene, difference, *ends = each
    low, high = sorted(map(abs, ends))
    return {
        "gene": gene,
        "difference": t.number(abs(difference), 1),
        "low": t.number(low, 1),
        "high": t.number(high, 1),
    }


def _sentence(clauses: list[str], t: Words) -> str:
    text = t("; ").join(clauses) + "."
    return text[:1].upper() + text[1:]


def movement_sentence(result: RoomResult, t: Words) -> str:
    """Which genes moved from round to round: only those whose interval leaves out 0."""
    if result.moved is None:
        return ""
    if result.illustrative:
        return t("No movement is named: the ratings are made up.")
    moved = [
        (row.gene, row.difference, row.low, row.high)
        for row in by_gene(result.moved).values()
        if row.low > 0 or row.high < 0
    ]
    if not moved:
        return t("No gene can be said to have moved: each interval of the difference holds 0.")
    clauses = [
        t("{gene} went up by {difference} ({low} to {high})", **_said(each, t))
        if each[1] > 0
        else t("{gene} went down by {difference} ({low} to {high})", **_said(each, t))
        for each in moved
    ]
    return _sentence(clauses, t)


def group_sentences(
    groups: Sequence[tuple[str, pd.DataFrame]], result: RoomResult, t: Words
) -> list[str]:
    """The strongest gene of each group."""
    said = [_strongest_of(name, frame, t) for name, frame in groups]
    if result.illustrative:
        said = [t("In made-up example ratings, {sentence}", sentence=each) for each in said]
    return said


def _strongest_of(name: str, profile: pd.DataFrame, t: Words) -> str:
    top = profile.iloc[int(profile["mean"].argmax())]
    return t(
        "{group}: {gene} is strongest, at {mean} of 5 (n = {n}).",
        group=shortened(name),
        gene=top["gene"],
        mean=t.number(top["mean"], 1),
        n=t.number(int(top["n"])),
    )
