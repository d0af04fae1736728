"""Every release, what it changed, and how to undo it."""

from html import escape

import pandas as pd
import streamlit as st

import gcs_data
from gcs_data import changes as data_changes
from gcs_data.errors import GcsDataError
from gcs_data.store import Release
from ui import address, changes, datasets, parts, trouble
from ui.escape import md
from ui.links import link
from words import Words


def draw(t: Words) -> Release | None:
    """The list of releases, and the one that was chosen from it with what it changed."""
    known = {str(release.number): release for release in gcs_data.history(datasets.store())}
    st.dataframe(
        _table(list(known.values()), t),
        hide_index=True,
        placeholder="–",
        alt=t("All releases, the newest first"),
    )
    chosen = address.select(
        "version",
        t("Release"),
        {number: _named(release, t) for number, release in known.items()},
        placeholder=t("Choose one to see what it changed"),
    )
    if not chosen:
        return None
    release = known[chosen]
    try:
        _one(release, t)
    except GcsDataError as error:
        trouble.say(error)
        return None
    return release


def _named(release: Release, t: Words) -> str:
    about = release.why or (t("the shipped data") if release.number == 0 else t("damaged"))
    return t("Release {number}: {about}", number=release.number, about=about)


def _table(releases: list[Release], t: Words) -> pd.DataFrame:
    return pd.DataFrame(
        {
            t("Release"): [release.number for release in releases],
            t("When (UTC)"): [_when(release) for release in releases],
            t("Who"): [release.who for release in releases],
            t("Why"): [_named(release, t).split(": ", 1)[1] for release in releases],
            t("File"): [release.file_name for release in releases],
            t("Rows"): [
                sum(entry["rows"] for entry in release.datasets.values()) for release in releases
            ],
        }
    )


def _when(release: Release) -> str:
    return release.when[:16].replace("T", " ")


def _one(release: Release, t: Words) -> None:
    st.subheader(t("Release {number}", number=release.number), anchor=False)
    facts = [
        (t("When (UTC)"), _when(release)),
        (t("Who"), release.who),
        (t("Why"), release.why),
        (t("File"), release.file_name or ""),
        (t("SHA-256 of the file"), release.file_sha256 or ""),
        (t("Made from release"), "" if release.base is None else str(release.base)),
    ]
    parts.facts([(name, escape(value)) for name, value in facts])
    st.caption(
        md(
            t(
                "Rows: {counts}.",
                counts=t.listed(
                    [
                        t("{name} {n}", name=name, n=t.number(entry["rows"]))
                        for name, entry in release.datasets.items()
                    ]
                ),
            )
        )
    )
    link(
        "overview",
        t("Look at this release"),
        icon=":material/visibility:",
        release=str(release.number),
    )
    if release.base is not None:
        found = data_changes.between(datasets.store(), release.base, release.number)
        st.markdown(md(t("What it changed. {changes}", changes=changes.heading(found, t))))
        changes.rows(found, t)
