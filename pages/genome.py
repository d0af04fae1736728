"""Genome: all stories by all genes, groups of similar stories, and how far raters agree."""

import streamlit as st

from ui import address, genome, genome_agreement, genome_groups
from ui.cite import cite_this
from ui.language import visitor_words

t = visitor_words()

st.title(t("Genome"), anchor=False)
st.markdown(
    t(
        "What do the stories have in common? All of them by all genes, which are alike in what is "
        "known of them, and how far the people who rated them agree."
    )
)
with st.container(horizontal=True, vertical_alignment="bottom"):
    shape = address.one_of(
        "view",
        t("Show"),
        {
            "stories": t("Stories by genes"),
            "groups": t("Groups of stories"),
            "agreement": t("How far raters agree"),
        },
    )
    cite_this("genome", [], t("The genome of the stories"))

if shape == "stories":
    genome.draw_stories(t)
elif shape == "groups":
    genome_groups.draw(t)
else:
    genome_agreement.draw(t)
