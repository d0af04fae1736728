"""Compare: two to four stories side by side."""

import streamlit as st

from ui import address, compare, datasets, library, story, take_away
from ui.cite import cite_this
from ui.early import done
from ui.language import visitor_words

t = visitor_words()
titles = datasets.titles()

st.title(t("Compare"), anchor=False)
chosen = address.in_order(
    "story",
    t("Two to four stories"),
    titles,
    most=4,
    placeholder=t("Type a few letters, or choose from the list"),
)
if len(chosen) < 2:
    st.info(
        t("Choose one more story to compare it with.")
        if chosen
        else t("Choose two stories or more, up to four."),
        icon=":material/info:",
    )
    others = [each for each in story.featured() if each not in chosen]
    st.html(library.cards(others, t, beside=chosen))
    done()

with st.container(horizontal=True, vertical_alignment="center"):
    cite_this("comparison", chosen, t.listed([titles[each] for each in chosen]))
    take_away.comparison(chosen, t)
st.header(t("DNA"), anchor="dna")
compare.dna(chosen, t)

st.header(t("Facts"), anchor="facts")
st.html(compare.facts(chosen, t))

st.header(t("Where they spread"), anchor="spread")
compare.reach(chosen, t)
