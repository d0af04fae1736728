"""Could it work here? A visitor's own context, and the stories whose demands fit it."""

import streamlit as st

import labels
from gcs_data import query
from ui import address, datasets, parts, plan, plan_away, plan_chart, plan_said
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
left, right = st.columns(2, gap="large")
with left:
    country = address.select(
        "country",
        t("Country"),
        datasets.country_names(t.language),
        placeholder=t("Where it would be; for who is near"),
    )
with right:
    known = query.known_topics(datasets.frame("stories"))
    topics = address.some_of(
        "topic",
        t("Topic"),
        {topic: labels.label(labels.topics(t), topic) for topic in known},
        placeholder=t("All topics"),
    )
provenance = plan.provenance(t)
levels, weights, genes = {}, {}, ()
if provenance:
    st.header(t("How things stand with you"), anchor="context")
    genes = plan.genes(t)
    if rooms := plan.rooms(t):
        room = address.select(
            "room",
            t("Begin with what a workshop room said"),
            rooms,
            placeholder=t("Only what you say below"),
        )
        levels = plan.of_room(room, genes) if room else {}
    st.caption(t("From 1, absent, to 5, as strong as can be. What you do not say is left out."))
    levels |= plan.ask_levels(genes, t)
    weights = plan.ask_weights(genes, t)
context = plan.Context(
    datasets.release(),
    t.language,
    provenance,
    tuple(levels.items()),
    tuple(weights.items()),
    tuple(topics),
    country,
)
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
nothing = None
if not provenance:
    nothing = t("Nobody has rated any story yet, so their demands cannot be compared with yours.")
elif not levels:
    nothing = t("Say above how at least one gene stands with you.")
elif not context.has_weight:
    nothing = t("Nothing that you said has any weight. Let at least one gene count.")
elif not plan.answer(context).first:
    nothing = t(
        "No story here has been rated on enough of what you said. Say less, or take a topic away."
    )
if nothing:
    st.info(nothing, icon=":material/info:")
    st.markdown(plan_said.facts_order(context, t))
    st.html(plan_said.by_facts(context, t))
    done()

found = plan.answer(context)
st.markdown(md(plan_said.summary(found, context, t)))
plan_away.take_away(found, context, genes, t)
if not country:
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
