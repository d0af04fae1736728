"""What a person answered, as text with one character per gene, and as the fields of a form."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_plus

from workshop.ballots import SCORES, SKIPPED, UNANSWERED
from workshop.errors import RefusedError
from workshop.room import Room

# Not what a gene can be called, so that a new gene is a new row and nothing else.
RUN, ROUND, NUMBER, GROUP = "_run", "_round", "_number", "_group"
MOST_BYTES, MOST_FIELDS = 4096, 40
ANSWERS = frozenset((*SCORES, SKIPPED))
HIGHEST = 2**53 - 1  # The largest number that a script counts to exactly.


@dataclass(frozen=True)
class Form:
    """A ballot's form as it was sent."""

    run: int
    round: int
    number: int | None
    choices: str
    group: str


def form(room: Room, body: bytes) -> Form:
    """Read a form.

    Raises:
        RefusedError: "damaged", "gene", "group", "score" or "no_answer".
    """
    # Not by the standard library's reader: this is done a thousand times a second.
    fields = _fields(body)
    number = fields.pop(NUMBER, "")
    if not fields:
        raise RefusedError("no_answer")
    run, round_ = _whole(fields.pop(RUN, "")), _whole(fields.pop(ROUND, ""))
    group = fields.pop(GROUP, "")
    return Form(
        run, round_, _whole(number) if number else None, choices(room, fields, group), group
    )


def choices(room: Room, answers: Mapping[str, str], group: str = "") -> str:
    """One character per gene of the room, from the answers by gene id.

    Raises:
        RefusedError: "gene" or "group" if the room asks for no such thing, "score", or
            "no_answer" if there is none at all.
    """
    known = [gene.gene_id for gene in room.genes]
    for gene, answer in answers.items():
        if gene not in known:
            raise RefusedError("gene", gene=gene[:80])
        if answer not in ANSWERS:
            raise RefusedError("score")
    if not answers:
        raise RefusedError("no_answer")
    if group and group not in room.groups:
        raise RefusedError("group")
    return "".join([answers.get(gene, UNANSWERED) for gene in known])


def answered(room: Room, text: str) -> dict[str, int]:
    """The answers by gene id that `choices` wrote; a gene without one is missing."""
    pairs = zip(room.genes, text, strict=True)
    return {gene.gene_id: int(choice) for gene, choice in pairs if choice != UNANSWERED}


def _fields(body: bytes) -> dict[str, str]:
    """The fields of a form, each once."""
    if not body:
        return {}
    try:
        text = body.decode("ascii")
    except UnicodeDecodeError:
        raise RefusedError("damaged") from None
    parts = [part.partition("=") for part in text.split("&", MOST_FIELDS)]
    if "%" in text or "+" in text:
        parts = [(unquote_plus(name), equals, unquote_plus(value)) for name, equals, value in parts]
    fields = {name: value for name, equals, value in parts if equals}
    if len(fields) != len(parts) or len(parts) > MOST_FIELDS:
        raise RefusedError("damaged")
    return fields


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:17]) <= HIGHEST and len(text) < 17):
        raise RefusedError("damaged")
    return int(text)
