"""The phone's pages, made from assets/workshop: each is one request, style and script inside.

Their Content-Security-Policy lets nothing run but these very scripts, named by their hash.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

import labels
import settings
from figures.svg_text import escaped
from words import LANGUAGES, Words
from workshop.answers import answered
from workshop.ballots import Kept
from workshop.room import Room

FOLDER = Path(__file__).resolve().parents[1] / "assets" / "workshop"


@cache
def text_of(name: str) -> str:
    """A script or style without what browsers do not need: indentation and lines of comment."""
    lines = (line.strip() for line in (FOLDER / name).read_text(encoding="utf-8").splitlines())
    return "\n".join(line for line in lines if line and not line.startswith(("//", "/* The")))


@cache
def policy() -> str:
    """The Content-Security-Policy of every page here."""
    scripts = " ".join(_hash(text_of(name)) for name in ("phone.js", "test.js"))
    return (
        f"default-src 'none'; script-src {scripts}; style-src {_hash(text_of('phone.css'))}; "
        "connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {settings.frame_ancestors()}"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def ballot(room: Room, t: Words, kept: Kept | None = None, problem: str = "") -> str:
    """The ballot of the round that a room is in.

    Args:
        room: The room.
        t: The words of the phone's language.
        kept: What this phone has sent: saved, or just refused if there is a problem (number 0).
        problem: Why it was refused. Plain text.
    """
    phase, round_ = room.phase, room.ballot_round
    answers = answered(room, kept.choices) if kept else {}
    saved = kept is not None and kept.number > 0 and not problem
    said = phases(room, t)
    return _page(
        "ballot.html",
        t,
        heading=_shown(room.subject.title),
        heading_language=room.subject.language,
        script=Markup(text_of("phone.js")),
        problem=problem,
        phase=phase,
        now=said.get(f"{phase}{round_}") or said[phase],
        number=kept.number if kept else 0,
        hidden=phase in ("lobby", "ended"),
        closed=phase not in ("open", "test"),
        run=room.run,
        round=round_,
        genes=[
            {
                "gene_id": gene.gene_id,
                "name": _shown(t(gene.name) or labels.nameless(gene.letter or None, t)),
                "definition": _shown(t(gene.definition)),
                "answer": str(answers.get(gene.gene_id, "")),
            }
            for gene in room.genes
        ],
        scores=[("1", t("1 absent")), ("2", ""), ("3", ""), ("4", ""), ("5", t("5 defining"))],
        skip=t("Don’t know"),
        groups=[(code, name) for code, name in group_names(room, t).items() if code != "other"],
        group=kept.group if kept else "",
        group_question=t("Your table") if room.tables else t("Your group"),
        no_group=t("Rather not say"),
        say=(t("Saved. This was a test and does not count.") if phase == "test" else t("Saved."))
        if saved
        else "",
        send=t("Send my answers"),
        refresh=t("Look again"),
        words=said | _sayings(t),
        about=t(
            "One vote per browser. No names and no account; a cookie that lasts a week keeps your "
            "answers yours."
        ),
    )


def group_names(room: Room, t: Words) -> dict[str, str]:
    """What the groups of a room are called, those together that are too small included."""
    names = labels.groups(t)
    tables = {f"table-{n}": t("Table {n}", n=t.number(n)) for n in range(1, room.tables + 1)}
    known = names | tables
    return {code: known[code] for code in (*room.groups, "other")}


def phases(room: Room, t: Words) -> dict[str, str]:
    """What a phone says of each phase; with the round's number where that makes a difference."""
    said = {
        "lobby": t("The vote has not started yet. This page opens by itself."),
        "test": t("This is a test to try it out. It does not count."),
        "open": t("The vote is open."),
        "paused": t("The vote is paused. Your answers stay on this phone."),
        "closed": t("This round is closed."),
        "revealed": t("This round is closed. The results are on the screen."),
        "ended": t("This workshop has ended. Thank you."),
    }
    if room.rounds > 1:
        said |= {
            "open1": t("The vote is open: the first of two rounds."),
            "open2": t("The vote is open: the second round. Rate again."),
            "lobby2": t("The second round begins soon. This page opens by itself."),
        }
    return said


def enter(t: Words, problem: str = "", typed: str = "", up: str = "./") -> str:
    """The page on which the code is typed."""
    return _page(
        "code.html",
        t,
        heading=t("Rate a story"),
        problem=problem,
        typed=typed,
        up=up,
        question=t("The code on the screen: six letters and numbers"),
        send=t("Go to the ballot"),
        test=t("Will this phone work?"),
    )


def refusal(t: Words, problem: str) -> str:
    """A page that says no more than what is wrong."""
    return _page("refusal.html", t, heading=t("Rate a story"), problem=problem)


def preflight(t: Words, works: bool | None) -> str:
    """The page on which a phone finds out whether it will work.

    Args:
        t: The words of the phone's language.
        works: Whether what it sent arrived with our cookie; None if it has sent nothing yet.
    """
    words = {
        None: t("Press the button to try whether sending works."),
        True: t("This phone will work: what it sent arrived, and its cookie came back."),
        False: t(
            "What this phone sent arrived, but its cookie did not come back. Allow cookies for "
            "this site, or open it in another browser."
        ),
    }
    return _page(
        "test.html",
        t,
        heading=t("Will this phone work?"),
        script=Markup(text_of("test.js")),
        reached=t("This phone reaches the server."),
        result=words[works],
        works=words[True],
        cookie=words[False],
        offline=t("What this phone sent did not arrive. Is it on the room’s network?"),
        send=t("Try sending"),
        join=t("Type a code"),
    )


def _sayings(t: Words) -> dict[str, str]:
    return {
        "unsent": t("Not sent yet."),
        "sending": t("Sending…"),
        "saved": t("Saved."),
        "tested": t("Saved. This was a test and does not count."),
        "nothing": t("Nothing was chosen yet. Choose an answer, then send."),
        "offline": t("No connection. Your answers are on this phone and are sent again."),
    }


def _page(template: str, t: Words, **values: object) -> str:
    others = [(code, name) for code, name in LANGUAGES.items() if code != t.language]
    style = Markup(text_of("phone.css"))
    return _templates().get_template(template).render(t=t, style=style, languages=others, **values)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )


def _shown(text: str) -> Markup:
    """Text from data: letter for letter, and marks that turn its direction by their number."""
    return Markup(escaped(text))
