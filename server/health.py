"""`/healthz`: for a proxy, a container or a test to ask whether pages can be served."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


def health(assets_ready: Callable[[], bool]) -> Route:
    """The route. It answers only after the warm start, because nothing is served before that."""

    async def healthz(_request: Request) -> JSONResponse:
        assets = "ready" if assets_ready() else "compressing"
        return JSONResponse(
            {"status": "ok", "assets": assets}, headers={"Cache-Control": "no-store"}
        )

    return Route("/healthz", healthz, methods=["GET"])
