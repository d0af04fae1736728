"""A new room: which story, which genes, who is asked what."""

from typing import Any

import streamlit as st

import labels
from server.session import Person
from ui import address, datasets
from ui.present_said import refusal, tried
from words import LANGUAGES, Words
from workshop import rooms, votes
from workshop.names import unlike
from workshop.subject import MOST_GENES, subject

TABLES = 6


def draw(t: Words) -> None:
    """The choices, and the button that makes the room."""
    st.markdown(
        t(
            "A room rates the genes of one story from its phones. It begins in a lobby: nothing is "
            "asked before you open the vote, and you can rehearse first."
        )
    )
    today = datasets.today()
    story_id = address.select(
        "story",
        t("Story"),
        datasets.titles(today),
        placeholder=t("Type a few letters, or choose from the list"),
    )
    _genes(today, t)
    left, right = st.columns(2, gap="large")
    with left:
        _asked(t)
    with right:
        st.segmented_control(
            t("Rounds"),
            [1, 2],
            format_func=lambda n: t.plural("{n} round", "{n} rounds", n),
            default=1,
            required=True,
            key="new rounds",
        )
        st.selectbox(
            t("Language of the screen"),
            list(LANGUAGES),
            index=list(LANGUAGES).index(t.language),
            format_func=lambda code: LANGUAGES[code],
            help=t("Phones show their own language where we have it."),
            key="new language",
        )
    missing = ""
    if story_id is None:
        missing = t("Choose a story first.")
    elif _wanted()[0] is None:
        missing = t("Choose the genes to rate first.")
    st.button(
        t("Open the room"),
        type="primary",
        icon=":material/meeting_room:",
        disabled=bool(missing),
        on_click=_create,
        args=(story_id, today, t),
        key="create",
    )
    if missing:
        st.caption(missing)
    refusal("")


def _wanted() -> tuple[list[str] | None, dict[str, Any]]:
    """The genes to rate and what else a room is made with, as the widgets say it now.

    An empty list stands for the default genes, None for none chosen yet.
    """
    said = st.session_state
    asked = said["new asked"]
    chosen = [] if said["new genes"] != "chosen" else said.get("new chosen genes") or None
    return chosen, {
        "language": said["new language"],
        "ask_group": asked != "nothing",
        "tables": int(said.get("new tables", TABLES)) if asked == "table" else 0,
        "rounds": said["new rounds"] or 1,
    }


def _genes(release: int, t: Words) -> None:
    """Which genes are rated."""
    how = st.segmented_control(
        t("Genes"),
        ["default", "chosen"],
        format_func=lambda each: {
            "default": t("The default DNA"),
            "chosen": t("Genes that I choose"),
        }[each],
        default="default",
        required=True,
        key="new genes",
    )
    if how != "chosen":
        return
    names = unlike(labels.genes(datasets.frame("genes", release), t))
    st.multiselect(
        t("Genes to rate"),
        list(names),
        format_func=lambda gene: names[gene],
        max_selections=MOST_GENES,
        placeholder=t("Five to ten are enough for a room"),
        key="new chosen genes",
    )


def _asked(t: Words) -> None:
    """Whether phones are asked for a group, and for which of how many tables."""
    names = {
        "nothing": t("Nothing: only the genes"),
        "group": t("The stakeholder group"),
        "table": t("The table"),
    }
    what = st.radio(
        t("What phones are asked beside the genes"),
        list(names),
        format_func=lambda each: names[each],
        key="new asked",
    )
    st.caption(t("Anybody may leave it out. Groups of fewer than five people are never shown."))
    if what == "table":
        st.number_input(
            t("How many tables"),
            min_value=2,
            max_value=rooms.MOST_TABLES,
            value=TABLES,
            key="new tables",
        )


def _create(story_id: str, release: int, t: Words) -> None:
    # Not from the arguments: those are from when the button was drawn, and who chooses and presses
    # at once, or over a slow network, has both in one run.
    story = address.chosen("story", datasets.titles(release)) or story_id
    genes, chosen = _wanted()
    if genes is None:
        return

    def do(person: Person) -> None:
        about = subject(datasets.store(), story, genes, release)
        made = rooms.create(votes.here(), about, owner=person.name, **chosen)
        address.choose("room", made.code)

    tried("", do, t)
