"""How a page ends before its last line."""

from typing import NoReturn


class PageDone(Exception):
    """There is nothing more to draw on this page; `ui.frame` goes on below it."""


def done() -> NoReturn:
    """End the page here. Not `st.stop()`: the frame could draw nothing more after that."""
    raise PageDone
