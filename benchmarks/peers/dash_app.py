"""The same radar, map and table in Dash, as its guide says: one callback, data in memory."""

import os
from pathlib import Path

import pandas as pd
import plotly.express as px
from dash import Dash, Input, Output, dash_table, dcc, html

DATA = Path(os.environ["PEER_DATA"])
stories, counts, genes, replications, countries = (
    pd.read_parquet(DATA / f"{name}.parquet")
    for name in ("stories", "rating_counts", "genes", "replications", "countries")
)
titles = stories.set_index("story_id")["title"].to_dict()
named = genes[genes["in_default_dna"]].sort_values("position").set_index("gene_id")["name"]
places = countries[["country_iso3", "name_en"]]

app = Dash(__name__)
server = app.server
app.layout = html.Div(
    [
        dcc.Dropdown(titles, next(iter(titles)), id="story"),
        html.H1(id="title"),
        dcc.Graph(id="radar"),
        dcc.Graph(id="map"),
        dash_table.DataTable(id="table"),
    ]
)


@app.callback(
    Output("title", "children"),
    Output("radar", "figure"),
    Output("map", "figure"),
    Output("table", "data"),
    Input("story", "value"),
)
def show(story_id):
    """Everything that depends on the story."""
    mine = counts[(counts["story_id"] == story_id) & counts["gene_id"].isin(named.index)]
    sums = mine.assign(total=mine["score"] * mine["n"]).groupby("gene_id")[["total", "n"]].sum()
    means = (sums["total"] / sums["n"]).reindex(named.index)
    radar = px.line_polar(r=means, theta=named, line_close=True, range_r=[0, 5])
    rows = replications[replications["story_id"] == story_id].merge(places)
    world = px.choropleth(rows, locations="country_iso3", color="kind", hover_name="name_en")
    table = rows.astype(object).where(rows.notna(), None).to_dict("records")
    return titles[story_id], radar, world, table
