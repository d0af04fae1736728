"""World map: where stories are on record, as a map, as tiles and as a list."""

import streamlit as st

from ui import address, country, datasets, embed, map_choice, spread, take_away
from ui.cite import cite_this
from ui.early import done
from ui.language import visitor_words

t = visitor_words()
if embed.wanted():
    embed.world(t)
    done()
st.title(t("World map"), anchor=False)
st.markdown(
    t(
        "Each mark is something on record: a country took part in a story, adopted it, became part "
        "of it as it grew, or built its own copy. No record does not mean no."
    )
)
shape, view = map_choice.ask(t)
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
