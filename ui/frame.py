"""The frame around every page: its settings, our own menu, the language and the release."""

from pathlib import Path

import streamlit as st

from gcs_data.errors import GcsDataError, near_misses
from ui import datasets, language, parts, trouble
from ui.address import carried
from ui.escape import md
from ui.links import PAGES
from words import LANGUAGES

STYLE = Path(__file__).with_name("pages.css").read_text(encoding="utf-8")

t = language.visitor_words()
# A page's icon would also be its favicon, which the browser fetches from a foreign host.
pages = {
    st.Page(PAGES / f"{name}.py", title=title, url_path=path, default=not path): icon
    for name, title, path, icon in (
        ("overview", t("Overview"), "", ":material/home:"),
        ("story", t("Story"), "story", ":material/genetics:"),
        ("world_map", t("World map"), "map", ":material/public:"),
        ("methods", t("Methods and data"), "methods", ":material/menu_book:"),
    )
}
page = st.navigation(list(pages), position="hidden")
st.set_page_config(
    page_title=f"{page.title} · Good Cyber Stories",
    page_icon=str(PAGES.parent / "assets" / "favicon.svg"),
    layout="wide",
    initial_sidebar_state="collapsed",
)
st.html(f"<style>{STYLE}</style>")
embedded = st.query_params.get("embed") == "true"

if not embedded:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="menu"):
        for each, icon in pages.items():
            label = f"**{each.title}**" if each.title == page.title else each.title
            st.page_link(each, label=label, icon=icon, query_params=carried(), help="")
        st.space("stretch")
        st.html(parts.languages(t.language), width="content")

if (asked := language.asked()) and asked not in LANGUAGES:
    near = near_misses(asked, LANGUAGES) or list(LANGUAGES)
    st.warning(
        t(
            "There is no language “{asked}” here. There is {known}.",
            asked=md(asked[:40]),
            known=t.listed([f"{LANGUAGES[code]} ({code})" for code in near]),
        ),
        icon=":material/translate:",
    )

try:
    newest = datasets.today()
    if (number := datasets.asked()) and not datasets.is_known(number):
        st.warning(
            t(
                "There is no release “{number}”. This is the newest, release {newest}.",
                number=md(number[:40]),
                newest=newest,
            ),
            icon=":material/history:",
        )
    elif datasets.release() != newest:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key="past"):
            st.markdown(
                t(
                    ":material/history: You are looking at the past: release {number}. "
                    "The newest is release {newest}.",
                    number=datasets.release(),
                    newest=newest,
                )
            )
            today = {k: v for k, v in st.query_params.to_dict().items() if k != "release"}
            st.page_link(page, label=t("Go to today"), icon=":material/today:", query_params=today)
    page.run()
except GcsDataError as error:
    trouble.say(error)
