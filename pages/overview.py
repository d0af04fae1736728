"""Overview: what this is, in one screen."""

import streamlit as st

from gcs_data import query
from ui import datasets, library, parts, spread, story
from ui.language import visitor_words
from ui.links import link

t = visitor_words()
replications = datasets.frame("replications")
copies = replications[replications["kind"] == "replicated"]

st.title("Good Cyber Stories", anchor=False)
st.markdown(
    t(
        "Cyber projects that do good, what makes them work, and where they spread: an "
        "initiative of "
        "nine governments and the European Union. Find one that works somewhere like home, and "
        "replicate it."
    )
)
parts.figures(
    [
        (t.number(len(datasets.frame("stories"))), t("stories, each with its source")),
        (
            t.number(replications["country_iso3"].nunique()),
            t("countries and territories with a story on record"),
        ),
        (t.number(len(copies)), t("copies in the strict sense: built anew in another country")),
        (
            t.number(len(datasets.genes_in_order(default_only=True))),
            t("genes in the default DNA of a story"),
        ),
    ]
)
with st.container(horizontal=True, gap="medium"):
    link("stories", t("Find a story"), icon=":material/search:")
    link("story", t("See the DNA of a story"), icon=":material/genetics:")
    link("world_map", t("See where stories spread"), icon=":material/public:")
    link("methods", t("Read what the data do and do not say"), icon=":material/menu_book:")

left, right = st.columns([5, 3], gap="large")
with left:
    view = spread.View(datasets.release(), t.language, query.Selection(), height=spread.height(400))
    spread.draw_map("overview-map", view, spread.sentence(view, t), t)
with right:
    st.header(t("Three stories and their DNA"), anchor=False)
    st.html(library.cards(story.featured(), t, said="dominant"))
