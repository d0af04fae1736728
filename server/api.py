"""The data API, `/api/v1/…`: the public datasets of a release and the questions, to read.

Answers are made in a few threads of their own, so that whoever takes everything away does not hold
up the pages. They may be read from any site's page: there is nothing to sign in to.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, Router
from starlette.types import Receive, Scope, Send

import gcs_data
import settings
from gcs_data import releases
from server import api_charts, api_data, api_datasets, api_openapi, api_questions
from server.api_asking import FORMATS, ROOT, Asked, Endpoint, accepted, read_query
from server.api_problems import MEDIA_TYPE, TRY_AGAIN, Problem, problem_of, shown, unknown
from server.negotiation import best_encoding, same_tag

READING = ("GET", "HEAD", "OPTIONS")
ALLOW = ", ".join(READING)
PINNED, NEWEST = "public, max-age=3600", "no-cache"
SMALLEST = 1024  # Below this, compression does not pay.
CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, GCS-Release, GCS-Provenance, Content-Disposition",
}
PREFLIGHT = CROSS_ORIGIN | {
    "Allow": ALLOW,
    "Access-Control-Allow-Methods": ALLOW,
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
THREADS = 4
_limiter: RunVar[CapacityLimiter] = RunVar("data API")


def _description(asked: Asked) -> Mapping[str, Any]:
    return _described(api_data.store(), asked.release, settings.illustrative())


@lru_cache(maxsize=4)
def _described(_place: gcs_data.Store, number: int, _illustrative: bool) -> Mapping[str, Any]:
    return api_openapi.description(ENDPOINTS, number)


ENDPOINTS = (
    *api_questions.ENDPOINTS,
    *api_datasets.ENDPOINTS,
    *api_charts.ENDPOINTS,
    Endpoint(
        f"{ROOT}/openapi.json",
        "openapi",
        "This description.",
        _description,
        {"type": "object"},
    ),
)


def mounted() -> Mount:
    """Every address under `/api`; one that there is not is answered here as well."""
    routes = [
        Route(address.removeprefix("/api"), Answering(endpoint, format))
        for endpoint in ENDPOINTS
        for address, format in endpoint.addresses()
    ]
    mount = Mount("/api", app=Router(routes, redirect_slashes=False, default=Answering()))
    # Starlette's own lets an address with a line break pass by.
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    return mount


class Answering:
    """The ASGI app of one address; without an endpoint, of every address that there is not."""

    def __init__(self, endpoint: Endpoint | None = None, format: str | None = None) -> None:
        self.endpoint = endpoint
        self.format = format

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope)
        limiter = _limiter.get(None)
        if limiter is None:
            limiter = CapacityLimiter(THREADS)
            _limiter.set(limiter)
        response = await to_thread.run_sync(self._answer, request, limiter=limiter)
        await response(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        """The answer; an error is one as well."""
        try:
            if self.endpoint is None:
                raise _nothing_here(request.url.path)
            if request.method == "OPTIONS":
                return Response(status_code=204, headers=PREFLIGHT)
            if request.method not in READING:
                raise Problem(
                    405,
                    "read_only",
                    f"The data API is for reading: {ALLOW}.",
                    allowed=list(READING),
                )
            return _sent(request, *_answered(request, self.endpoint, self.format))
        except Exception as error:  # Nobody outside would answer in the API's own form.
            return _refused(request, problem_of(error))


def _answered(
    request: Request, endpoint: Endpoint, ending: str | None
) -> tuple[bytes, dict[str, str]]:
    """The body of an answer, and its headers."""
    format = ending or accepted(request.headers.get("accept", ""), endpoint.formats)
    sent = request.query_params.multi_items()
    values = read_query(endpoint, format, sent)
    newest = gcs_data.current(api_data.store())
    number = newest if values["release"] is None else values["release"]
    if number > newest:
        _require_release(number)
    asked = Asked(endpoint, format, number, values, sent, request.path_params)
    headers = {
        "Content-Type": FORMATS[format] + ("; charset=utf-8" if format == "csv" else ""),
        "Cache-Control": NEWEST if values["release"] is None else PINNED,
        "Vary": "Accept, Accept-Encoding",
        "GCS-Release": str(number),
        "Link": f'<{ROOT}/openapi.json>; rel="service-desc"',
    }
    if format == "json":
        document = endpoint.document(asked)
        if document.get("next"):
            headers["Link"] += f', <{document["next"]}>; rel="next"'
        return _json(document), headers
    assert endpoint.file is not None
    # What a file cannot say in its columns, its name and its headers do.
    name = f"{endpoint.name}-release-{number}.{format}"
    headers["Content-Disposition"] = f'attachment; filename="{name}"'
    if provenances := endpoint.provenances(asked):
        headers["GCS-Provenance"] = ", ".join(provenances)
    return endpoint.file(asked), headers


def _require_release(number: int) -> None:
    """Raise for a release that there is not, or that nobody can open."""
    found = releases.release(api_data.store(), number)
    if found.damaged is not None:
        raise releases.damaged_error(found.damaged)


def _sent(request: Request, body: bytes, headers: dict[str, str]) -> Response:
    """The body as this client wants it: compressed, not at all, or only its headers."""
    # Of the body and not of the question: it stays right when the software changes.
    tag = hashlib.sha256(body).hexdigest()[:32]
    encoding = best_encoding(request.headers.get("accept-encoding", ""), ["gzip"])
    if encoding and len(body) >= SMALLEST and "parquet" not in headers["Content-Type"]:
        tag, headers["Content-Encoding"] = f"{tag}-gzip", "gzip"
    headers = CROSS_ORIGIN | headers | {"ETag": f'"{tag}"'}
    if same_tag(f'"{tag}"', request.headers.get("if-none-match", "")):
        kept = {n: v for n, v in headers.items() if not n.startswith("Content-")}
        return Response(status_code=304, headers=kept)
    if "Content-Encoding" in headers:
        body = gzip.compress(body, 5, mtime=0)
    return _whole(request, 200, body, headers)


def _refused(request: Request, problem: Problem) -> Response:
    headers = CROSS_ORIGIN | {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store"}
    headers |= TRY_AGAIN if problem.status == 503 else {}
    headers |= {"Allow": ALLOW} if problem.status == 405 else {}
    return _whole(request, problem.status, _json(problem.as_json()), headers)


def _whole(request: Request, status: int, body: bytes, headers: Mapping[str, str]) -> Response:
    head = {"Content-Length": str(len(body))}
    return Response(b"" if request.method == "HEAD" else body, status, {**headers, **head})


def _json(document: Mapping[str, Any]) -> bytes:
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode()


def _nothing_here(path: str) -> Problem:
    folder = f"{ROOT}/datasets/"
    name = path.removeprefix(folder)
    if name != path and name and "/" not in name:
        return api_datasets.no_such_dataset(shown(name))
    addresses = [endpoint.path for endpoint in ENDPOINTS if "{" not in endpoint.path]
    sentence = f"There is nothing at {shown(path)}. Start from {ROOT}."
    return unknown(404, "unknown_address", sentence, path, addresses)
