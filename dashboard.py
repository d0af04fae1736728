"""What you run: `streamlit run dashboard.py`.

A Starlette app with our own addresses, headers and warm start, and the Streamlit pages of
ui/frame.py mounted at `/`. Streamlit finds `app` by its name; it reads .streamlit/config.toml
beside this file from whatever folder it is started in.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.applications import Starlette
from starlette.routing import Mount

import settings
from server import errors, memory, outside, watched
from ui import access
from ui.trouble import on_script_error
from workshop import serving, site

ROOT = Path(__file__).resolve().parent
FRAME = ROOT / "ui" / "frame.py"
STREAMLIT_FILES = Path(st.__file__).parent / "static"

logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
try:
    settings.check()
    door = access.door()
    site.check()
except settings.SettingError as problem:
    raise SystemExit(str(problem)) from None

pages = st.App(FRAME, on_script_error=on_script_error, exception_handlers=errors.HANDLERS)
assets = outside.assets(ROOT, STREAMLIT_FILES)


@asynccontextmanager
async def lifespan(outer: Starlette) -> AsyncIterator[None]:
    """Serve nobody before everything is imported, loaded and warm."""
    compile(FRAME.read_bytes(), FRAME, "exec")  # Streamlit would show a visitor the faulty line.
    async with pages.lifespan()(outer):
        from ui.warm import warm  # Streamlit's caches want its runtime to be there first.

        warm()
        assets.start()
        seconds = settings.collect_seconds()
        async with memory.collected_every(seconds), serving.running(), watched.running():
            print(outside.greeting(st.get_option, door), flush=True)
            yield


app = Starlette(
    routes=[*outside.routes(ROOT, assets, door), Mount("/", app=pages)],
    middleware=outside.middleware(assets, STREAMLIT_FILES / "index.html"),
    exception_handlers=errors.HANDLERS,
    lifespan=lifespan,
)
