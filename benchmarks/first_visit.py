"""What a first visit moves and how long it takes: ours and plain Streamlit, in Chromium.

Bytes are counted at the browser's network, headers included, from an empty cache to the charts
above the fold, or the first one where all are below it. What comes by WebSocket is counted as the
server sends it, compressed or not. On localhost a browser takes Brotli; under another name, over
plain HTTP as in a room, it takes gzip.
"""

import os
import shutil
import time
from base64 import b64decode
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import urlsplit
from zlib import MAX_WBITS, Z_SYNC_FLUSH, compressobj

import servers
from playwright.sync_api import sync_playwright
from table import Row, at_most

ROOM = "room.test"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    f"--host-resolver-rules=MAP {ROOM} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost",
]
GZIP_AT_MOST, BROTLI_AT_MOST, PICTURE_AT_MOST = 2.7, 2.2, 40.0
SLOW = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 250_000,
    "uploadThroughput": 250_000,
}
CHARTS = """() => [...document.querySelectorAll('.js-plotly-plot')]
    .filter(plot => plot.getBoundingClientRect().top < innerHeight)
    .every(plot => plot.querySelector('.main-svg'))
    && document.querySelector('.js-plotly-plot .main-svg') !== null"""
# Ours is there before the scripts, perhaps below the fold; elsewhere it is the first chart.
PICTURE = """() => [...document.querySelectorAll('svg')].some(picture => {
    const box = picture.getBoundingClientRect();
    return box.width > 200 && box.height > 200;
})"""


@dataclass
class Visit:
    """What came over the wire."""

    sizes: dict = field(default_factory=dict)
    requests: int = 0
    picture: float = 0.0
    charts: float = 0.0

    @property
    def total(self):
        """Megabytes."""
        return sum(self.sizes.values()) / 1e6


@contextmanager
def chromium():
    """A browser; each visit has a profile of its own."""
    path = os.environ.get("GCS_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def visit(browser, address, *, slow=False):
    """Open an address for the first time, until the charts above the fold are drawn."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    seen, paths, wire = Visit(), {}, {}
    cdp = context.new_cdp_session(page)

    def asked(event):
        paths[event["requestId"]] = urlsplit(event["request"]["url"]).path
        seen.requests += 1

    def loaded(event):
        path = paths.get(event["requestId"], "")
        seen.sizes[path] = seen.sizes.get(path, 0) + event["encodedDataLength"]

    def opened(event):
        names = {name.lower(): value for name, value in event["response"]["headers"].items()}
        if "permessage-deflate" in names.get("sec-websocket-extensions", ""):
            # The browser tells only what it has expanded, so it is compressed once more.
            wire[event["requestId"]] = compressobj(wbits=-MAX_WBITS)

    def heard(event):
        sent = b64decode(event["response"]["payloadData"])
        if packing := wire.get(event["requestId"]):
            sent = packing.compress(sent) + packing.flush(Z_SYNC_FLUSH)
        seen.sizes["socket"] = seen.sizes.get("socket", 0) + len(sent)

    cdp.on("Network.requestWillBeSent", asked)
    cdp.on("Network.loadingFinished", loaded)
    cdp.on("Network.webSocketHandshakeResponseReceived", opened)
    cdp.on("Network.webSocketFrameReceived", heard)
    cdp.send("Network.enable")
    if slow:
        cdp.send("Network.emulateNetworkConditions", SLOW)
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_function(PICTURE, timeout=120_000, polling=50)
    seen.picture = time.perf_counter() - start
    page.wait_for_function(CHARTS, timeout=120_000, polling=50)
    seen.charts = time.perf_counter() - start
    context.close()
    return seen


def rows(core, _visitors_core, short):
    """The rows of the table."""
    times = 1 if short else 3
    with servers.ours(core) as mine, servers.plain(core) as plain, chromium() as browser:
        mine.wait_until_compressed()
        story = "/story?story=national-cyber-security-index"
        named = {
            "gzip": f"http://{ROOM}:{mine.port}{story}",
            "Brotli": mine.address(story),
            "stock": plain.address(),
        }
        visit(browser, named["Brotli"])  # The server has drawn the page once.
        visit(browser, named["stock"])
        seen = {name: visit(browser, address) for name, address in named.items()}
        slow = {
            name: [visit(browser, named[name], slow=True) for _ in range(times)]
            for name in ("gzip", "stock")
        }
        page = seen["gzip"].sizes["/story"] / 1000
    stock = f"stock: {seen['stock'].total:.2f} MB in {seen['stock'].requests} requests"
    many = seen["gzip"].requests
    return [
        at_most(
            "first visit to a story, gzip",
            seen["gzip"].total,
            GZIP_AT_MOST,
            "MB",
            f"{many} requests; {stock}",
        ),
        at_most("first visit to a story, Brotli", seen["Brotli"].total, BROTLI_AT_MOST, "MB"),
        at_most("first picture: the page's own HTML, gzip", page, PICTURE_AT_MOST, "kB"),
        Row("first picture at 2 Mbit/s, 150 ms", _said(slow, "picture")),
        Row("charts above the fold at 2 Mbit/s, 150 ms", _said(slow, "charts")),
    ]


def _said(slow, what):
    ours, stock = (median(getattr(each, what) for each in slow[name]) for name in slow)
    return f"{ours:.1f} s; stock {stock:.1f} s"
