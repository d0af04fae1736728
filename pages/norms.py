"""Norms and duties: what they mean, which stories act on them, and where there are gaps."""

import streamlit as st

from ui import address, claims, datasets, gaps, norms, spread
from ui.cite import cite_this
from ui.language import visitor_words

t = visitor_words()
st.title(t("Norms and duties"), anchor=False)
st.markdown(
    t(
        "The initiative's topics as a way in: what each means, which stories act on it and where. "
        "The map of gaps shows where none is on record yet, which does not mean that there is none."
    )
)
cite_this("norms", [], t("Norms and duties, and the gap map"))

st.header(t("Where the gaps are"), anchor="gaps")
left, right = st.columns([1, 2])
with left:
    region = address.select(
        "zoom", t("Zoom to"), spread.regions(t), placeholder=t("The five regions")
    )
with right:
    chosen = address.several("claim", t("What counts (none chosen: all five)"), claims.names(t))
view = gaps.view(region, chosen)
gaps.draw(view, t)

st.subheader(t("One field of the map"), anchor="field")
topic_column, place_column = st.columns(2)
with topic_column:
    topic = address.select(
        "duty", t("Topic"), datasets.topic_names(t), placeholder=t("Choose on the map or here")
    )
with place_column:
    place = address.select(
        "place", t("Region"), gaps.places(view, t), placeholder=t("Choose on the map or here")
    )
gaps.draw_field(view, topic, place, t)
gaps.draw_findings(t)

st.header(t("Duties"), anchor="duties")
st.caption(
    t("The paragraphs are working descriptions of our own; which story works on what is, too.")
)
st.html(norms.duties(t))

st.header(t("The six norms of the Global Commission"), anchor="commission")
norms.draw_commission(t)
