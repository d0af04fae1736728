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
    genes = _genes(today, t)
    left, right = st.columns(2, gap="large")
    with left:
        ask_group, tables = _asked(t)
    with right:
        rounds = st.segmented_control(
            t("Rounds"),
            [1, 2],
            format_func=lambda n: t.plural("{n} round", "{n} rounds", n),
            default=1,
            required=True,
            key="new rounds",
        )
        language = st.selectbox(
            t("Language of the screen"),
            list(LANGUAGES),
            index=list(LANGUAGES).index(t.language),
            format_func=lambda code: LANGUAGES[code],
            help=t("Phones show their own language where we have it."),
            key="new language",
        )
    chosen = {
        "language": language,
        "ask_group": ask_group,
        "tables": tables,
        "rounds": rounds or 1,
    }
    st.button(
        t("Open the room"),
        type="primary",
        icon=":material/meeting_room:",
        disabled=story_id is None or genes is None,
        on_click=_create,
        args=(story_id, genes, today, chosen, t),
        key="create",
    )
    refusal("")


def _genes(release: int, t: Words) -> list[str] | None:
    """The genes to rate; an empty list stands for the default ones, None for none chosen yet."""
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
        return []
    names = unlike(labels.genes(datasets.frame("genes", release), t))
    chosen = st.multiselect(
        t("Genes to rate"),
        list(names),
        format_func=lambda gene: names[gene],
        max_selections=MOST_GENES,
        placeholder=t("Five to ten are enough for a room"),
        key="new chosen genes",
    )
    return chosen or None


def _asked(t: Words) -> tuple[bool, int]:
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
    if what != "table":
        return what == "group", 0
    tables = st.number_input(
        t("How many tables"), min_value=2, max_value=rooms.MOST_TABLES, value=6, key="new tables"
    )
    return True, int(tables)


def _create(
    story_id: str, genes: list[str], release: int, chosen: dict[str, Any], t: Words
) -> None:
    def do(person: Person) -> None:
        about = subject(datasets.store(), story_id, genes, release)
        made = rooms.create(votes.here(), about, owner=person.name, **chosen)
        address.choose("room", made.code)

    tried("", do, t)
