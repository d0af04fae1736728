"""Scripts, styles and map shapes, compressed once instead of never or every time.

Streamlit sends 7.5 MB of its own scripts as they are. Here every text file under the given folders
is compressed in the background, kept in memory, and kept on disk under the hash of its content,
so that the next start only reads. Until a file is ready, or where a browser wants it plain, the
request goes on to whoever would have answered it anyway.
"""

import gzip
import hashlib
import logging
import os
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import brotli
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.negotiation import best_encoding, same_tag

try:
    import fcntl
except ImportError:  # Windows, where two servers at once do the same work twice.
    fcntl = None  # type: ignore[assignment]

LOG = logging.getLogger("gcs")
IMMUTABLE = "public, immutable, max-age=31536000"
REVALIDATE = "no-cache"
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
SMALLEST = 1024  # Below this, headers weigh more than what is saved.


@dataclass(frozen=True)
class Folder:
    """Files that are served under an address, and how long a browser may keep them."""

    address: str
    path: Path
    caching: str


@dataclass(frozen=True)
class Asset:
    """One file as it is sent: its bodies by encoding grow while they are being made."""

    kind: str
    digest: str
    caching: str
    bodies: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Encoding:
    """A way to compress and to check what was compressed."""

    name: str
    compress: Callable[[bytes, bool], bytes]
    expand: Callable[[bytes], bytes]


# The second argument says whether the result is kept; only then is the slowest level worth it.
ENCODINGS = (
    Encoding(
        "gzip", lambda data, kept: gzip.compress(data, 9 if kept else 6, mtime=0), gzip.decompress
    ),
    Encoding(
        # One level below the slowest: half its work for 2 % more bytes.
        "br",
        lambda data, kept: brotli.compress(data, quality=10 if kept else 5),
        brotli.decompress,
    ),
)


class Assets:
    """The compressed files of some folders."""

    def __init__(self, folders: Sequence[Folder], cache: Path) -> None:
        self.folders = folders
        self.cache = cache
        self.by_address: dict[str, Asset] = {}
        self.ready = False
        self._keeps = True

    def start(self) -> None:
        """Compress in the background. The thread never delays a start or a stop."""
        threading.Thread(target=self.compress, name="compress-assets", daemon=True).start()

    def compress(self) -> None:
        """Compress everything: first quickly in gzip, then slowly and better in Brotli."""
        files = list(self._files())
        with self._alone():
            for encoding in ENCODINGS:
                for address, path, caching in files:
                    self._compress_one(encoding, address, path, caching)
        self.ready = True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one server at a time compress for a shared cache; the next one finds it done."""
        try:
            self.cache.mkdir(parents=True, exist_ok=True)
            lock = (self.cache / "lock").open("wb")
        except OSError:
            yield  # Nothing can be kept, so nothing is shared.
            return
        with lock:
            if fcntl is not None:
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _files(self) -> Iterator[tuple[str, Path, str]]:
        for folder in self.folders:
            if folder.path.is_file():
                yield folder.address, folder.path, folder.caching
                continue
            for path in sorted(folder.path.rglob("*")):
                if path.suffix in KINDS and path.is_file() and path.stat().st_size >= SMALLEST:
                    inside = path.relative_to(folder.path).as_posix()
                    yield f"{folder.address}{inside}", path, folder.caching

    def _compress_one(self, encoding: Encoding, address: str, path: Path, caching: str) -> None:
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()[:32]
        body = self._from_cache(encoding, digest)
        if body is None:
            body = encoding.compress(data, self._keeps)
            self._to_cache(encoding, digest, body)
        asset = self.by_address.get(address)
        if asset is None or asset.digest != digest:
            asset = Asset(KINDS[path.suffix], digest, caching)
        if len(body) < len(data):
            asset.bodies[encoding.name] = body
        self.by_address[address] = asset

    def _from_cache(self, encoding: Encoding, digest: str) -> bytes | None:
        """What was kept, if it is whole: a power cut can leave a file half written."""
        try:
            body = (self.cache / f"{digest}.{encoding.name}").read_bytes()
            data = encoding.expand(body)
        except (OSError, EOFError, zlib.error, brotli.error):
            return None
        return body if hashlib.sha256(data).hexdigest()[:32] == digest else None

    def _to_cache(self, encoding: Encoding, digest: str, body: bytes) -> None:
        if not self._keeps:
            return
        aside = self.cache / f"{digest}.{encoding.name}.{os.getpid()}"
        try:
            self.cache.mkdir(parents=True, exist_ok=True)
            aside.write_bytes(body)
            aside.replace(self.cache / f"{digest}.{encoding.name}")
        except OSError as problem:
            with suppress(OSError):
                aside.unlink()
            self._keeps = False
            LOG.info("Compressed files are kept in memory only: %s", problem.strerror)


class CompressedAssets:
    """ASGI middleware that answers for a compressed file when the browser can read it."""

    def __init__(self, app: ASGIApp, assets: Assets) -> None:
        self.app = app
        self.assets = assets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asset = self.assets.by_address.get(scope["path"]) if scope["type"] == "http" else None
        if asset is None or scope["method"] not in {"GET", "HEAD"}:
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        encoding = best_encoding(asked.get("accept-encoding", ""), list(asset.bodies))
        if encoding is None or "range" in asked:  # A range counts the bytes of the plain file.
            await self.app(scope, receive, _with_vary(send))
            return
        response = _response(asset, encoding, asked.get("if-none-match", ""))
        await response(scope, receive, send)


def _response(asset: Asset, encoding: str, known_tags: str) -> Response:
    tag = f'"{asset.digest}-{encoding}"'
    headers = {"ETag": tag, "Cache-Control": asset.caching, "Vary": "Accept-Encoding"}
    if same_tag(tag, known_tags):
        return Response(status_code=304, headers=headers)
    headers |= {"Content-Encoding": encoding, "Content-Type": asset.kind}
    return Response(asset.bodies[encoding], headers=headers)


def _with_vary(send: Send) -> Send:
    async def send_with_vary(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).add_vary_header("Accept-Encoding")
        await send(message)

    return send_with_vary


class OwnFiles(StaticFiles):
    """Our own assets. Their names stay the same, so a browser asks each time whether they did."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """Answer as Starlette does, and say that the browser must ask again."""
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = REVALIDATE
        return response


def in_place(files: OwnFiles, inside: str, address: str) -> Route:
    """Answer an address with one of our own files, whoever else would have answered it.

    Args:
        inside: Where the file is in `files`.
    """

    async def answer(request: Request) -> Response:
        return await files.get_response(inside, request.scope)

    return Route(address, answer, methods=["GET"])
