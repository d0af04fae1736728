"""Links between pages of the dashboard. Each keeps the language and the release."""

from pathlib import Path

import streamlit as st

from ui.address import carried

PAGES = Path(__file__).parents[1] / "pages"


def link(page: str, label: str, *, icon: str | None = None, **chosen: str | None) -> None:
    """A link to a page, e.g. `link("story", title, story="glacy")`. The label is Markdown."""
    st.page_link(PAGES / f"{page}.py", label=label, icon=icon, query_params=carried(**chosen))
