"""World map: where stories are on record, as a map, as tiles and as a list."""

import streamlit as st

import labels
from gcs_data import query
from ui import address, context, country, datasets, embed, spread, take_away
from ui.cite import cite_this
from ui.early import done
from ui.language import visitor_words

t = visitor_words()
if embed.wanted():
    embed.world(t)
    done()
kinds, topics = labels.kinds(t), labels.topics(t)

st.title(t("World map"), anchor=False)
st.markdown(
    t(
        "Each mark is something on record: a country took part in a story, adopted it, became part "
        "of it as it grew, or built its own copy. No record does not mean no."
    )
)
with st.container(horizontal=True, gap="large"):
    shape = address.one_of(
        "view", t("Show as"), {"map": t("Map"), "tiles": t("Tiles"), "list": t("List")}
    )
    chosen_kinds = address.several("kind", t("Kind of record (none chosen: all four)"), kinds)
    layer = context.ask(t)
first, second, third, fourth = st.columns(4)
with first:
    story_id = address.select("story", t("Story"), datasets.titles(), placeholder=t("All stories"))
with second:
    known_topics = query.known_topics(datasets.frame("stories"))
    chosen_topics = address.some_of(
        "topic",
        t("Topic"),
        {topic: labels.label(topics, topic) for topic in known_topics},
        placeholder=t("All topics"),
    )
with third:
    years = datasets.frame("replications")["year"].dropna().unique()
    year = address.select(
        "year",
        t("Year"),
        {str(each): str(each) for each in sorted(years, reverse=True)},
        placeholder=t("All years"),
    )
with fourth:
    region = shape == "map" and address.select(
        "region", t("Zoom to"), spread.regions(t), placeholder=t("The world")
    )
only = year and address.one_of(
    "when", t("Time"), {"upto": t("Up to {year}", year=year), "in": t("In {year} only", year=year)}
)
view = spread.View(
    datasets.release(),
    t.language,
    query.Selection(
        kinds=tuple(chosen_kinds),
        topics=tuple(chosen_topics),
        story_ids=(story_id,) if story_id else (),
        year=int(year) if year else None,
        cumulative=only != "in",
    ),
    country=address.chosen("country", datasets.country_names(t.language)),
    region=region or "",
    height=spread.height(560),
    layer=layer,
)
rows, _ = spread.selected(view)
sentence = spread.sentence(view, t)
if rows.empty:
    st.info(
        t("Nothing on record fits this choice. Take a filter away to see more."),
        icon=":material/info:",
    )

if shape == "map":
    spread.draw_map("world", view, sentence, t)
elif shape == "tiles":
    spread.draw_tiles(view, sentence, t)
else:
    spread.draw_list(view, sentence, t)

with st.container(horizontal=True, vertical_alignment="center"):
    cite_this("map", [], spread.map_title(view, t))
    take_away.world(view, sentence, t)
    embed.embed_this("map", spread.map_title(view, t), t)
st.header(t("One country"), anchor="country")
code = address.select(
    "country",
    t("Country"),
    datasets.country_names(t.language),
    placeholder=t("Choose a country on the map, on the tiles or here"),
)
if code:
    country.draw(code, rows, view, t)
