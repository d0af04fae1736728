"""Two real servers behind the real HAProxy, with one object store and one PostgreSQL.

They share what `deploy/README.md` says that replicas share: releases, ballots, the secrets folder.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from behind_proxy import Phone, Replicas, Visitors, proxy_before, status
from buckets import free_port
from looking import opened, settled
from serving import ROOT

import gcs_data
from workshop import rooms, voters
from workshop.subject import subject
from workshop.votes import Votes

pytest_plugins = ["object_places", "workshop_places"]
pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no kill -9"),
]
SEEN_WITHIN = 5  # Seconds from a publish on one server until the other shows it.
SHOWN_WITHIN = 2  # Seconds from a ballot at one until the projector of the other counts it.
PASSWORD = "three brown owls"
GENES = ["local_ownership", "societal_awareness"]
STORY = """story_id,title,summary,lead_organisation,official,source_url
clinic-1,Cyber clinic,Students help town halls.,University,false,https://example.org/clinic
"""


@pytest.fixture(scope="module")
def replicas(tmp_path_factory, object_server, postgresql):
    from workshop_places import new_schema

    if shutil.which("haproxy") is None:
        pytest.skip("There is no haproxy: install HAProxy's package")
    folder = tmp_path_factory.mktemp("replicas")
    env = object_server.env | {
        "GCS_STORE": f"s3://{object_server.bucket()}/gcs",
        "GCS_VOTES_URL": new_schema(postgresql),
        "GCS_SECRETS": str(folder / "secrets"),
    }
    made = Replicas(folder, env, {"a": free_port(), "b": free_port()})
    try:
        for name in made.ports:
            made.start(name)
        for server in made.servers.values():
            server.wait_until_ready()
        made.proxy = proxy_before(made)
        made.all_up()
        yield made
    finally:
        if made.proxy:
            made.proxy.process.terminate()
            made.proxy.process.wait(15)
            print(made.proxy.said())
        for server in made.servers.values():
            server.stop()
            print(server.said())


def told(address, code):
    """The first thing that a screen hears from a server."""
    with urlopen(f"{address}/screen/{code}/events", timeout=60) as stream:
        while not (line := stream.readline().decode()).startswith("data: "):
            assert line, "The stream ended."
    return json.loads(line.removeprefix("data: "))


def commands(address, code, key, *steps):
    for step in steps:
        body = urlencode({"do": step}).encode()
        asked = Request(f"{address}/screen/{code}/command", body, {"X-Screen-Key": key})
        with urlopen(asked, timeout=60) as answer:
            assert answer.status == 200


def test_a_ballot_that_one_server_accepts_is_shown_and_tallied_by_the_other(replicas, browse):
    a, b = replicas.servers["a"], replicas.servers["b"]
    votes = Votes(replicas.env["GCS_VOTES_URL"])
    try:
        store = gcs_data.Store(replicas.folder / "none", ROOT / "data")
        about = subject(store, "women-in-cyber-fellowship", GENES)
        room = rooms.create(votes, about, owner="Ana")
    finally:
        votes.close()
    key = voters._of(replicas.folder / "secrets" / "voters.key").screen_key(room)
    projector = browse(b, viewport={"width": 1280, "height": 720})
    projector.goto(f"/screen/{room.code}")
    projector.wait_for_selector("html[data-state=lobby]", state="attached")
    commands(a.address, room.code, key, "open")
    projector.wait_for_selector("html[data-slide=count]", state="attached")
    count, first = projector.locator("#count .voted"), Phone()

    assert first.votes(a.address, room.code, GENES, 5) == {"saved": True, "number": 1}
    count.filter(has_text=re.compile("^1$")).wait_for(timeout=SHOWN_WITHIN * 1000)
    # The other server knows the phone by its cookie: it changes its mind and is counted once.
    assert first.votes(b.address, room.code, GENES, 1) == {"saved": True, "number": 2}
    for score in (3, 4, 4, 3):
        assert Phone().votes(replicas.proxy.address, room.code, GENES, score)["saved"]
    count.filter(has_text=re.compile("^5$")).wait_for(timeout=SHOWN_WITHIN * 1000)
    commands(a.address, room.code, key, "close", "reveal")
    projector.wait_for_selector("html[data-slide=radar]", state="attached")

    for server in (a, b):
        heard = told(server.address, room.code)
        assert (heard["state"], heard["voted"], heard["joined"]) == ("revealed", 5, 5)
        assert [row["mean"] for row in heard["results"]["profile"]] == [3.0, 3.0]


def test_an_upload_survives_the_proxy_and_is_seen_on_the_other_server_at_once(replicas, browse):
    subprocess.run(
        [sys.executable, "-m", "server.accounts", "add", "Ana", "--role", "staff", "--stdin"],
        input=PASSWORD,
        text=True,
        check=True,
        cwd=ROOT,
        env={"GCS_SECRETS": replicas.env["GCS_SECRETS"], "PATH": ""},
    )
    page = opened(browse(replicas.proxy), "/manage")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Name", exact=True).fill("Ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/manage*")
    settled(page).locator("input[type=file]").set_input_files(
        {"name": "story.csv", "mimeType": "text/csv", "buffer": STORY.encode()}
    )
    page.get_by_text("story.csv was read as").wait_for()
    other = replicas.servers[replicas.other(replicas.of(page))].address
    assert status(f"{other}/api/v1/stories/clinic-1") == 404

    settled(page).get_by_label("Why?").fill("A clinic")
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("Published as release 1.").wait_for()
    until = time.monotonic() + SEEN_WITHIN
    while status(f"{other}/api/v1/stories/clinic-1") != 200:
        assert time.monotonic() < until, "The other server still shows the release before."
        time.sleep(0.1)

    # Both know who is signed in; a cookie does not tell ports apart.
    page.seen.origin = other
    opened(page, f"{other}/manage?part=history&version=1")
    assert "story.csv" in page.get_by_test_id("stMain").inner_text()
    page.seen.outside.clear()


def test_visitors_of_a_server_that_is_killed_go_on_at_the_other_with_their_address(
    replicas, browse
):
    page = opened(browse(replicas.proxy), "/stories?q=school")
    before, address = replicas.of(page), page.url
    title = page.get_by_role("heading", level=1).inner_text()
    search = page.get_by_role("searchbox", name="Search")
    assert search.input_value() == "school"

    with page.expect_websocket(timeout=120_000):
        replicas.servers[before].process.kill()
    settled(page)

    assert replicas.of(page) == replicas.other(before)
    assert (page.url, page.get_by_role("heading", level=1).inner_text()) == (address, title)
    assert search.input_value() == "school"
    page.locator(".st-key-menu").get_by_role("link", name="World map").click()
    page.wait_for_url("**/map")
    settled(page).go_back()
    page.wait_for_url(address)
    page.reload()
    assert settled(page).get_by_role("heading", level=1).inner_text() == title
    assert search.input_value() == "school"
    page.seen.console.clear()  # The page had lost its server for a moment.
    replicas.restarted(before)


def test_servers_are_restarted_one_by_one_and_nobody_is_turned_away(replicas, browse, tmp_path):
    if shutil.which("socat") is None:
        pytest.skip("There is no socat: install its package")
    page = opened(browse(replicas.proxy), "/stories?q=school")
    address = page.url
    visitors = Visitors(replicas.proxy.address, ["/api/v1", "/stories", "/vote/test"])
    asked = {name: tmp_path / name for name in replicas.ports}
    commands_for = [
        f"{name}=touch '{file}'; while [ -e '{file}' ]; do sleep 0.1; done"
        for name, file in asked.items()
    ]
    env = {"PROXY_SOCKET": str(replicas.proxy.socket), "ROLLING_SECONDS": "1"}
    visitors.start()
    rolling = subprocess.Popen(
        [ROOT / "deploy" / "rolling-restart", *commands_for],
        env=os.environ | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        until = time.monotonic() + 600
        while rolling.poll() is None:
            for name, file in asked.items():
                if file.exists():
                    replicas.servers[name].stop()
                    replicas.start(name).wait_until_ready()
                    file.unlink()
            assert time.monotonic() < until, "It never ends."
            time.sleep(0.1)
    finally:
        rolling.kill()
        for file in asked.values():
            file.unlink(missing_ok=True)  # What waits for it ends.
        said = rolling.communicate()[0]
        visitors.end()

    assert (rolling.returncode, said.splitlines()) == (0, ["a is back.", "b is back."])
    assert {answer for _, answer in visitors.answered} == {200}
    settled(page)
    assert page.url == address
    page.seen.console.clear()  # The page changed its server twice.


def test_a_reload_of_the_proxy_closes_no_connection(replicas, browse):
    page = opened(browse(replicas.proxy), "/stories?q=school")
    visitors, loaded = Visitors(replicas.proxy.address, ["/healthz", "/vote/test"]), "success"
    before = replicas.proxy.said().count(loaded)
    sockets = []
    page.on("websocket", lambda socket: sockets.append(socket.url))

    visitors.start()
    try:
        replicas.proxy.process.send_signal(signal.SIGUSR2)
        until = time.monotonic() + 120
        while replicas.proxy.said().count(loaded) == before:
            assert time.monotonic() < until, replicas.proxy.said()
            time.sleep(0.05)
        reloaded = len(visitors.answered)
        while len(visitors.answered) < reloaded + 50:
            assert time.monotonic() < until
            time.sleep(0.05)
    finally:
        visitors.end()

    assert {answer for _, answer in visitors.answered} == {200}
    page.get_by_role("searchbox", name="Search").fill("fellowship")
    page.wait_for_url("**q=fellowship*")
    assert sockets == []
