"""Story: one initiative, its DNA, where it spread, who is in it, and what is like it."""

import streamlit as st

from gcs_data import query
from ui import address, datasets, embed, library, lineage, parts, spread, story, take_away
from ui.cite import cite_this
from ui.dna import dna
from ui.early import done
from ui.escape import md
from ui.language import visitor_words
from ui.links import link

t = visitor_words()
if embed.wanted():
    embed.story(t)
    done()
titles = datasets.titles()
story_id = address.select(
    "story", t("Story"), titles, placeholder=t("Type a few letters, or choose from the list")
)
if not story_id:
    st.title(t("Story"))
    st.markdown(t("Choose one of {n} stories above, or begin with one of these.", n=len(titles)))
    st.html(library.cards(story.featured(), t, said="dominant"))
    done()

facts = story.record(story_id)
st.title(md(facts["title"]), anchor=False)
st.markdown(md(facts["summary"]))
st.caption(md(story.standing(facts, t)))
with st.container(horizontal=True, vertical_alignment="center"):
    cite_this("story", [story_id], facts["title"], [facts["source_url"]])
    link("compare", t("Compare with others"), icon=":material/compare_arrows:", story=story_id)
    take_away.story(story_id, t)
    story.print_link(story_id, t)
    embed.embed_this("story", facts["title"], t)

st.header(t("DNA"), anchor="dna")
dna(story_id)

st.header(t("Where it spread"), anchor="spread")
view = spread.View(
    datasets.release(),
    t.language,
    query.Selection(story_ids=(story_id,)),
    height=spread.height(480),
)
rows, _ = spread.selected(view)
if rows.empty:
    st.info(
        t("No country is on record for this story yet. That does not mean that there is none."),
        icon=":material/info:",
    )
else:
    spread.draw_map("spread", view, spread.sentence(view, t), t)
    st.html(spread.record_list(view, t))

st.header(t("Lineage"), anchor="lineage")
lineage.draw(story_id, t)

left, right = st.columns(2, gap="large")
with left:
    st.header(t("Facts"), anchor="facts")
    parts.facts(story.facts(story_id, t))
with right:
    st.header(t("How to replicate it"), anchor="replicate")
    parts.facts(story.guidance(story_id, t))
    st.header(t("Partners"), anchor="partners")
    st.html(story.partners(story_id, t))

st.header(t("Similar stories"), anchor="similar")
st.caption(
    t("Similar by facts: topics, kind of lead, region and published dominant genes. No ratings.")
)
st.html(story.similar(story_id, t))
