"""The Story view as anybody would write it: Plotly Express, and `st.cache_data` on the data.

What it shows is what is seen first on our page: title, facts, radar, dots with intervals, map and
table. Its widgets have the keys of ours, so that the same visitors can use it.
"""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.express as px
import streamlit as st

DATA = Path(os.environ["PEER_DATA"])
FACTS = ["lead_organisation", "lead_type", "lead_country_iso3", "year_started", "topics", "website"]


@st.cache_data
def load(name):
    """A dataset."""
    return pd.read_parquet(DATA / f"{name}.parquet")


@st.cache_data
def profile(story_id):
    """Mean, interval and counts of each gene."""
    counts = load("rating_counts")
    mine = counts[counts["story_id"] == story_id]
    genes = load("genes").query("in_default_dna").sort_values("position")
    rows = []
    for gene in genes.itertuples():
        scores = mine[mine["gene_id"] == gene.gene_id].groupby("score")["n"].sum()
        n = scores.sum()
        mean = (scores.index * scores).sum() / n if n else np.nan
        spread = np.sqrt((scores * (scores.index - mean) ** 2).sum() / max(n - 1, 1))
        half = 1.96 * spread / np.sqrt(n) if n else np.nan
        rows.append({"gene": gene.name, "mean": mean, "half": half, "n": n})
    return pd.DataFrame(rows)


@st.cache_data
def spread(story_id):
    """Where the story is on record."""
    rows = load("replications").query("story_id == @story_id")
    return rows.merge(load("countries")[["country_iso3", "name_en", "lat", "lon"]])


st.set_page_config(page_title="Story", layout="wide")
stories = load("stories").set_index("story_id")
# In the order of our page, so that the same visitors choose the same stories.
order = pd.DataFrame({"other": ~stories["official"], "title": stories["title"].str.casefold()})
stories = stories.loc[order.sort_values(["other", "title"]).index]
titles = stories["title"].to_dict()
story_id = st.selectbox("Story", list(titles), format_func=titles.get, key="address story")
facts = stories.loc[story_id]
st.title(facts["title"])
st.markdown(facts["summary"])
ratings, rows = profile(story_id), spread(story_id)

st.header("DNA")
left, right = st.columns(2)
with left:
    radar = px.line_polar(ratings, r="mean", theta="gene", line_close=True, range_r=[0, 5])
    radar.update_traces(fill="toself")
    st.plotly_chart(radar, key="radar")
with right:
    dots = px.scatter(ratings, x="mean", y="gene", error_x="half", size="n", range_x=[1, 5])
    st.plotly_chart(dots, key="dots")

st.header("Where it spread")
areas = px.choropleth(rows, locations="country_iso3", color="kind", hover_name="name_en")
points = px.scatter_geo(rows, lat="lat", lon="lon", color="kind", hover_name="name_en")
areas.add_traces(points.data)
st.plotly_chart(areas, key="map")
st.dataframe(rows.drop(columns=["lat", "lon"]), hide_index=True)

st.header("Facts")
for name in FACTS:
    if pd.notna(facts[name]):
        st.markdown(f"**{name}**: {facts[name]}")
