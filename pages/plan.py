"""Could it work here? A visitor's own context, and the stories whose demands fit it."""

import streamlit as st

from ui import address, parts, plan, plan_away, plan_chart, plan_said
from ui.cite import cite_this
from ui.early import done
from ui.escape import md
from ui.language import visitor_words

t = visitor_words()
st.title(t("Could it work here?"), anchor=False)
st.markdown(
    t(
        "Say how things stand where you are, gene by gene, and see which stories ask for little "
        "more than that, what they would still need, and who near you did it before. It is an aid "
        "for a conversation: it gives no score, and no score would be fair."
    )
)
context, genes = plan.ask(t)
cite_this("plan", [], t("Could it work here?"))
if context.illustrative:
    st.warning(
        t(
            "What stories rest on comes from made-up example ratings: nobody has published a "
            "score of any story. The list shows how this page works, and nothing about a story."
        ),
        icon=":material/science:",
    )

st.header(t("Stories that ask for little more"), anchor="stories")
if nothing := plan_said.nothing(context, t):
    st.info(nothing, icon=":material/info:")
    st.markdown(plan_said.facts_order(context, t))
    st.html(plan_said.by_facts(context, t))
    done()

found = plan.answer(context)
st.markdown(md(plan_said.summary(found, context, t)))
plan_away.take_away(found, context, genes, t)
if not context.country:
    st.caption(t("Choose a country above to see who near it did these stories before."))
st.html(plan_said.cards(found, context, genes, t))

st.header(t("Gene by gene"), anchor="genes")
story = address.select(
    "story",
    t("Story"),
    plan.compared(found, context),
    placeholder=t("The first of the list; choose another here"),
)
plan_chart.draw_story(context, story or found.first[0], genes, t)

st.header(t("What these stories had"), anchor="common")
parts.facts(plan_said.in_common(found, context, t))
st.caption(plan_said.rule(t))
