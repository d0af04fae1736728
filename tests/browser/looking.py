"""What browser tests ask of a page: has it settled, does it fit, what did it cost?"""

from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import pandas as pd
from serving import ROOT

ROOM = "room.test"  # Our server under a name that is not localhost: plain HTTP, as in a room.

SETTLED = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    const picture = document.getElementById("first-picture");
    return app
        && app.dataset.testConnectionState === "CONNECTED"
        && app.dataset.testScriptState === "notRunning"
        && document.querySelector('[data-testid="stMain"] [data-testid="stElementContainer"]')
        && !(picture && getComputedStyle(picture).visibility !== "hidden")
        && !document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]')
        && [...document.querySelectorAll('[data-testid="stPlotlyChart"]')].every(
            chart => chart.querySelector(".main-svg"));
}"""

WIDER = """() => [document.scrollingElement, ...document.querySelectorAll('[data-testid="stMain"]')]
    .filter(e => e.scrollWidth > e.clientWidth + 1)
    .map(e => `${e.dataset.testid ?? e.tagName}: ${e.scrollWidth} in ${e.clientWidth}`)"""

# Text of a chart that stands out of the picture, whatever cuts it off there.
CUT = """() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(plot => {
    const picture = plot.querySelector('.main-svg').getBoundingClientRect();
    return [...plot.querySelectorAll('.main-svg text')].filter(text => {
        const box = text.getBoundingClientRect();
        return box.width && (box.left < picture.left - 1 || box.right > picture.right + 1
            || box.top < picture.top - 1 || box.bottom > picture.bottom + 1);
    }).map(text => text.textContent);
})"""

# A phone, as a browser introduces itself on one.
PHONE = {
    "viewport": {"width": 375, "height": 720},
    "has_touch": True,
    "is_mobile": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36",
}
KINDS = ("participated", "adopted", "scaled_up", "replicated")


def settled(page):
    """Wait until the page's script has ended and everything it drew is there."""
    page.wait_for_function(SETTLED)
    return page


def opened(page, address):
    """Open an address of the server and wait until it is drawn."""
    page.goto(address)
    return settled(page)


def headed(page, name, **more):
    """Wait for a heading of the page itself: for a moment its first picture has the same one."""
    page.get_by_test_id("stMain").get_by_role("heading", name=name, **more).wait_for()


def listed(page, label, text=""):
    """Open a list from the keyboard, narrowed by what is typed; what it offers, in its order.

    A list closes by itself when the page under it moves, or when keys come faster than a starved
    browser draws. A person opens it again, and so does this.
    """
    from playwright.sync_api import TimeoutError as TooLong  # Here: the other tests do without it.

    box = page.get_by_role("combobox", name=label, exact=True)
    options = page.get_by_role("option")
    for _ in range(10):
        box.focus()
        if text:
            box.press("ControlOrMeta+A")
            box.press_sequentially(text, delay=50)
        else:
            box.press("ArrowDown")
        try:
            options.first.wait_for(timeout=5_000)
        except TooLong:
            continue
        if offered := options.all_inner_texts():  # It has not closed meanwhile.
            return offered
    raise AssertionError(f"The list {label} did not open.")


def no_sideways_scroll(page):
    """Fail if the page, as a whole, is wider than the window."""
    assert page.evaluate(WIDER) == []


def nothing_cut(page):
    """Fail if a chart has text that stands out of its picture."""
    assert page.evaluate(CUT) == []


def chart(page, name):
    """The chart of this name (`ui.chart`) with all that belongs to it."""
    return page.locator(f".st-key-chart-{name}")


def drawn(page, name):
    """What Plotly holds of a chart: its traces, and its layout as it was given."""
    return chart(page, name).evaluate(
        """e => { const plot = e.querySelector('.js-plotly-plot');
                  return {data: plot.data, layout: plot.layout}; }"""
    )


def written(page, name):
    """Every text in the picture of a chart, lines of one text joined by a space."""
    return chart(page, name).evaluate(
        """e => [...e.querySelectorAll('.main-svg text')].map(text => {
            const lines = [...text.querySelectorAll('tspan.line')].map(line => line.textContent);
            return lines.length ? lines.join(' ') : text.textContent;
        }).filter(text => text)"""
    )


def marks(page, name="world"):
    """The countries that a map marks, by kind, read from the points that Plotly drew."""
    points = [
        point
        for trace in drawn(page, name)["data"]
        if trace["type"] == "scattergeo"
        for point in trace.get("customdata") or []
        if len(point) == 3
    ]
    return {kind: {code for code, of, _ in points if of == kind} for kind in KINDS}


def on_record(rows):
    """What `marks` must be for these replications."""
    return {kind: set(rows.loc[rows["kind"] == kind, "country_iso3"]) for kind in KINDS}


def shipped(name):
    """A shipped dataset, read without our own code."""
    return pd.read_parquet(ROOT / "data" / f"{name}.parquet")


def chosen(page):
    """What the address says was chosen."""
    return parse_qs(urlsplit(page.url).query)


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
