"""The projector's page, made from assets/workshop/screen.html.

Its script and style are files of ours; nothing is written into the page but data, so its
Content-Security-Policy lets no inline script run. Styles may stand inside, because Plotly's do.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

import settings
from exports.room import Record
from figures.sentences import dna_sentence
from figures.sequence import published_sequence, sequence_note
from figures.svg_text import escaped
from gcs_data import query
from words import Words
from workshop import screen_figures as charts
from workshop.addresses import Address
from workshop.names import gene_names
from workshop.pages import FOLDER
from workshop.room import Room
from workshop.screen_join import qr
from workshop.screen_plotly import NAME
from workshop.screen_results import profile_table
from workshop.screen_story import Known


def policy() -> str:
    """The Content-Security-Policy of the page."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        f"frame-ancestors {settings.frame_ancestors()}"
    )


def page(room: Room, known: Known, joining: Address, t: Words) -> str:
    """The page of a room. It holds no result, in any state: those come when they may be seen."""
    story = _story_address(room, joining)
    text: str = _template().render(
        t=t,
        room=room,
        title=_shown(room.subject.title),
        known={
            name: _shown(getattr(known, name))
            for name in ("summary", "organisation", "place", "years")
        },
        qr=Markup(qr(joining.url)),
        joining=joining,
        enter=joining.short.removesuffix(f"/{room.code}"),
        story=story,
        published=_published(known.record, t),
        plotly=NAME,
        data={
            "code": room.code,
            "language": t.language,
            "genes": [gene.gene_id for gene in room.genes],
            "dna": dna(room, known, t),
            "words": sayings(room, t),
        },
        keys=keys(t),
    )
    return text


def dna(room: Room, known: Known, t: Words) -> Mapping[str, Any]:
    """What is on record of a story's DNA, to be built up gene by gene.

    Returns:
        steps (gene_id, gene, definition and value of each), chart and table (the radar; null where
        the record is no ratings), kind ("expert", "published" or "none"), say, in plain text.
    """
    names, record = gene_names(room, t), known.record
    meanings = dict(known.definitions) | {
        names[gene.gene_id]: t(gene.definition) for gene in room.genes if gene.definition
    }
    ids = {name: gene_id for gene_id, name in names.items()}
    if record is None:
        steps = [(name, "") for name in names.values()]
    elif record.provenance == "published":
        steps = [(row.gene, "") for row in query.rows(record.profile)]
    else:
        steps = [(row.gene, _value(row, t)) for row in query.rows(record.profile)]
    rated = record is not None and record.provenance == "expert"
    return {
        "kind": record.provenance if record else "none",
        "steps": [
            {
                "gene_id": ids.get(name, ""),
                "gene": name,
                "definition": meanings.get(name, ""),
                "value": value,
            }
            for name, value in steps
        ],
        "chart": _radar(room, record, t) if record and rated else None,
        "table": profile_table(record.profile, t) if record and rated else None,
        "say": _provenance(room, record, t),
    }


def _radar(room: Room, record: Record, t: Words) -> charts.Chart:
    return charts.radar(record.profile.assign(name=room.subject.title), t)


def _value(row: Any, t: Words) -> str:
    if not row.n:
        return t("not rated")
    return t("{mean} of 5 (n = {n})", mean=t.number(row.mean, 1), n=t.number(row.n))


def _provenance(room: Room, record: Record | None, t: Words) -> list[str]:
    """Where the DNA on record comes from; where there is none, that."""
    if record is None:
        return [
            t("No rating and no published DNA of this story is on record. This room is the first.")
        ]
    if record.provenance == "published":
        none = t("No rating of this story is on record.")
        return [sequence_note(record.profile, t), none]
    sentence = dna_sentence(record.profile, title=room.subject.title, illustrative=False, t=t)
    n = int(record.profile["n"].max())
    return [t("{record}, n = {n}.", record=record.name, n=t.number(n)), sentence]


def _published(record: Record | None, t: Words) -> Markup:
    if record is None or record.provenance != "published":
        return Markup()
    named = record.profile.assign(name=record.profile["gene"])
    return Markup(published_sequence(named, t=t))


def _story_address(room: Room, joining: Address) -> str:
    """Where the result will be found, as somebody types it; only the path where nobody could."""
    path = f"/story?story={quote(room.subject.story_id)}"
    return path if joining.basis == "here" else joining.short.split("/vote/")[0] + path


def sayings(room: Room, t: Words) -> Mapping[str, str]:
    """What the page's script says. Fields in braces are filled in there."""
    return {
        "counts": t("Joined: {joined}. Connected: {connected}. Voted: {voted}."),
        "lost": t("Connection lost, trying again."),
        "gone": t("This room’s time is over."),
        "loading": t("The results are on their way."),
        "undrawn": t("The charts could not be drawn here. These are their numbers."),
        "watching": t("This screen only watches. Open it from the desk to lead the room."),
        "unsent": t("The server could not be reached. Press the key again."),
        "next": t("Next"),
        "opens": t("Open the vote"),
        "closes": t("Close the vote"),
        "reveals": t("Reveal the results"),
        "second": t("Go to the second round"),
        "round": t("Round {round} of {rounds}"),
        "lobby": t("The vote has not started yet."),
        "test": t("A rehearsal: ballots sent now do not count."),
        "open": t("The vote is open."),
        "paused": t("The vote is paused."),
        "closed": t("The vote is closed. The results come next."),
        "revealed": t("The vote is closed."),
        "ended": t("This workshop has ended."),
    }


def keys(t: Words) -> Sequence[tuple[str, str]]:
    """What each key does, for the page's own help."""
    return [
        ("→  PageDown  " + t("Space"), t("Next")),
        ("←  PageUp", t("Back")),
        ("B", t("Black screen")),
        ("F", t("Full screen")),
        ("H", t("Hide or reveal the results")),
        ("J", t("The QR code, large")),
        ("D", t("Dark or light")),
        ("1–9", t("A gene")),
        ("?", t("These keys")),
    ]


def _shown(text: str) -> Markup:
    """Text from data: letter for letter, and marks that turn its direction by their number."""
    return Markup(escaped(text))


@cache
def _template() -> Any:
    found = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return found.get_template("screen.html")
