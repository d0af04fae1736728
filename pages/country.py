"""Country: what one country leads and has on record, beside its region and chosen peers."""

import streamlit as st

from ui import address, country_beside, country_page, datasets
from ui.cite import cite_this
from ui.early import done
from ui.escape import md
from ui.language import visitor_words
from ui.links import link

t = visitor_words()
names = datasets.country_names(t.language)
code = address.select(
    "country", t("Country"), names, placeholder=t("Type a few letters, or choose from the list")
)
if not code:
    st.title(t("Country"), anchor=False)
    st.markdown(t("Choose a country above, or begin with one that has most on record."))
    country_page.draw_most(t)
    done()

here = country_page.view(code)
st.title(md(names[code]), anchor=False)
st.caption(md(country_page.where(here, t)))
st.markdown(md(country_page.summary(here, t)))
with st.container(horizontal=True, vertical_alignment="center"):
    cite_this("country", [code], t("On record in {name}", name=names[code]), here.sources)
    link("world_map", t("See it on the map"), icon=":material/public:", country=code)
    link("plan", t("Could it work here?"), icon=":material/checklist:", country=code)
    country_page.take_away(here, t)

st.header(t("On record"), anchor="record")
if here.led.empty and here.records.empty:
    st.info(
        t(
            "Nothing is on record for {name} yet. That is not a no: our sources may not have said.",
            name=md(names[code]),
        ),
        icon=":material/info:",
    )
else:
    st.html(country_page.leads(here, t))
    st.html(country_page.records(here, t))

st.header(t("Beside its region and its peers"), anchor="beside")
peers = address.in_order(
    "peer",
    t("Peers to compare with"),
    names,
    most=country_page.MOST_PEERS,
    placeholder=t("Choose up to six countries"),
)
country_beside.draw(country_beside.view(code, peers, t), t)

st.header(t("What others have"), anchor="others")
country_page.draw_others(here, peers, t)

st.header(t("Events held here"), anchor="events")
st.html(country_page.events(here, t))
