"""What browser tests ask of a page: has it settled, does it fit, what did it cost?"""

from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

ROOM = "room.test"  # Our server under a name that is not localhost: plain HTTP, as in a room.

SETTLED = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    return app
        && app.dataset.testConnectionState === "CONNECTED"
        && app.dataset.testScriptState === "notRunning"
        && document.querySelector('[data-testid="stMain"] [data-testid="stElementContainer"]')
        && !document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]')
        && [...document.querySelectorAll('[data-testid="stPlotlyChart"]')].every(
            chart => chart.querySelector(".main-svg"));
}"""

WIDER = """() => [document.scrollingElement, ...document.querySelectorAll('[data-testid="stMain"]')]
    .filter(e => e.scrollWidth > e.clientWidth + 1)
    .map(e => `${e.dataset.testid ?? e.tagName}: ${e.scrollWidth} in ${e.clientWidth}`)"""


def settled(page, timeout=20_000):
    """Wait until the page's script has ended and everything it drew is there."""
    page.wait_for_function(SETTLED, timeout=timeout)
    return page


def no_sideways_scroll(page):
    """Fail if the page, as a whole, is wider than the window."""
    assert page.evaluate(WIDER) == []


@dataclass
class Transfer:
    """Bytes that came over the wire, headers included, by path."""

    by_path: dict = field(default_factory=dict)

    @property
    def total(self):
        return sum(self.by_path.values())


@contextmanager
def transferred(page):
    """Count what the browser loads over HTTP inside the `with`, from an empty cache.

    On localhost a browser takes Brotli; `browse(server, host=ROOM)` is a room without HTTPS, where
    it takes gzip.
    """
    transfer, paths = Transfer(), {}
    cdp = page.context.new_cdp_session(page)

    def finished(event):
        path = paths.get(event["requestId"], "")
        size = transfer.by_path.get(path, 0) + event["encodedDataLength"]
        transfer.by_path[path] = size

    cdp.on(
        "Network.requestWillBeSent",
        lambda event: paths.update({event["requestId"]: urlsplit(event["request"]["url"]).path}),
    )
    cdp.on("Network.loadingFinished", finished)
    cdp.send("Network.enable")
    cdp.send("Network.clearBrowserCache")
    yield transfer
    cdp.detach()
