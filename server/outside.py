"""Everything around the Streamlit pages: our own addresses, and what every request passes."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

import settings
from server import api, health, printed, watching
from server.assets import (
    IMMUTABLE,
    REVALIDATE,
    Assets,
    CompressedAssets,
    Folder,
    OwnFiles,
    in_place,
)
from server.errors import ErrorPages
from server.headers import SecurityHeaders
from server.oidc import WayBack
from server.origins import SameOrigin
from server.preview import FirstPictures
from server.signin import Door
from server.watched import Watched
from workshop import phone, serving, site

# Streamlit's figures about itself, and its interface for programs. Neither is for visitors.
CLOSED = ("/_stcore/metrics", "/_stcore/agent/{rest:path}")
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def assets(root: Path, streamlit_files: Path) -> Assets:
    """The files that browsers load: Streamlit's own, whose names hold a hash, and ours."""
    return Assets(
        [
            Folder("/static/", streamlit_files / "static", IMMUTABLE),
            Folder("/", streamlit_files / "index.html", REVALIDATE),
            Folder("/assets/", root / "assets", REVALIDATE),
        ],
        cache=root / ".cache" / "assets",
    )


def routes(root: Path, served: Assets, door: Door) -> Sequence[BaseRoute]:
    """Our own addresses. They come before Streamlit's, which answers for everything else."""
    own = OwnFiles(directory=root / "assets")
    # The few icons that pages use, where the font is still the one that they were taken from.
    fonts = [font.name for font in (root / "assets" / "icons").glob("*.woff2")]
    return [
        *serving.routes(),  # First, because a room full of phones asks for nothing else.
        *health.routes(lambda: served.ready, watching.here().health),
        *(Route(path, _nothing_here, methods=METHODS) for path in CLOSED),
        api.mounted(),
        printed.route(),
        *door.routes(),
        *(in_place(own, f"icons/{font}", f"/static/media/{font}") for font in fonts),
        Mount("/assets", own),
    ]


def middleware(served: Assets, index: Path) -> Sequence[Middleware]:
    """What every request passes, outermost first."""
    hosts = settings.allowed_hosts()
    named = Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)
    return [
        Middleware(Watched, watch=watching.here()),
        Middleware(SecurityHeaders, index=index, frame_ancestors=settings.frame_ancestors()),
        *([named] if hosts else []),
        Middleware(SameOrigin),
        Middleware(phone.Shortcut, site=site.here),
        Middleware(ErrorPages),
        Middleware(WayBack),
        Middleware(FirstPictures, index=index),
        Middleware(CompressedAssets, assets=served),
    ]


async def _nothing_here(_request: Request) -> Response:
    raise HTTPException(404)


def greeting(option: Callable[[str], Any], door: Door) -> str:
    """What is printed when visitors may come, from Streamlit's own options."""
    address = option("server.address")
    host = "localhost" if address in {None, "", "0.0.0.0", "::"} else address
    origin = f"http://{host}:{option('server.port')}"
    lines = [f"Good Cyber Stories is ready: {origin}", *door.greeting(origin).splitlines()]
    return "\n" + "".join(f"  {line}\n" for line in lines)
