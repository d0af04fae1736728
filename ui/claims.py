"""What ties stories to countries, looked up once per release; and what each claim is called."""

import pandas as pd
import streamlit as st

import labels
from gcs_data import country_record
from ui import datasets
from words import Words


def known(release: int | None = None) -> pd.DataFrame:
    """Every claim of a release, the visitor's unless one is named, as `country_record.claims`."""
    return _known(datasets.release() if release is None else release)


@st.cache_resource(show_spinner=False, max_entries=16)
def _known(release: int) -> pd.DataFrame:
    return country_record.claims(
        datasets.frame("stories", release),
        datasets.frame("replications", release),
        datasets.frame("countries", release),
    )


def names(t: Words) -> dict[str, str]:
    """What each claim is called, from the lead to the strongest kind."""
    return {country_record.LED: t("Leads")} | labels.kinds(t)
