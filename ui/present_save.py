"""Publishing what a run found: what that means, the reason, and the way to the story's page."""

import streamlit as st

from gcs_data import query
from gcs_data.errors import GcsDataError
from gcs_data.schema import SMALLEST_GROUP
from ui import datasets, trouble
from ui.escape import md
from ui.links import link
from ui.present_said import still_here, why
from words import Words
from workshop import keep, pages, result, tally, votes
from workshop.ballots import GRACE
from workshop.errors import VotesError, WorkshopError
from workshop.keep import Occasion
from workshop.room import Room

LONGEST_REASON = 500
_SAVED = "the release of a saved run"


def draw(room: Room, occasion: Occasion, t: Words) -> None:
    """What would be published, why, and the button."""
    lines = _what(room, t)
    if not lines:
        st.info(t("Nobody has rated anything in this run, so there is nothing to save."))
        return
    st.markdown(
        t("Saving publishes these ratings for everybody, as a release of the datasets:")
        + "\n\n"
        + "\n".join(f"- {md(line)}" for line in lines)
    )
    if _fewest(room) < SMALLEST_GROUP:
        st.warning(
            t(
                "Fewer than five people rated some of these genes. Whoever was in the room may "
                "work out who gave which score. Discard this run if that could harm anybody."
            ),
            icon=":material/visibility:",
        )
    with st.form(f"save {room.run_id}"):
        reason = st.text_input(
            t("Why? This is kept with the release."),
            max_chars=LONGEST_REASON,
            key=f"reason {room.run_id}",
        )
        pressed = st.form_submit_button(
            t("Save and publish"), type="primary", icon=":material/publish:"
        )
    if pressed:
        _publish(room, occasion, reason.strip(), t)


def _what(room: Room, t: Words) -> list[str]:
    """What would be published, counted without showing any result. Plain text."""
    place = votes.here()
    lines = []
    for number in range(1, room.round + 1):
        found = tally.results(place, room, number)
        given = int(found.profile["n"].sum())
        if not given:
            continue
        ballots = t.plural("{n} ballot", "{n} ballots", found.turnout.voted)
        ratings = t.plural("{n} rating", "{n} ratings", given)
        rated = int((found.profile["n"] > 0).sum())
        genes = t.plural("{n} gene", "{n} genes", rated)
        said = t("{ballots}, {ratings} of {genes}.", ballots=ballots, ratings=ratings, genes=genes)
        if room.rounds > 1:
            said = t("Round {round}: {what}", round=number, what=said)
        lines.append(" ".join([said, *result.how_given(found, t)]))
        lines += _groups(room, found, t)
    if lines:
        lines.append(
            t(
                "Ballots that arrive within {n} seconds of closing count and are flagged; later "
                "ones are refused.",
                n=t.number(GRACE),
            )
        )
        lines.append(
            t(
                "They stand apart as workshop ratings and are merged with no others. Each person "
                "becomes a pseudonym drawn by chance; then the ballots are deleted here."
            )
        )
    return lines


def _fewest(room: Room) -> int:
    """How many rated the gene that fewest rated, of those that anybody did."""
    rounds = [tally.results(votes.here(), room, n).profile["n"] for n in range(1, room.round + 1)]
    return min(int(n) for rated in rounds for n in rated if n > 0)


def _groups(room: Room, found: tally.Results, t: Words) -> list[str]:
    if not room.ask_group:
        return []
    if room.tables:
        return [t("Tables are not published; they are in the slides.")]
    names = pages.group_names(room, t)
    shown = [names[str(each)] for each in found.groups["stakeholder_group"].unique()]
    if not shown:
        return [t("No groups: none that can be shown has five people.")]
    return [t("By group: {groups}.", groups=t.listed(shown))]


def _publish(room: Room, occasion: Occasion, reason: str, t: Words) -> None:
    if not reason:
        st.error(t("Say why in a few words, then save."), icon=":material/edit:")
        return
    place = votes.here()
    if room.stopped_at is not None and place.clock() - room.stopped_at < GRACE:
        st.warning(
            t("Ballots that were on their way still count for a few seconds. Then save again."),
            icon=":material/hourglass_top:",
        )
        return
    try:
        person = still_here()
        with st.spinner(t("Publishing…")):
            release = keep.save(
                place, room, datasets.store(), occasion, who=person.name, why=reason
            )
    except VotesError:
        st.error(
            t(
                "The ballots could not be read, or not be deleted after they were published. Save "
                "again in a few seconds: the same occasion is replaced, never doubled."
            ),
            icon=":material/error:",
        )
    except WorkshopError as error:
        st.error(md(why(error, t)), icon=":material/block:")
    except GcsDataError as error:
        trouble.say(error)
    else:
        st.session_state[_SAVED] = (room.run_id, release.number)
        st.rerun()


def say_saved(room: Room, t: Words) -> None:
    """That a run is published, and the way to it."""
    run_id, number = st.session_state.get(_SAVED, (0, 0))
    st.success(
        t("Published as release {number}. Everybody sees it now.", number=number)
        if run_id == room.run_id
        else t("This run is saved. Everybody sees its ratings."),
        icon=":material/check_circle:",
    )
    story = room.subject.story_id
    newest = datasets.today()
    occasion = tally.occasion_id(room, room.round)
    series = query.rating_series(datasets.frame("rating_counts", newest), story)
    if occasion not in set(series["occasion_id"]):
        occasion = tally.occasion_id(room, 1)  # Nobody voted in the second round.
    default = set(datasets.genes_in_order(newest, default_only=True))
    within = default >= {gene.gene_id for gene in room.genes}
    link(
        "story",
        t("See it on the story’s page"),
        icon=":material/visibility:",
        story=story,
        ratings=f"{tally.PROVENANCE}-{occasion}",
        genes=None if within else "all",
        # A desk that was opened on an older release must not lead to that one.
        release=str(newest) if datasets.asked() else None,
    )
