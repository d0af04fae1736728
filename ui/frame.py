"""The frame around every page: its settings, our own menu, the language and the release."""

from pathlib import Path

import streamlit as st

from gcs_data.errors import GcsDataError, near_misses
from ui import access, address, datasets, embed, language, parts, runs, since, trouble
from ui.address import carried
from ui.early import PageDone
from ui.escape import md
from ui.links import PAGES
from words import LANGUAGES

STYLE = Path(__file__).with_name("pages.css").read_text(encoding="utf-8")

runs.begin()
address.begin()
languages = today = None


def draw_links_to_this_view() -> None:
    """Draw what leads to this very view, in another language or release."""
    if languages:
        languages.html(parts.languages(t.language), width="content")
    if today:
        now = {name: st.query_params.get_all(name) for name in st.query_params}
        kept = {name: values for name, values in now.items() if name != "release"}
        today.page_link(page, label=t("Go to today"), icon=":material/today:", query_params=kept)


t = language.visitor_words()
# A page's icon would also be its favicon, which the browser fetches from a foreign host.
pages = {
    st.Page(PAGES / f"{name}.py", title=title, url_path=path, default=not path): icon
    for name, title, path, icon in (
        ("overview", t("Overview"), "", ":material/home:"),
        ("stories", t("Stories"), "stories", ":material/search:"),
        ("story", t("Story"), "story", ":material/genetics:"),
        ("compare", t("Compare"), "compare", ":material/compare_arrows:"),
        ("genome", t("Genome"), "genome", ":material/grid_on:"),
        ("world_map", t("World map"), "map", ":material/public:"),
        ("country", t("Country"), "country", ":material/flag:"),
        ("plan", t("Could it work here?"), "plan", ":material/checklist:"),
        ("norms", t("Norms and duties"), "norms", ":material/balance:"),
        ("partners", t("Partners and events"), "partners", ":material/handshake:"),
        ("methods", t("Methods and data"), "methods", ":material/menu_book:"),
        ("present", t("Present"), "present", ":material/co_present:"),
        ("manage", t("Manage data"), "manage", ":material/edit_note:"),
    )
}
page = st.navigation(list(pages), position="hidden")
runs.draws(page.url_path or "overview")
st.set_page_config(
    page_title=f"{page.title} · Good Cyber Stories",
    page_icon=str(PAGES.parent / "assets" / "favicon.svg"),
    layout="wide",
    initial_sidebar_state="collapsed",
)
st.html(f"<style>{STYLE}</style>")
embedded = embed.wanted()

if not embedded:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="menu"):
        for each, icon in pages.items():
            if not access.shows(each.url_path):
                continue
            label = f"**{each.title}**" if each.title == page.title else each.title
            st.page_link(each, label=label, icon=icon, query_params=carried(), help="")
        st.space("stretch")
        languages = st.empty()
        access.draw_signed_in(t)

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
    if gone := datasets.out_of_reach():
        trouble.say(gone)  # The page below shows the shipped data.
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
                + " "
                + md(since.sentence(datasets.release(), newest, t))
            )
            today = st.empty()
    draw_links_to_this_view()
    page.run()
    draw_links_to_this_view()  # The page has put the choices of this run into the address.
except PageDone:
    pass
except GcsDataError as error:
    trouble.say(error)
finally:
    runs.end()
