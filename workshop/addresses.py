"""Where phones find a room: the public address if somebody said one, else this machine's own."""

import socket
from dataclasses import dataclass

import settings

HERE = ("localhost", "127.0.0.1", "::1")
EVERYWHERE = (None, "", "0.0.0.0", "::")
# An address for examples (RFC 5737). Nothing is sent: the system only says which way it would go.
SOMEWHERE = ("192.0.2.1", 9)


@dataclass(frozen=True)
class Address:
    """An address of ours.

    Attributes:
        url: The whole of it.
        basis: How it is known: "public" (GCS_PUBLIC_URL), "network" (this machine's address in
            its network), or "here": no other machine reaches it.
    """

    url: str
    basis: str

    @property
    def short(self) -> str:
        """As somebody types it."""
        return self.url.partition("://")[2]


def phone_address(code: str = "", *, port: int, listening: str | None) -> Address:
    """Where phones vote: `/vote/CODE`, or `/vote` without a code.

    Args:
        code: The room's.
        port: The server's, where there is no public address.
        listening: What the server listens on, as Streamlit's option `server.address` says.
    """
    path = f"/vote/{code}".rstrip("/")
    if public := settings.public_url():
        return Address(public + path, "public")
    if listening in HERE:
        return Address(f"http://localhost:{port}{path}", "here")
    host = own_address() if listening in EVERYWHERE else listening
    if host is None:
        return Address(f"http://localhost:{port}{path}", "here")
    shown = f"[{host}]" if ":" in host else host
    return Address(f"http://{shown}:{port}{path}", "network")


def screen_address(code: str, key: str) -> str:
    """Where the desk sends the projector, beside its own page; see `workshop.voters`."""
    return f"./screen/{code}?key={key}"


def own_address() -> str | None:
    """This machine's address in its network; None if it is in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(SOMEWHERE)
            host: str = asked.getsockname()[0]
        except OSError:
            return None
    return None if host.startswith("127.") or host == "0.0.0.0" else host
