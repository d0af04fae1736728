"""The small font in place of Streamlit's: a missing icon would be its name in letters on a page."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from server import outside
from server.signin import Door
from tools import icon_font

AGAIN = "python tools/icon_font.py writes it anew."


def read(path):
    with TTFont(path) as font:
        return icon_font.icons(font)


@pytest.fixture(scope="module")
def small():
    [path] = icon_font.FOLDER.glob("*.woff2")
    return path


def test_it_stands_for_the_font_of_the_streamlit_that_is_installed(small):
    assert small.name == icon_font.streamlit_font().name, AGAIN
    assert small.stat().st_size < icon_font.streamlit_font().stat().st_size / 5


def test_it_draws_every_icon_that_pages_or_streamlit_name(small):
    whole, kept = read(icon_font.streamlit_font()), read(small)

    assert icon_font.named_here() <= set(whole), "Streamlit has no icon of this name."
    wanted = icon_font.named_here() | icon_font.named_by_streamlit(set(whole))
    assert len(wanted) > 100
    assert wanted - set(kept) == set(), AGAIN
    # The same name is the same picture.
    assert {name: whole[name] for name in wanted} == {name: kept[name] for name in wanted}


def test_the_server_answers_with_it_and_a_browser_asks_each_time_whether_it_changed(ask, small):
    async def whole(_request):
        return PlainTextResponse("the whole font")

    root = Path(outside.__file__).parents[1]
    own = outside.routes(root, outside.assets(root, root), Door("localhost"))
    streamlit = [Route("/static/media/{name}", whole)]
    app = Starlette(routes=[*own, Mount("/", routes=streamlit)])

    answer = ask(app, f"/static/media/{small.name}")
    again = ask(app, f"/static/media/{small.name}", if_none_match=answer.headers["etag"])

    assert answer.body == small.read_bytes()
    assert answer.headers["content-type"] == "font/woff2"
    assert answer.headers["cache-control"] == "no-cache"
    assert again.status == 304
    # That of another Streamlit is left alone.
    assert ask(app, "/static/media/MaterialSymbols-Rounded.other.woff2").text == "the whole font"
