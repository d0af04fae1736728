"""The script that draws the projector's charts: Plotly's own, as it ships in its package."""

import threading
from functools import cache
from pathlib import Path

import plotly
from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from server.assets import ENCODINGS, IMMUTABLE, KINDS
from server.negotiation import best_encoding

FILE = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
NAME = f"plotly-{plotly.__version__}.min.js"  # Another version is another address.
_one_at_a_time = threading.Lock()


async def script(request: Request) -> Response:
    """The script, compressed once for each encoding when a browser first asks for it.

    Where the package has none, 404: the page shows tables then.
    """
    if not FILE.is_file():
        raise HTTPException(404)
    headers = {"Cache-Control": IMMUTABLE, "Vary": "Accept-Encoding"}
    offered = [each.name for each in ENCODINGS]
    encoding = best_encoding(request.headers.get("accept-encoding", ""), offered)
    if encoding is None:
        return FileResponse(FILE, headers=headers, media_type=KINDS[".js"])
    body = await to_thread.run_sync(_once, encoding)
    return Response(body, headers=headers | {"Content-Encoding": encoding}, media_type=KINDS[".js"])


def _once(encoding: str) -> bytes:
    with _one_at_a_time:
        return _compressed(encoding)


@cache
def _compressed(name: str) -> bytes:
    """In the quick way, a quarter of a second: a room may be waiting, and another one voting."""
    encoding = next(each for each in ENCODINGS if each.name == name)
    return encoding.compress(FILE.read_bytes(), False)
