"""What a round found, gene by gene, once the room may see it."""

from typing import Any

import pandas as pd
import streamlit as st

import labels
from exports import room_words
from exports.room import by_gene, contested_genes
from figures.dots import dna_dots
from figures.sentences import dna_sentence
from figures.svg import dots_svg
from figures.svg_movement import movement_svg
from figures.svg_page import Paper
from ui import address, dna, parts
from ui.chart import chart
from ui.escape import md
from words import Words
from workshop import result, tally, votes
from workshop.names import gene_names, named
from workshop.room import Room
from workshop.tally import Results

NARROW = 420  # Pixels of the picture of what moved, beside the chart.


def draw(room: Room, t: Words) -> None:
    """The spread per gene, what to talk about, and what moved; nothing of it before the reveal."""
    round_ = _chosen_round(room, t)
    if round_ is None:
        st.info(
            t(
                "Hidden until you reveal them, here as well: whoever sees your screen would see "
                "them too."
            ),
            icon=":material/visibility_off:",
        )
        return
    found = tally.results(votes.here(), room, round_)
    if room.state == "discarded" or not found.profile["n"].sum():
        st.info(t("Nobody has rated anything in this round."), icon=":material/info:")
        return
    names = gene_names(room, t)
    profile = named(found.profile, names)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _spread(room, round_, profile, t)
    with right:
        _discuss(profile, t)
        if round_ > 1:
            _movement(found, names, t)


def _chosen_round(room: Room, t: Words) -> int | None:
    """The round to show. While a second round runs, the first one would sway it."""
    if not room.shows_results:
        return None
    if room.round == 1:
        return 1
    options = {str(n): t("Round {number}", number=n) for n in range(room.round, 0, -1)}
    return int(address.one_of("round", t("Round"), options))


def _spread(room: Room, round_: int, profile: pd.DataFrame, t: Words) -> None:
    n = int(profile["n"].max())
    said: dict[str, Any] = {
        "title": t("How strong each gene is, and how far raters agree"),
        "notes": [t("This room, round {round}, n = {n}.", round=round_, n=t.number(n))],
        "t": t,
    }
    sentence = dna_sentence(profile, title=room.subject.title, illustrative=False, t=t)
    chart(
        f"room-{room.code.lower()}-round-{round_}",
        dna_dots(profile, **said, labels=labels.agreement(t)),
        svg=lambda: dots_svg(profile, **said, alt=sentence),
        sentence=sentence,
        table=profile,
        headings=dna.table_headings(t)
        | {"skipped": t("Don’t know"), "paper": t("On paper"), "hands": t("Hands")},
    )


def _discuss(profile: pd.DataFrame, t: Words) -> None:
    rows = by_gene(profile)
    contested = contested_genes(profile)
    st.header(t("Talk about these first"), anchor=False)
    if profile["agreement"].eq("too_few").all():
        st.markdown(t("Too few people have rated to say where the room is of one mind."))
        return
    if not contested:
        st.markdown(t("The room agrees on every gene that enough people have rated."))
        return
    said = labels.agreement(t)
    lines = [
        f"**{md(gene)}**: {md(said[rows[gene].agreement])}. "
        f"{md(room_words.question(gene, rows[gene].agreement, t))}"
        for gene in contested
    ]
    st.markdown("\n".join(f"1. {line}" for line in lines))


def _movement(found: Results, names: dict[str, str], t: Words) -> None:
    rows = result.moved(found, names)
    if rows is None:
        st.header(t("What moved from round to round"), anchor=False)
        st.markdown(
            t("Fewer than five people rated a gene in both rounds, so no movement is shown.")
        )
        return
    title = t("What moved from round to round")
    clear = [row for row in by_gene(rows).values() if row.low > 0 or row.high < 0]
    sentence = (
        t("Moved: {genes}.", genes=t.listed([row.gene for row in clear]))
        if clear
        else t("No gene can be said to have moved: each interval of the difference holds 0.")
    )
    paper: Paper = "dark" if st.context.theme.type == "dark" else "light"
    drawn = movement_svg(rows, title=title, t=t, width=NARROW, paper=paper, alt=sentence)
    st.html(parts.picture(drawn, sentence))
    st.markdown(md(sentence))
