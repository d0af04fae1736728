"""What the real server sends, and what a real browser makes of it."""

import re
import shutil
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from looking import ROOM, no_sideways_scroll, settled, transferred
from serving import ROOT, start

FIRST_VISIT_MAX = 2.7e6  # Bytes with gzip; an untouched Streamlit moves 7.5 million.


def fetch(address, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        return urlopen(Request(address, headers=named), timeout=60)
    except HTTPError as error:
        return error


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/story?story=none", 200),
        ("/assets/topojson/world_110m.json", 200),
        ("/assets/none.json", 404),
        ("/_stcore/health", 200),
        ("/_stcore/metrics", 404),
        ("/_stcore/agent/openapi.json", 404),
        ("/media/none.csv", 404),
        ("/healthz", 200),
    ],
)
def test_every_address_answers_with_the_security_headers(server, path, status):
    answer = fetch(server.address + path)

    assert answer.status == status
    assert "default-src 'self';" in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Traceback" not in answer.read().decode("utf-8", errors="replace")


@pytest.mark.heavy
def test_streamlit_files_are_compressed_and_kept_for_ever_but_the_page_is_not(server):
    server.wait_until_compressed()
    page = fetch(server.address, accept_encoding="gzip, br")

    assert page.headers["Content-Encoding"] == "br"
    assert page.headers["Cache-Control"] == "no-cache"
    for encoding in ("gzip", "br"):
        plotly = fetch(server.address + plotly_path(), accept_encoding=encoding)
        assert plotly.headers["Content-Encoding"] == encoding
        assert "immutable" in plotly.headers["Cache-Control"]
        assert plotly.headers["Vary"] == "Accept-Encoding"
        assert int(plotly.headers["Content-Length"]) < 1.5e6


def plotly_path():
    import streamlit

    folder = Path(streamlit.__file__).parent / "static" / "static" / "js"
    return f"/static/js/{next(folder.glob('PlotlyChart.*.js')).name}"


@pytest.mark.heavy
def test_a_first_visit_without_https_is_small_and_stays_on_our_server(server, browse):
    server.wait_until_compressed()
    page = browse(server, host=ROOM)

    with transferred(page) as visit:
        page.goto("/")
        settled(page)

    assert visit.by_path["/"] < 40_000  # With its first picture.
    assert visit.total < FIRST_VISIT_MAX


@pytest.mark.heavy
def test_a_page_opens_without_sideways_scroll_on_a_phone(server, browse):
    phone = browse(server, viewport={"width": 375, "height": 720}, has_touch=True)
    phone.goto("/")

    no_sideways_scroll(settled(phone))


@pytest.mark.heavy
def test_a_site_may_frame_the_pages_only_where_the_setting_says_so(serve):
    framed = serve(GCS_FRAME_ANCESTORS="self https://www.example.org")

    policy = fetch(framed.address).headers["Content-Security-Policy"]

    assert policy.endswith("frame-ancestors 'self' https://www.example.org")


@pytest.mark.heavy
def test_only_the_named_hosts_are_answered(serve):
    named = serve(GCS_ALLOWED_HOSTS="localhost gcs.example.org")

    assert fetch(named.address).status == 200
    assert fetch(named.address, Host="gcs.example.org").status == 200
    assert fetch(named.address, Host="evil.example.com").status == 400


BROKEN = {
    "an error": "raise ValueError('a secret')",
    "an error in a page": "import streamlit as st; st.navigation([st.Page('page.py')]).run()",
}


@pytest.mark.heavy
@pytest.mark.parametrize("frame", BROKEN.values(), ids=BROKEN)
def test_a_broken_page_shows_a_sentence_with_the_number_under_which_it_is_logged(
    tmp_path, browse, frame
):
    project = copied(tmp_path / "Mes données #1")
    (project / "ui" / "frame.py").write_text(frame)
    (project / "ui" / "page.py").write_text("a secret syntax error")
    (project / "ui" / "warm.py").write_text("def warm(): pass")
    server = start(tmp_path, project / "dashboard.py")
    try:
        server.wait_until_ready()
        page = browse(server)
        page.goto("/")
        shown = settled(page).get_by_test_id("stApp").inner_text()
    finally:
        server.stop()

    number = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", shown)
    assert "Something went wrong on our side" in shown
    assert f"Incident {number[0]}" in server.said()
    assert "secret" in server.said()
    assert not [word for word in ("secret", "Error", "Traceback", ".py") if word in shown]


@pytest.mark.heavy
def test_a_frame_that_is_not_python_stops_the_start(tmp_path):
    project = copied(tmp_path / "project")
    (project / "ui" / "frame.py").write_text("a secret syntax error")
    server = start(tmp_path, project / "dashboard.py")

    assert server.process.wait(timeout=180) == 3
    assert "SyntaxError" in server.said()


def copied(project):
    """A copy of what runs, to break."""
    left_out = shutil.ignore_patterns(".*", "tests", "store", "__pycache__")
    shutil.copytree(ROOT, project, ignore=left_out)
    shutil.copytree(ROOT / ".streamlit", project / ".streamlit")
    return project


@pytest.mark.heavy
def test_a_wrong_setting_stops_the_start_with_one_sentence(tmp_path):
    server = start(tmp_path, GCS_ILLUSTRATIVE="maybe")

    assert server.process.wait(timeout=180) == 1
    assert server.said() == "GCS_ILLUSTRATIVE is “maybe”, but it must be 1 for yes or 0 for no.\n"
