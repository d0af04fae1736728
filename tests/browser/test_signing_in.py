"""Signing in on the real server, in a real browser, and through a real provider."""

import json
import os
import re
import secrets
import subprocess
import sys
import time
from importlib.util import find_spec

import pytest
from looking import opened, settled
from serving import ROOT, START_SECONDS, start

PASSWORD = "three brown owls"
PHONE_WIDE, DESK = {"width": 375, "height": 720}, {"width": 1280, "height": 900}


def said(page):
    return settled(page).get_by_test_id("stMain").inner_text()


def heading(page):
    return settled(page).get_by_role("heading", level=1).inner_text()


def link(server):
    return re.findall(r"http://localhost:\d+(/signin/link/\S+)", server.said())[-1]


def keeper(folder):
    """`keep("add", "Ana", …)`: the command that keeps accounts, on a server's folder."""

    def keep(*words, typed=""):
        subprocess.run(
            [sys.executable, "-m", "server.accounts", *words],
            input=typed,
            text=True,
            check=True,
            cwd=ROOT,
            env={"GCS_SECRETS": str(folder), "PATH": ""},
        )

    return keep


def touch(path, then):
    """Say when a sign-in was last used."""
    os.utime(path, (then, then))


@pytest.fixture(scope="module")
def with_accounts(tmp_path_factory):
    """A server with two accounts, for the tests of this module."""
    folder = tmp_path_factory.mktemp("accounts")
    keep = keeper(folder / "secrets")
    for name in ("Ana", "Bo"):
        keep("add", name, "--role", "staff", "--stdin", typed=PASSWORD)
    running = start(folder)
    try:
        running.wait_until_ready()
        running.keep, running.sign_ins = keep, folder / "secrets" / "sessions"
        yield running
    finally:
        running.stop()


def sign_in(page, name="ana", password=PASSWORD):
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def elsewhere_and_back(page):
    """Another page and back, in the session that the tab has open: nothing is loaded anew."""
    menu = page.locator(".st-key-menu")
    menu.get_by_role("link", name="Stories").click()
    page.wait_for_url("**/stories*")
    settled(page)
    page.go_back()
    page.wait_for_url("**/manage*")
    page.wait_for_function("() => !/Stories/.test(document.querySelector('h1')?.textContent)")
    return heading(page)


@pytest.mark.heavy
def test_the_printed_link_leads_back_to_the_page_and_a_reload_and_a_restart_keep_it(
    serve, browse, tmp_path
):
    server = serve(GCS_SECRETS=str(tmp_path / "kept secrets"))
    page = opened(browse(server), "/manage?lang=en")
    assert heading(page) == "Sign in"

    page.get_by_role("link", name="Sign in").click()
    page.wait_for_url("**/signin?**")
    page.goto(link(server))
    page.wait_for_url("**/manage?lang=en")

    assert heading(page) == "Manage data"
    page.reload()
    assert heading(page) == "Manage data"
    server.stop()
    again = serve(GCS_SECRETS=str(tmp_path / "kept secrets"))
    page.seen.origin = again.address
    opened(page, f"{again.address}/manage")
    assert heading(page) == "Manage data"
    page.seen.console.clear()  # The page had lost its server for a moment.
    page.seen.outside.clear()


@pytest.mark.heavy
def test_signing_out_is_one_click_and_counts_in_the_other_tab_too(serve, browse):
    server = serve()
    page = browse(server)
    page.goto(link(server))
    page.wait_for_url("**/manage")
    other = page.context.new_page()
    opened(other, f"{server.address}/manage")

    settled(page).get_by_role("button", name="Sign out").click()
    page.wait_for_function("() => !document.querySelector('.gcs-signed-in')")

    assert heading(page) == "Sign in"
    assert elsewhere_and_back(other) == "Sign in"
    assert [cookie["name"] for cookie in page.context.cookies() if "gcs" in cookie["name"]] == []


@pytest.mark.heavy
def test_an_account_signs_in_after_a_wrong_try_and_ends_when_idle_or_removed(with_accounts, browse):
    page = opened(browse(with_accounts), "/manage")
    page.get_by_role("link", name="Sign in").click()

    before = set(with_accounts.sign_ins.glob("*"))
    sign_in(page, "bo", "not the right one")
    assert page.get_by_role("alert").inner_text() == "The name or the password is wrong."
    assert page.get_by_label("Name", exact=True).input_value() == "bo"
    page.seen.console.clear()  # The browser notes the status of the refusal.
    sign_in(page, "bo")
    page.wait_for_url("**/manage")
    assert heading(page) == "Manage data"
    assert elsewhere_and_back(page) == "Manage data"

    (sign_in_file,) = set(with_accounts.sign_ins.glob("*")) - before
    touch(sign_in_file, time.time() - 61 * 60)
    assert elsewhere_and_back(page) == "Sign in"
    assert "after 60 minutes without a click" in said(page)

    touch(sign_in_file, time.time())
    assert elsewhere_and_back(page) == "Manage data"
    with_accounts.keep("remove", "bo")
    assert elsewhere_and_back(page) == "Sign in"
    assert PASSWORD not in with_accounts.said()


@pytest.mark.heavy
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE_WIDE, DESK], ids=["phone", "desk"])
def test_the_sign_in_page_fits_is_legible_and_needs_no_script(
    with_accounts, browse, scheme, viewport
):
    page = browse(with_accounts, viewport=viewport, color_scheme=scheme, java_script_enabled=False)
    page.goto("/signin?next=/manage")

    # Without scripts nothing can be asked of the page from inside; its boxes can.
    for label in ("Name", "Password"):
        box = page.get_by_label(label, exact=True).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= viewport["width"]
        assert box["height"] >= 44
    sign_in(page)
    page.wait_for_url("**/manage")

    scripted = browse(with_accounts, viewport=viewport, color_scheme=scheme)
    scripted.goto("/signin?next=/manage")
    assert scripted.evaluate(CONTRAST) >= 4.5
    assert scripted.evaluate(
        "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


# The least contrast of any text with what is behind it, as WCAG counts it.
CONTRAST = """() => {
    const light = rgb => rgb.match(/\\d+/g).slice(0, 3).map(v => v / 255)
        .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
    const behind = e => {
        const colour = getComputedStyle(e).backgroundColor;
        return colour.endsWith(", 0)") ? behind(e.parentElement) : colour;
    };
    return Math.min(...[...document.querySelectorAll("h1,p,label,input,button,a")].map(e => {
        const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x);
        return (a + .05) / (b + .05);
    }));
}"""


# A provider


PEOPLE = (
    {"sub": "ana", "name": "Ana Lima", "email": "ana@gcs.example", "email_verified": True},
    {"sub": "eve", "name": "Eve", "email": "ana@gcs.example", "email_verified": False},
)


@pytest.fixture
def provider(tmp_path):
    """An OpenID Connect provider on this machine; returns its address."""
    if find_spec("oidc_provider_mock") is None:
        pytest.skip("oidc-provider-mock is not installed: pip install -r requirements-dev.txt")
    log = tmp_path / "provider.log"
    people = [word for each in PEOPLE for word in ("--user-claims", json.dumps(each))]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "oidc_provider_mock", "--port=0", *people],
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        until = time.monotonic() + START_SECONDS
        while not (ready := re.search(r"running on http://127.0.0.1:(\d+)", log.read_text())):
            assert process.poll() is None and time.monotonic() < until, log.read_text()
            time.sleep(0.05)
        yield f"http://localhost:{ready[1]}"
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def with_provider(serve, provider, tmp_path):
    """`with_provider(GCS_STAFF=…)`: a server whose people sign in there."""
    drawn = [secrets.token_hex(32), secrets.token_hex(16)]
    (tmp_path / "secrets.toml").write_text(
        "[auth]\n"
        'redirect_uri = "http://localhost:{port}/oauth2callback"\n'
        f'cookie_secret = "{drawn[0]}"\n'
        'client_id = "gcs-dashboard"\n'
        f'client_secret = "{drawn[1]}"\n'
        f'server_metadata_url = "{provider}/.well-known/openid-configuration"\n'
    )

    def serve_with(**env):
        server = serve(STREAMLIT_SECRETS_FILES=str(tmp_path / "secrets.toml"), **env)
        server.secrets = drawn
        return server

    return serve_with


def at_provider(page, provider, who):
    """Say who one is on the provider's own page, and come back."""
    page.wait_for_url(f"{provider}/oauth2/authorize?**")
    page.get_by_role("button", name=who).click()
    page.wait_for_url(re.compile(re.escape(page.seen.origin)))


def nothing_else_left(page, provider):
    """The provider is the one place that a browser may be sent to, and its page is its own."""
    own_style = "https://cdn.jsdelivr.net/npm/@picocss/"
    assert [url for url in page.seen.outside if not url.startswith((provider, own_style))] == []
    lines = [line for line in page.seen.console if provider not in line]
    assert [line for line in lines if own_style not in line] == []
    page.seen.outside.clear()
    page.seen.console.clear()


@pytest.mark.heavy
def test_somebody_on_the_list_signs_in_through_a_provider_and_is_back_where_they_were(
    with_provider, provider, browse
):
    server = with_provider(GCS_STAFF="@gcs.example")
    page = opened(browse(server), "/manage?lang=en")

    page.get_by_role("button", name="Sign in").click()
    at_provider(page, provider, "ana")
    page.wait_for_url("**/manage?lang=en")

    assert heading(page) == "Manage data"
    assert page.locator(".st-key-signed-in").inner_text().split("\n")[0] == "Ana Lima"
    page.reload()
    assert heading(page) == "Manage data"
    nothing_else_left(page, provider)
    assert not [secret for secret in server.secrets if secret in server.said()]


@pytest.mark.heavy
def test_somebody_who_is_on_no_list_is_told_so(with_provider, provider, browse):
    server = with_provider(GCS_STAFF="ana@gcs.example")
    page = opened(browse(server), "/manage?lang=en")

    page.get_by_role("button", name="Sign in").click()
    at_provider(page, provider, "eve")

    assert heading(page) == "Not for this account"
    assert "You are signed in as Eve, who is not on its list." in said(page)
    assert page.locator(".st-key-menu").get_by_text("Manage data").count() == 0
    nothing_else_left(page, provider)


@pytest.mark.heavy
def test_a_provider_s_sign_in_ends_when_idle_and_by_signing_out(with_provider, provider, browse):
    server = with_provider(GCS_STAFF="@gcs.example")
    folder = server.log.parent / "secrets" / "sessions"
    page = opened(browse(server), "/manage?lang=en")
    page.get_by_role("button", name="Sign in").click()
    at_provider(page, provider, "ana")
    assert heading(page) == "Manage data"

    (sign_in_file,) = folder.iterdir()
    touch(sign_in_file, time.time() - 61 * 60)
    assert elsewhere_and_back(page) == "Sign in"
    touch(sign_in_file, time.time())
    assert elsewhere_and_back(page) == "Manage data"

    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{provider}/oauth2/end_session?**")
    page.goto(f"{server.address}/manage")
    assert heading(page) == "Sign in"
    nothing_else_left(page, provider)


@pytest.mark.heavy
def test_a_sample_secret_stops_the_start_with_one_sentence(tmp_path):
    (tmp_path / "secrets.toml").write_text('[auth]\ncookie_secret = "xxx"\nclient_id = "gcs"\n')
    server = start(tmp_path, STREAMLIT_SECRETS_FILES=str(tmp_path / "secrets.toml"))

    assert server.process.wait(timeout=180) == 1
    assert server.said().startswith("[auth] cookie_secret must be 32 characters or more")
    assert len(server.said().splitlines()) == 1
