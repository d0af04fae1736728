"""Stories: find one by searching, by narrowing down, or by looking through."""

import streamlit as st

from ui import address, library
from ui.early import done
from ui.language import visitor_words

t = visitor_words()

st.title(t("Stories"), anchor=False)
asked = address.text(
    "q",
    t("Search"),
    placeholder=t("A title, a word, an organisation, a country, a partner, a topic"),
    most=120,
)
found = library.found(asked, t)
fitting = library.narrowed(found, t)
shape = address.one_of("view", t("Show as"), {"cards": t("Cards"), "table": t("Table")})

st.markdown(library.how_many(fitting, asked, t))
if not fitting:
    st.info(
        t("Take a word or a choice away, or begin again with all stories."),
        icon=":material/info:",
    )
    st.html(library.all_stories(t))
    done()

if shape == "cards":
    library.draw_cards(fitting, t)
else:
    library.draw_table(fitting, t)
