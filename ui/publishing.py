"""Publishing what staff have seen: changes, pictures before and after, a reason, and the button.

What is published is bound to the release that the changes were computed on. A press of the button
carries that release, so that somebody else's publish in between is shown, never overwritten.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st

import gcs_data
from gcs_data import changes as data_changes
from gcs_data.changes import Changes
from gcs_data.errors import GcsDataError, PublishConflictError
from gcs_data.store import Release
from server import watching
from ui import access, changes, datasets, trouble
from ui.escape import md
from ui.links import link
from words import Words

LONGEST_REASON = 500
MOST_LINKS = 5
_DONE = "what was published"


@dataclass(frozen=True)
class Review:
    """What somebody is about to publish.

    Attributes:
        name: Tells one review from another: an upload's hash, a form, an undo. The same thing on
            another release is another review.
        base: The release that the changes were computed on.
        changes: What would change, by dataset.
        before, after: Each dataset as it is and as it would be.
        stories: The stories that change, for the pictures.
        publish: Publishes it for somebody, with a reason. Raises as `gcs_data.publish`.
    """

    name: str
    base: int
    changes: Mapping[str, Changes]
    before: Callable[[str], pd.DataFrame]
    after: Callable[[str], pd.DataFrame]
    stories: tuple[str, ...]
    publish: Callable[[str, str], Release]


def base_of(name: str) -> int:
    """The release to compute changes on: the one that was current when they were first shown."""
    base: int = st.session_state.setdefault(f"base of {name}", gcs_data.current(datasets.store()))
    return base


def begin_anew(name: str) -> None:
    """Let the next look at this begin on the release that is current then."""
    st.session_state.pop(f"base of {name}", None)


def draw(review: Review, role: str, t: Words) -> None:
    """Show a review and publish it when asked to, if the visitor still has the role."""
    if done(review.name, review.base, t):
        return
    newest = gcs_data.current(datasets.store())
    if newest != review.base:
        _say_overtaken(review, newest, t)
        return
    said = changes.heading(review.changes, t)
    if not said:
        st.info(t("Nothing differs from release {base}.", base=review.base), icon=":material/info:")
        return
    st.header(t("What will change"), anchor=False)
    st.markdown(md(said))
    changes.counts(review.changes, t)
    changes.rows(review.changes, t)
    changes.pictures(review.stories, review.before, review.after, t)
    with st.form(f"publish {review.name}"):
        reason = st.text_input(
            t("Why? This is kept with the release."),
            max_chars=LONGEST_REASON,
            key=f"reason {review.name}",
        )
        pressed = st.form_submit_button(
            t("Publish"), type="primary", icon=":material/publish:", key=f"go {review.name}"
        )
    if pressed:
        _publish(review, reason, role, t)


def _publish(review: Review, reason: str, role: str, t: Words) -> None:
    if not reason.strip():
        st.error(t("Say why in a few words, then publish."), icon=":material/edit:")
        return
    person = access.still(role)
    if person is None:
        st.error(
            t("You are no longer signed in, so nothing was published. Sign in and publish again."),
            icon=":material/lock:",
        )
        return
    try:
        with st.spinner(t("Publishing…")), watching.here().publishing():
            release = review.publish(person.name, reason.strip())
    except PublishConflictError as conflict:
        _say_overtaken(review, int(conflict.values["newest"]), t)
        return
    except GcsDataError as error:
        trouble.say(error)
        return
    st.session_state[_DONE] = (
        (review.name, review.base),
        release.number,
        review.stories[:MOST_LINKS],
    )
    st.rerun()


def done(name: str, base: int, t: Words) -> bool:
    """Say that this very review has been published, if it has."""
    published, number, stories = st.session_state.get(_DONE, (("", 0), 0, ()))
    if (name, base) != published:
        return False
    st.success(
        t("Published as release {number}. Everybody sees it now.", number=number),
        icon=":material/check_circle:",
    )
    titles = datasets.titles(number)
    for story in stories:
        if story in titles:
            link("story", md(titles[story]), icon=":material/visibility:", story=story)
    link(
        "manage",
        t("Its place in the history"),
        icon=":material/history:",
        part="history",
        version=str(number),
    )
    return True


def _say_overtaken(review: Review, newest: int, t: Words) -> None:
    """Somebody else was faster: what they changed, and the way to go on from there."""
    st.warning(
        t(
            "Release {newest} was published while you worked on release {base}. Nothing was "
            "overwritten. Look at what changed since, then go on from there.",
            newest=newest,
            base=review.base,
        ),
        icon=":material/group:",
    )
    found = data_changes.between(datasets.store(), review.base, newest)
    st.markdown(md(changes.heading(found, t)))
    changes.rows(found, t)
    st.button(
        t("Go on from release {newest}", newest=newest),
        type="primary",
        on_click=_go_on,
        args=(review.name, newest),
    )


def _go_on(name: str, newest: int) -> None:
    st.session_state[f"base of {name}"] = newest
