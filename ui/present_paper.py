"""Ballots from paper and counts of hands, where phones cannot be used. Marked as such."""

import streamlit as st

from ui.escape import md
from ui.present_said import still_here, tried, why
from words import Words
from workshop import pages, paper, votes
from workshop.errors import WorkshopError
from workshop.names import gene_names
from workshop.room import Room

SKIP = 0


def draw(room: Room, t: Words) -> None:
    """Typing in paper ballots, and hands per gene."""
    if room.state not in paper.ROUND_STATES or not room.is_now:
        st.info(
            t(
                "Open the vote first: ballots on paper and hands belong to a round that has been "
                "opened, until the run is saved."
            ),
            icon=":material/info:",
        )
        return
    left, right = st.columns(2, gap="large")
    with left:
        st.header(t("A ballot on paper"), anchor=False)
        _ballot(room, t)
        _typed(room, t)
    with right:
        st.header(t("Show of hands"), anchor=False)
        _hands(room, t)


def _ballot(room: Room, t: Words) -> None:
    names, groups = gene_names(room, t), pages.group_names(room, t)
    with st.form(f"paper {room.run_id} {room.round}", clear_on_submit=True):
        answers = {
            gene: st.radio(
                md(name),
                [1, 2, 3, 4, 5, SKIP],
                index=None,
                horizontal=True,
                format_func=lambda score: str(score) if score else t("Don’t know"),
                key=f"paper {room.run_id} {room.round} {gene}",
            )
            for gene, name in names.items()
        }
        group = (
            st.selectbox(
                t("Table") if room.tables else t("Group"),
                list(room.groups),
                index=None,
                format_func=lambda code: groups[code],
                placeholder=t("Not given"),
                key=f"paper group {room.run_id} {room.round}",
            )
            if room.groups
            else None
        )
        pressed = st.form_submit_button(
            t("Count this ballot"), type="primary", icon=":material/add:"
        )
    if not pressed:
        return
    given = {gene: score for gene, score in answers.items() if score is not None}
    try:
        still_here()
        number = paper.add_ballot(votes.here(), room, given, group or "")
    except WorkshopError as error:
        _say(error, t)
    else:
        st.success(t("Counted as paper ballot {n}.", n=number), icon=":material/check:")


def _typed(room: Room, t: Words) -> None:
    """The ballots that were typed in, the last one first, to take one back."""
    known = {ballot.number: ballot for ballot in paper.ballots(votes.here(), room)}
    if not known:
        return
    with st.expander(
        t.plural("{n} ballot typed in", "{n} ballots typed in", len(known)),
        icon=":material/description:",
    ):
        names, key = gene_names(room, t), f"typed {room.run_id} {room.round}"
        number = st.selectbox(
            t("Paper ballot"),
            sorted(known, reverse=True),
            format_func=lambda n: t("Paper ballot {n}", n=n),
            key=key,
        )
        answers = known[number].answers
        st.markdown(
            md(
                "; ".join(
                    t("{name}: {value}", name=name, value=answers[gene] or t("Don’t know"))
                    for gene, name in names.items()
                    if gene in answers
                )
            )
        )
        st.button(
            t("Take this ballot back"),
            icon=":material/undo:",
            on_click=_take_back,
            args=(room, number, key, t),
            key="take back",
        )


def _take_back(room: Room, number: int, key: str, t: Words) -> None:
    if st.session_state[key] != number:
        return  # Another was chosen since: its answers are shown first.
    tried(room.code, lambda _: paper.remove_ballot(votes.here(), room, number), t)


def _hands(room: Room, t: Words) -> None:
    """One gene at a time, as it is asked: who says 1, who says 2?"""
    place = votes.here()
    names, counted = gene_names(room, t), paper.hands(place, room)
    gene = st.selectbox(
        t("Gene"),
        list(names),
        format_func=lambda each: names[each],
        key=f"hands gene {room.run_id} {room.round}",
    )
    with st.form(f"hands {room.run_id} {room.round} {gene}"):
        before = counted.get(gene, [0] * 5)
        columns = st.columns(5)
        counts = [
            columns[score - 1].number_input(
                str(score),
                min_value=0,
                max_value=paper.MOST_HANDS,
                value=before[score - 1],
                key=f"hands {room.run_id} {room.round} {gene} {score}",
            )
            for score in range(1, 6)
        ]
        st.caption(t("1 is absent, 5 is defining. Five zeros take the count back."))
        pressed = st.form_submit_button(t("Keep this count"), icon=":material/front_hand:")
    if pressed:
        try:
            still_here()
            paper.set_hands(place, room, gene, [int(n) for n in counts])
        except WorkshopError as error:
            _say(error, t)
        else:
            counted = paper.hands(place, room)
            st.success(t("The count is kept."), icon=":material/check:")
    lines = [
        t("{name}: {value}", name=names[each], value=" · ".join(map(t.number, numbers)))
        for each, numbers in counted.items()
    ]
    if lines:
        st.markdown("\n".join(f"- {md(line)}" for line in lines))


def _say(error: WorkshopError, t: Words) -> None:
    st.error(md(why(error, t)), icon=":material/block:")
