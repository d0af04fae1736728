"""Partners and events: who works with whom, and the summits and workshops on record."""

import streamlit as st

from ui import address, events, partners
from ui.cite import cite_this
from ui.early import done
from ui.language import visitor_words

t = visitor_words()

st.title(t("Partners and events"), anchor=False)
with st.container(horizontal=True, vertical_alignment="bottom"):
    shape = address.one_of("view", t("Show"), {"partners": t("Partners"), "events": t("Events")})
    cite_this("partners", [], t("Partners and events"))
if shape == "events":
    events.draw(t)
    done()

st.markdown(
    t(
        "Who works with whom on the stories. Choose a partner to see its stories and whom it meets "
        "there. Not every partner is on record."
    )
)
for name in address.ids("partner", partners.known())[:1]:
    partners.draw_neighbourhood(name, t)
    st.header(t("All partners"), anchor="all")
partners.draw_table(t)
