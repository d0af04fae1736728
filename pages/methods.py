"""Methods and data: definitions, sources, what is missing, how figures are computed, downloads."""

import streamlit as st

from ui import access, methods, quality
from ui.language import visitor_words

t = visitor_words()
st.title(t("Methods and data"), anchor=False)
st.markdown(
    t(
        "What the words mean, where the facts come from, what they do not prove, how every figure "
        "is computed, and all of it to take away."
    )
)

st.header(t("What a careful reader must know"), anchor="limits")
methods.limits(t)

st.header(t("The genes"), anchor="genes")
methods.genes(t)

st.header(t("The four kinds of record"), anchor="kinds")
methods.kinds(t)

st.header(t("How the figures are computed"), anchor="figures")
methods.figures(t)

st.header(t("The map"), anchor="map")
methods.geography(t)

st.header(t("What is missing"), anchor="missing")
quality.table(t)
methods.missing(t)

st.header(t("Take the data away"), anchor="data")
methods.downloads(t)

st.header(t("For programs"), anchor="api")
methods.api(t)

st.header(t("Releases"), anchor="releases")
methods.releases(t)

access.invite(t)
