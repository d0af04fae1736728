"""What the projector shows of a round's results: slides, as the page's script draws them.

A slide is a mapping with keys id, heading, say (sentences), note (whose ratings), ask (a question,
or empty), aside (whether only a key opens it), chart (see `workshop.screen_figures`; or null),
lists (headed lists side by side) and table (head and rows, as text: what a screen reader reads, and
what is shown where nothing can be drawn). All text is plain.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

import labels
from exports import room_words as said
from exports.room import RoomResult, by_gene, contested_genes, shown_groups
from figures.radar import MOST_OUTLINES
from gcs_data import query
from words import Words
from workshop import screen_figures as charts
from workshop.names import gene_names, named
from workshop.pages import group_names
from workshop.result import how_given
from workshop.room import Room
from workshop.screen_story import Known
from workshop.tally import Results

Slide = Mapping[str, Any]


def slides(room: Room, results: Results, known: Known, t: Words) -> list[Slide]:
    """Everything that may be shown of a revealed round, in its order."""
    result = room_result(room, results, known, t)
    made = [_radar(result, t), _dots(result, results, t)]
    if result.moved is not None:
        made.append(_movement(result, result.moved, t))
    if result.record is not None:
        made.append(_record(result, t))
    return [*made, *_groups(result, t), *_talk(room, result, t)]


def room_result(room: Room, results: Results, known: Known, t: Words) -> RoomResult:
    """A round's results with names instead of ids, as sentences and slides want them."""
    names = gene_names(room, t)
    profile, called = named(results.profile, names), group_names(room, t)
    earlier = [] if results.earlier.empty else [named(results.earlier, names)]
    moved = results.movement.rename(columns={"before": "mean_1", "after": "mean_2"})
    return RoomResult(
        story=room.subject.title,
        occasion="",
        held_on=date.fromtimestamp(room.opened_at or room.created_at),
        place="",
        language=t.language,
        release=room.subject.release,
        code=room.code,
        rounds=(*earlier, profile),
        joined=room.joined,
        voted=results.turnout.voted,
        record=known.record,
        groups={
            called[str(group)]: named(frame, names)
            for group, frame in results.groups.groupby("stakeholder_group", sort=False)
        },
        contested=contested_genes(profile),
        movement=None if moved.empty else named(moved, names),
        notes=tuple(how_given(results, t)),
    )


def _slide(id: str, heading: str, result: RoomResult, t: Words, **given: Any) -> Slide:
    nothing: dict[str, Any] = {"say": [], "ask": "", "aside": False, "chart": None, "lists": []}
    note = " ".join([said.provenance(result, t), *result.notes])
    return {**nothing, "id": id, "heading": heading, "note": note, "table": None, **given}


def _radar(result: RoomResult, t: Words) -> Slide:
    profile = result.last.assign(name=result.story)
    return _slide(
        "radar",
        t("This room’s DNA of the story"),
        result,
        t,
        say=[said.strongest(result, t), t("A room is not a sample.")],
        chart=charts.radar(profile, t),
        table=profile_table(result.last, t),
    )


def _dots(result: RoomResult, results: Results, t: Words) -> Slide:
    rated = result.last[result.last["n"] > 0]
    say = said.spread_sentences(result, t)[:2]
    if not say and not rated.empty:
        say = [t("How many gave each score stands in grey behind each mean.")]
    skipped = int(results.profile["skipped"].sum())
    if skipped:
        say.append(
            t.plural("{n} answer was “don’t know”.", "{n} answers were “don’t know”.", skipped)
        )
    return _slide(
        "dots",
        t("How strong each gene is, and how far we agree"),
        result,
        t,
        say=say,
        chart=charts.dots(result.last, t),
        table=profile_table(result.last, t),
    )


def _movement(result: RoomResult, moved: pd.DataFrame, t: Words) -> Slide:
    say = _moved(result, moved, t)
    head = [t("Gene"), t("First round"), t("Second round"), t("Difference, same people")]
    rows = [
        [row.gene, *(_shown(value, t) for value in (row.mean_1, row.mean_2, row.difference))]
        for row in query.rows(moved)
    ]
    return _slide(
        "movement",
        t("How the room changed its mind"),
        result,
        t,
        say=say,
        chart=charts.arrows(_coloured(moved), t, " ".join(say)),
        table={"head": head, "rows": rows},
    )


def _moved(result: RoomResult, moved: pd.DataFrame, t: Words) -> list[str]:
    """Which genes moved. Where the numbers may not be shown, that they moved may still be said."""
    say = [said.movement_sentence(result, t)] if moved["difference"].notna().any() else []
    hidden = moved[moved["difference"].isna()]
    up = hidden.loc[hidden["moved"] == "up", "gene"].tolist()
    down = hidden.loc[hidden["moved"] == "down", "gene"].tolist()
    if up:
        say.append(t("Went up: {genes}.", genes=t.listed(up)))
    if down:
        say.append(t("Went down: {genes}.", genes=t.listed(down)))
    if not say:
        say.append(t("No gene can be said to have moved."))
    if not hidden.empty:
        say.append(t("No number stands where it could give away fewer than five people."))
    return say


def _coloured(moved: pd.DataFrame) -> pd.DataFrame:
    """So that an arrow whose numbers may not be shown is not drawn as one that did not move."""
    hidden = moved["difference"].isna()
    low = moved["low"].mask(hidden & (moved["moved"] == "up"), float("inf"))
    high = moved["high"].mask(hidden & (moved["moved"] == "down"), float("-inf"))
    return moved.assign(low=low, high=high)


def _record(result: RoomResult, t: Words) -> Slide:
    record = result.record
    assert record is not None
    heading, say = t("This room and the record"), said.record_sentences(result, record, t)
    if record.provenance == "published":
        room = result.last.dropna(subset="mean").sort_values("mean", ascending=False, kind="stable")
        ours = [f"{row.gene} ({t.number(row.mean, 1)})" for row in query.rows(room)]
        lists = [
            {"head": record.name, "items": record.profile["gene"].tolist()},
            {"head": t("This room, by mean"), "items": ours},
        ]
        return _slide("record", heading, result, t, say=say, lists=lists)
    name = said.shortened(record.name, 60)
    both = pd.concat(
        [result.last.assign(name=t("This room")), record.profile.assign(name=name)],
        ignore_index=True,
    )
    return _slide(
        "record",
        heading,
        result,
        t,
        say=say,
        chart=charts.radar(both, t),
        table=_beside({t("This room"): result.last, name: record.profile}, t),
    )


def _groups(result: RoomResult, t: Words) -> list[Slide]:
    """At most three groups on one radar; those that are too small to be seen are not there."""
    groups = list(shown_groups(result).items())
    pages = -(-len(groups) // MOST_OUTLINES)
    made = []
    for page in range(pages):
        some = groups[page::pages]  # Four are two and two, not three and one.
        both = pd.concat([frame.assign(name=name) for name, frame in some], ignore_index=True)
        made.append(
            _slide(
                f"groups-{page + 1}",
                t("The groups side by side"),
                result,
                t,
                say=[
                    *said.group_sentences(some, result, t),
                    t("Groups of fewer than five people are not shown."),
                ],
                chart=charts.radar(both, t),
                table=_beside(dict(some), t),
            )
        )
    return made


def _talk(room: Room, result: RoomResult, t: Words) -> list[Slide]:
    """A slide for each gene; the contested ones come by themselves, the others by their key."""
    names, rows = gene_names(room, t), by_gene(result.last)
    about = {names[gene.gene_id]: (gene.gene_id, t(gene.definition)) for gene in room.genes}
    first = list(result.contested)
    made = [] if first else [_agreed(result, t)]
    for gene in [*first, *(gene for gene in result.genes if gene not in first)]:
        gene_id, definition = about[gene]
        row = rows[gene]
        alone = result.last[result.last["gene"] == gene]
        counted = said.camps(row, result, t) if row.n else t("Nobody rated this gene.")
        made.append(
            _slide(
                f"gene-{gene_id}",
                gene,
                result,
                t,
                say=[text for text in (definition, counted) if text],
                ask=said.question(gene, row.agreement, t) if row.n else "",
                aside=gene not in first,
                chart=charts.one_gene(alone, t, counted) if row.n else None,
                table=profile_table(alone, t),
            )
        )
    return made


def _agreed(result: RoomResult, t: Words) -> Slide:
    enough = result.last["low"].notna().any()
    say = (
        t("No gene divides this room.")
        if enough
        else t("There are too few ratings to say where this room is divided.")
    )
    ask = t("Which of these genes would be the hardest to bring about where you work?")
    return _slide("talk", t("To talk about"), result, t, say=[say], ask=ask)


def profile_table(profile: pd.DataFrame, t: Words) -> Mapping[str, Any]:
    """The numbers of a profile, as text."""
    head = [t("Gene"), t("Mean"), t("Low"), t("High"), t("Median"), t("Ratings"), t("Agreement")]
    agreed = labels.agreement(t)
    rows = [
        [
            row.gene,
            *(_shown(value, t) for value in (row.mean, row.low, row.high, row.median)),
            t.number(row.n),
            agreed[row.agreement],
        ]
        for row in query.rows(profile)
    ]
    return {"head": head, "rows": rows}


def _beside(profiles: Mapping[str, pd.DataFrame], t: Words) -> Mapping[str, Any]:
    """The means of several profiles side by side, as text; each with its n."""
    by_name = [by_gene(frame) for frame in profiles.values()]
    rows = [[gene, *(_mean(each.get(gene), t) for each in by_name)] for gene in by_name[0]]
    return {"head": [t("Gene"), *profiles], "rows": rows}


def _mean(row: Any, t: Words) -> str:
    if row is None or pd.isna(row.mean):
        return t("not rated")
    return t("{mean} (n = {n})", mean=t.number(row.mean, 1), n=t.number(row.n))


def _shown(value: float, t: Words) -> str:
    return "–" if pd.isna(value) else t.number(value, 1)
