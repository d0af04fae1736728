"""Where phones join, as the projector shows it: an address, and the same as a QR code."""

import socket
from io import BytesIO

import segno
from starlette.requests import Request

from server.headers import HOST
from workshop.addresses import HERE, Address, own_address, phone_address

PATIENCE = 0.5  # Seconds; this machine answers itself at once or not at all.


def joining(request: Request, code: str) -> Address:
    """Where phones find a room. May wait for half a second.

    Whether other machines reach this server is tried and not guessed: it answers at this machine's
    address in the network, or it listens for this machine only. Then a proxy's name, by which the
    projector came, is what phones can use too.
    """
    port = (request.scope.get("server") or ("", None))[1]
    reached = port is not None and _answers(own_address(), port)
    found = phone_address(code, port=port or 80, listening=None if reached else HERE[0])
    netloc = request.url.netloc
    if found.basis != "here" or request.url.hostname in HERE or not HOST.fullmatch(netloc):
        return found
    return Address(f"{request.url.scheme}://{netloc}/vote/{code}", "network")


def _answers(host: str | None, port: int) -> bool:
    if host is None:
        return False
    try:
        socket.create_connection((host, port), PATIENCE).close()
    except OSError:
        return False
    return True


def qr(address: str) -> str:
    """An address as a QR code: an SVG element as large as what it stands in.

    Black on white with its quiet zone whatever the theme: many phones read nothing else.
    """
    file = BytesIO()
    segno.make(address, error="m", micro=False).save(
        file, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=4, dark="#000",
        light="#fff", svgclass=None, lineclass=None,
    )  # fmt: skip
    return file.getvalue().decode()
