"""The real server, a real browser, and a page that fails the test by what must not happen."""

import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from looking import ROOM, settled
from serving import start

import settings

FLAGS = [
    "--no-sandbox",  # Root has no sandbox, and CI is root.
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Every other host is out of reach, whatever a page tries.
    f"--host-resolver-rules=MAP {ROOM} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost",
]
PATIENCE = 60_000  # ms. A busy machine is no fault of a page; what is slow is found in benchmarks/.
# On a deep link Streamlit tries the page's own address for its endpoints before the one above it.
OWN_SEARCH = re.compile(r"/[a-z]+/_stcore/(health|host-config)")
LINK = re.compile(r"http://localhost:\d+/signin/link/\S+")
WATCH_CSP = """document.addEventListener("securitypolicyviolation", e => console.error(
    `CSP: ${e.effectiveDirective} refused ${e.blockedURI} in ${e.sourceFile}:${e.lineNumber}`));"""


def pytest_collection_modifyitems(items):
    """What drives a browser says so, and says so in one place."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """One server with default settings, shared by every test that changes nothing."""
    running = start(tmp_path_factory.mktemp("server"))
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.stop()


@pytest.fixture
def serve(tmp_path):
    """`serve(GCS_ILLUSTRATIVE="0")`: a fresh server with other settings, for one test."""
    running = []

    def serve_with(**env):
        folder = tmp_path / f"server {len(running)}"
        folder.mkdir()
        running.append(start(folder, **env))
        running[-1].wait_until_ready()
        return running[-1]

    yield serve_with
    for each in running:
        each.stop()
        print(each.said())


# One browser per module and not per session: while Playwright lives, the thread's event loop
# counts as running, and tests outside this folder want their own.
@pytest.fixture(scope="module")
def chromium():
    reason = "Playwright is not installed: pip install -r requirements-dev.txt, or make test"
    playwright = pytest.importorskip("playwright.sync_api", reason=reason)
    playwright.expect.set_options(timeout=PATIENCE)
    with playwright.sync_playwright() as running:
        own = running.chromium.executable_path
        path = settings.chromium() or found("chromium", "chromium-browser", "google-chrome") or own
        if not Path(path).exists():
            pytest.skip("There is no Chromium: set GCS_CHROMIUM to one, or run make test")
        browser = running.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def found(*names):
    return next(filter(None, map(shutil.which, names)), None)


@dataclass
class Seen:
    """What happened in a browser that must not. A test that provokes something clears it."""

    origin: str
    outside: list = field(default_factory=list)
    console: list = field(default_factory=list)
    errors: list = field(default_factory=list)

    def watch(self, context):
        context.add_init_script(WATCH_CSP)
        context.on("request", lambda request: self._requested(request.url))
        context.on("console", self._said)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on("page", lambda page: page.on("websocket", lambda ws: self._requested(ws.url)))

    def _requested(self, url):
        here = (self.origin + "/", self.origin.replace("http", "ws", 1) + "/")
        if not url.startswith((*here, "data:", "blob:", "about:")):
            self.outside.append(url)

    def _said(self, message):
        address = message.location.get("url", "")
        searching = "404" in message.text and OWN_SEARCH.fullmatch(address, len(self.origin))
        if message.type == "error" and not searching:
            self.console.append(f"{message.text} ({address})")

    def assert_nothing(self):
        assert self.outside == [], "Requests left our server."
        assert self.console == [], "The browser's console has errors."
        assert self.errors == [], "A script of the page failed."


@contextmanager
def browsing(chromium):
    """Open pages in fresh profiles; at the end nothing that must not happen may have happened."""
    opened = []

    def open_page(server, host="localhost", **options):
        origin = server.address.replace("localhost", host)
        context = chromium.new_context(
            base_url=origin,
            **{"viewport": {"width": 1280, "height": 900}, "locale": "en-GB"} | options,
        )
        context.set_default_timeout(PATIENCE)
        seen = Seen(origin)
        seen.watch(context)
        page = context.new_page()
        page.seen = seen
        opened.append((context, seen, server, len(server.said())))
        return page

    yield open_page
    for context, _, server, start_of_log in opened:
        context.close()
        log = server.said()[start_of_log:].splitlines()  # Shown by pytest where the test failed.
        print("\n".join(line for line in log if not line.endswith(" 200")))
    for _, seen, _, _ in opened:
        seen.assert_nothing()


@pytest.fixture
def browse(chromium):
    """`browse(server, viewport=…, color_scheme="dark")`: a page on a server, in a fresh profile.

    `page.seen` holds what must not happen; at the end of the test it must be empty.
    """
    with browsing(chromium) as open_page:
        yield open_page


@pytest.fixture(scope="module")
def browse_once(chromium):
    """As `browse`, for a page that tests of a module share: each opens its own address on it.

    That is a new session on the server; only what the browser keeps (scripts, fonts) is shared.
    """
    with browsing(chromium) as open_page:
        yield open_page


@pytest.fixture
def signed_in(serve, browse):
    """A fresh server, and a page of somebody who opened the link that it printed."""
    server = serve()
    page = browse(server)
    page.goto(LINK.search(server.said())[0])
    if page.get_by_role("button", name="Sign in").count():
        page.get_by_role("button", name="Sign in").click()
    settled(page)
    return server, page


@pytest.fixture
def page(browse, server):
    """A page on the shared server, at desktop width."""
    return browse(server)
