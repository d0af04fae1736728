"""Every ballot that a phone was told is saved is there, exactly once, whatever happened."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from workshop_rooms import SUBJECT, ballot, recounted, room_in, stored, tallies, turnout

from workshop import rooms
from workshop.voters import Voters
from workshop.votes import Votes

pytest_plugins = ["workshop_places"]
HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
KEY = "0123456789abcdef" * 4
START_SECONDS = 180


@pytest.fixture
def places(request, tmp_path):
    """`places("postgresql")`: where the server and the test keep ballots."""

    def url(kind):
        if kind == "sqlite":
            return str(tmp_path / "votes" / "votes.sqlite3")
        from workshop_places import new_schema

        return new_schema(request.getfixturevalue("postgresql"))

    return url


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def serve(folder, port, votes_url):
    """The real server; it is ready when this returns."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GCS_", "STREAMLIT_"))}
    env |= {"HOME": str(folder), "GCS_STORE": str(folder / "store")}
    env |= {"GCS_SECRETS": str(folder / "secrets"), "GCS_VOTES_URL": votes_url}
    log = folder / "server.log"
    with log.open("ab") as out:
        said = out.tell()
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", ROOT / "dashboard.py"]
            + [f"--server.port={port}"],
            cwd=folder,
            env=env,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    until = time.monotonic() + START_SECONDS
    while b"is ready:" not in log.read_bytes()[said:]:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.05)
    return process


def lines_of(log):
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def saved_by(log, least, patience=300):
    """Wait until so many ballots were said to be saved."""
    until = time.monotonic() + patience
    while sum("saved" in entry for entry in lines_of(log)) < least:
        assert time.monotonic() < until, "The phones do not get through."
        time.sleep(0.05)


def require_nothing_lost(votes, room, entries):
    """Every saved ballot, or a later one of the same phone, is there once; and so it is counted."""
    voters = Voters(KEY)
    sent, saved = {}, {}
    for entry in entries:
        if "sent" in entry:
            sent[entry["sent"], entry["number"]] = entry["choices"]
        else:
            saved[entry["saved"]] = max(entry["number"], saved.get(entry["saved"], 0))
    ballots = stored(votes, room)
    for cookie, number in saved.items():
        kept = ballots[1, voters.device(room.run_id, voters.voter(cookie))]
        assert kept.number >= number
        assert kept.choices == sent[cookie, kept.number]
    assert len(ballots) <= len({cookie for cookie, _ in sent})
    counts, cast, _ = recounted(votes, room)
    assert tallies(votes, room) == counts
    assert turnout(votes, room) == cast


@pytest.mark.heavy
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no kill -9")
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_server_killed_under_load_has_lost_nothing_it_acknowledged(places, tmp_path, kind):
    url, port, log = places(kind), free_port(), tmp_path / "phones.log"
    (tmp_path / "secrets").mkdir(mode=0o700)
    (tmp_path / "secrets" / "voters.key").write_text(KEY)
    votes, chance = Votes(url), Random(kind)
    room = rooms.open_round(votes, rooms.create(votes, SUBJECT, owner="Ana").code)
    paths = os.pathsep.join(map(str, (ROOT, ROOT / "tests")))
    server = serve(tmp_path, port, url)
    phones = subprocess.Popen(
        [sys.executable, HERE / "voter.py", str(port), f"/vote/{room.code}", KEY, log],
        stdin=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": paths},
    )
    try:
        for _ in range(6):
            before = sum("saved" in entry for entry in lines_of(log))
            saved_by(log, before + chance.randint(50, 400))
            time.sleep(chance.random() / 20)  # At any moment of a group's commit.
            server.kill()
            server.wait()
            require_nothing_lost(votes, room, lines_of(log))
            server = serve(tmp_path, port, url)
        saved_by(log, sum("saved" in entry for entry in lines_of(log)) + 100)
        phones.stdin.close()
        phones.wait(300)
    finally:
        server.kill()
        server.wait()
        phones.kill()
        phones.wait()

    entries = lines_of(log)
    assert sum("saved" in entry for entry in entries) > 400
    require_nothing_lost(votes, room, entries)
    assert rooms.room(votes, room.code).state == "open"
    votes.close()


@pytest.mark.heavy
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_processes_that_write_at_once_count_every_phone_once(places, kind):
    url, chance = places(kind), Random(1)
    one, two = Votes(url), Votes(url)
    room = room_in(one)
    sent = [
        ballot(room, f"d{chance.randint(1, 60)}", f"{chance.randint(0, 5)}-", number)
        for number in range(1, 2001)
    ]

    async def both():
        # Every ballot reaches both, in another order each.
        others = chance.sample(sent, len(sent))
        return await asyncio.gather(*map(one.cast, sent), *map(two.cast, others))

    said = asyncio.run(both())

    last = {each.device: max(b.number for b in sent if b.device == each.device) for each in sent}
    assert {row.device: row.number for row in stored(one, room).values()} == last
    assert tallies(one, room) == recounted(one, room)[0]
    assert turnout(one, room) == recounted(one, room)[1]
    assert all(outcome.number > 0 for outcome in said)
    one.close()
    two.close()


@pytest.mark.heavy
def test_a_full_disk_refuses_ballots_and_keeps_those_it_has(tmp_path):
    """The quota of a small SQLite file stands for the disk."""
    from workshop.errors import VotesError

    votes = Votes(str(tmp_path / "votes.sqlite3"))
    room = room_in(votes)
    asyncio.run(votes.cast(ballot(room, "a", "55")))
    votes.write(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1"))

    async def until_full():
        saved = ["a"]
        for number in range(10_000):
            try:
                await votes.cast(ballot(room, f"d{number}", "11"))
            except VotesError:
                return saved
            saved.append(f"d{number}")
        raise AssertionError("Never full.")

    saved = asyncio.run(until_full())
    again = Votes(votes.url)

    assert {device for _, device in stored(again, room)} == set(saved)
    assert tallies(again, room) == recounted(again, room)[0]
    # There is room again: a phone that sends once more gets through.
    assert asyncio.run(again.cast(ballot(room, "late", "33"))).saved
    again.close()
    votes.close()
