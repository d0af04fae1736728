"""What is on record in one country."""

import pandas as pd
import streamlit as st

import labels
from gcs_data import query
from ui import datasets, parts
from ui.cite import cite_this
from ui.escape import md
from ui.links import link
from ui.spread import View, places
from words import Words


def draw(code: str, fitting: pd.DataFrame, view: View, t: Words) -> None:
    """Everything on record in a country, whatever the filters; and how much of it they leave.

    Args:
        code: The country.
        fitting: The replications that fit the page's filters.
    """
    country = places(view).loc[code]
    name = md(country["name"])
    replications = datasets.frame("replications")
    here = replications[replications["country_iso3"] == code]
    led = datasets.frame("stories")["lead_country_iso3"] == code
    st.subheader(name, anchor=False)
    sources = here["source_url"].dropna().unique().tolist()
    cite_this("country", [code], t("On record in {name}", name=country["name"]), sources)
    if isinstance(country["region"], str):
        st.caption(md(datasets.region_names(t.language)[country["region"]]))
    link(
        "country",
        t("Beside its region and peers, and what those have"),
        icon=":material/flag:",
        country=code,
    )
    if here.empty and not led.any():
        st.info(
            t(
                "Nothing is on record for {name} yet. That is not a no: our sources may not "
                "have said.",
                name=name,
            ),
            icon=":material/info:",
        )
        return
    fit = int((fitting["country_iso3"] == code).sum())
    if fit < len(here):
        st.caption(
            t.plural(
                "{fit} of {n} record fits the filters above; all are listed.",
                "{fit} of {n} records fit the filters above; all are listed.",
                len(here),
                fit=t.number(fit),
            )
        )
    if led.any():
        _led(datasets.frame("stories")[led], t)
    st.html(
        parts.record_lists(
            query.dated_list(here),
            names=datasets.titles(),
            column="story_id",
            page="story",
            kinds=labels.kinds(t),
            t=t,
        )
    )


def _led(stories: pd.DataFrame, t: Words) -> None:
    items = "".join(
        f"<li>{parts.inside('story', row.title, story=row.story_id)} "
        f'<span class="gcs-soft">({parts.source(row.source_url, t)})</span></li>'
        for row in query.rows(stories.sort_values("title"))
    )
    st.markdown("**" + t("Leads") + "**")
    st.html(f'<ul class="gcs-list">{items}</ul>')
