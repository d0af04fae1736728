import asyncio
import json
from contextlib import asynccontextmanager

import pytest
from starlette.applications import Starlette
from test_workshop_phone import ANA, BEN, Browser
from workshop_rooms import ballot, room_in

import settings
from server import errors
from workshop import paper, rooms, screen, tables, voters
from workshop.errors import VotesError
from workshop.live import Live
from workshop.presence import LASTS, Presence
from workshop.room import LIVES
from workshop.site import Site
from workshop.snapshot import Snapshot
from workshop.tally import Turnout
from workshop.voters import Voters
from workshop.votes import Votes

pytest_plugins = ["workshop_places"]
PATIENCE = 20


@asynccontextmanager
async def looking(live):
    """A process that looks at its rooms."""
    task = asyncio.create_task(live.run())
    try:
        yield live
    finally:
        live.stop()
        await task


class Screen:
    """A projector that listens; `async for` gives what it is told, heartbeats aside."""

    def __init__(self, live, code, last=""):
        self.events = live.events(code, last)

    async def hear(self, until=lambda told: True):
        """The first snapshot that is so; earlier ones are passed over."""
        async with asyncio.timeout(PATIENCE):
            while True:
                text = (await anext(self.events)).decode()
                lines = dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)
                if "event" in lines:
                    told = json.loads(lines["data"]) | {"id": lines.get("id"), **lines}
                    if until(told):
                        return told

    async def raw(self):
        async with asyncio.timeout(PATIENCE):
            return await anext(self.events)


def test_a_screen_hears_at_once_and_then_of_every_ballot(votes):
    room = room_in(votes)

    async def workshop():
        async with looking(Live(votes)) as live:
            projector = Screen(live, room.code)
            first = await projector.hear()
            await votes.cast(ballot(room, "a", "55"))
            return first, await projector.hear()

    first, second = asyncio.run(workshop())

    assert (first["event"], first["state"], first["round"]) == ("room", "open", 1)
    assert (first["voted"], first["joined"]) == (0, 0)
    assert (second["voted"], second["joined"]) == (1, 1)
    assert first["id"] != second["id"]


def test_nothing_of_the_results_is_told_before_the_reveal(votes, clock):
    room = room_in(votes, rounds=2, ask_group=True)
    told = []

    async def workshop():
        async with looking(Live(votes)) as live:
            projector = Screen(live, room.code)
            for n in range(6):
                await votes.cast(ballot(room, f"d{n}", "5-", group="academia"))
            told.append(await projector.hear(lambda now: now["voted"] == 6))
            for step, state in ((rooms.pause, "paused"), (rooms.close, "closed")):
                await asyncio.to_thread(step, votes, room.code)
                told.append(await projector.hear(lambda now, state=state: now["state"] == state))
            await asyncio.to_thread(rooms.reveal, votes, room.code)
            shown = await projector.hear(lambda now: now["state"] == "revealed")
            for step in (rooms.hide, rooms.second_round, rooms.open_round):
                now = await asyncio.to_thread(step, votes, room.code)
                told.append(
                    await projector.hear(
                        lambda t, n=now: (t["state"], t["round"]) == (n.state, n.round)
                    )
                )
            return shown

    shown = asyncio.run(workshop())

    assert [each["results"] for each in told] == [None] * 6
    counts = {"voted", "joined", "connected", "late", "paper"}
    assert all(set(each) - counts == set(told[0]) - counts for each in told)
    trust, funding = shown["results"]["profile"]
    assert (trust["mean"], trust["n"], trust["n_5"]) == (5.0, 6, 6)
    assert (funding["mean"], funding["n"]) == (None, 0)
    assert shown["results"]["discuss"] == ["trust", "funding"]
    assert {row["stakeholder_group"] for row in shown["results"]["groups"]} == {"academia"}
    assert shown["results"]["movement"] == []


def test_a_screen_that_comes_back_hears_only_what_is_new(local):
    room = room_in(local)

    async def workshop():
        async with looking(Live(local)) as live:
            last = (await Screen(live, room.code).hear())["id"]
            again = Screen(live, room.code, last)
            assert await again.raw() == b"retry: 1000\n\n"
            await asyncio.to_thread(rooms.close, local, room.code)
            return await again.hear()

    assert asyncio.run(workshop())["state"] == "closed"


def test_a_quiet_stream_has_a_heartbeat(local, monkeypatch):
    room = room_in(local)
    monkeypatch.setattr("workshop.live.HEARTBEAT", 0.01)

    async def workshop():
        async with looking(Live(local)) as live:
            projector = Screen(live, room.code)
            await projector.hear()
            return await projector.raw()

    assert asyncio.run(workshop()) == b": still here\n\n"


def test_streams_end_when_the_server_stops(local):
    room = room_in(local)

    async def workshop():
        live = Live(local)
        async with looking(live):
            projector = Screen(live, room.code)
            await projector.hear()
            live.stop()
            with pytest.raises(StopAsyncIteration):
                await projector.raw()

    asyncio.run(workshop())


def test_a_room_whose_time_is_over_is_gone(local, clock):
    room = room_in(local)

    async def workshop():
        async with looking(Live(local)) as live:
            projector = Screen(live, room.code)
            await projector.hear()
            clock.now += LIVES + 1
            return await projector.hear()

    assert asyncio.run(workshop())["event"] == "gone"


def test_two_processes_see_each_others_ballots_and_phones(votes):
    room = room_in(votes)
    other = Votes(votes.url, votes.clock)

    async def workshop():
        here, there = Live(votes), Live(other)
        async with looking(here), looking(there):
            projector = Screen(here, room.code)
            await projector.hear()
            there.heard(room, "phone")
            await other.cast(ballot(room, "phone", "55"))
            shared = 1 if votes.shared else 0  # One process has an SQLite file to itself.
            return await projector.hear(
                lambda now: (now["voted"], now["joined"], now["connected"]) == (1, 1, shared)
            )

    assert asyncio.run(workshop())["voted"] == 1
    other.close()


def test_joined_connected_and_voted_are_three_numbers(local):
    room = room_in(local)

    async def workshop():
        async with looking(Live(local)) as live:
            projector = Screen(live, room.code)
            for device in ("a", "b", "c", "a"):
                live.heard(room, device)
            await local.cast(ballot(room, "a", "5-"))
            await asyncio.to_thread(paper.add_ballot, local, room, {"trust": 3})
            return await projector.hear(lambda now: now["paper"] == 1 and now["joined"] == 3)

    now = asyncio.run(workshop())
    assert (now["joined"], now["connected"], now["voted"]) == (3, 3, 2)


def test_a_database_that_is_gone_leaves_the_room_on_the_screen(local, monkeypatch, caplog):
    room = room_in(local)

    async def workshop():
        async with looking(Live(local)) as live:
            await Screen(live, room.code).hear()
            failed = asyncio.Event()
            loop = asyncio.get_running_loop()

            def gone(question, empty):
                loop.call_soon_threadsafe(failed.set)
                raise VotesError("votes_unreadable") from OSError("gone")

            monkeypatch.setattr(local, "read", gone)
            async with asyncio.timeout(PATIENCE):
                await failed.wait()
            return await live.room(room.code), live.snapshot(room.code)

    known, snapshot = asyncio.run(workshop())
    assert known == room
    assert snapshot.room == room
    assert "Rooms cannot be read" in caplog.text


def test_a_phone_counts_as_connected_for_fifteen_seconds():
    now = [0.0]
    presence = Presence(lambda: now[0])
    assert presence.heard(1, "a")
    now[0] = LASTS
    assert not presence.heard(1, "a")
    presence.heard(1, "b")
    presence.heard(2, "a")

    now[0] = 2 * LASTS
    assert presence.connected() == {1: 2, 2: 1}
    now[0] += 0.1
    assert presence.connected() == {}


def test_a_snapshot_without_results_has_no_number_of_any_gene(local):
    room = room_in(local)

    told = json.loads(Snapshot(room, 3, Turnout(2, 1, 0), None).as_json())

    assert told["results"] is None
    assert not {gene.gene_id for gene in room.genes} & set(
        json.dumps(told).replace('"', " ").split()
    )


# What the projector's keys do


@pytest.fixture
def site(local):
    return Site(local, Voters(ANA))


@pytest.fixture
def projector(site):
    app = Starlette(routes=screen.routes(lambda: site), exception_handlers=errors.HANDLERS)
    return Browser(app)


def press(projector, room, do, key):
    return projector.post(f"/screen/{room.code}/command", {"do": do}, x_screen_key=key)


def test_the_screens_key_drives_its_room(projector, site, local):
    room = room_in(local, "lobby")
    key = site.voters.screen_key(room)

    states = [press(projector, room, do, key).json["state"] for do in ("open", "close", "reveal")]

    assert states == ["open", "closed", "revealed"]
    assert rooms.room(local, room.code).state == "revealed"
    refused = press(projector, room, "pause", key)
    assert (refused.status, refused.json["code"]) == (409, "not_now")


@pytest.mark.parametrize("whose", ["none", "another room", "another server", "forged"])
def test_without_the_rooms_own_key_nothing_happens(projector, site, local, whose):
    room, other = room_in(local, "lobby"), room_in(local, "lobby")
    key = {
        "none": "",
        "another room": site.voters.screen_key(other),
        "another server": Voters(BEN).screen_key(room),
        "forged": "x" * 43,
    }[whose]

    reply = press(projector, room, "open", key)

    assert (reply.status, reply.json["code"]) == (403, "not_yours")
    assert rooms.room(local, room.code).state == "lobby"


@pytest.mark.parametrize("do", ["", "reset", "discard", "saved", "__class__"])
def test_what_only_the_desk_may_do_is_no_key(projector, site, local, do):
    room = room_in(local)

    reply = press(projector, room, do, site.voters.screen_key(room))

    assert (reply.status, reply.json["code"]) == (422, "unknown_command")


def test_nobody_listens_to_a_room_that_is_not_there(projector):
    assert projector.get("/screen/CFHJKM/events").status == 404


def test_the_voters_key_is_made_once_and_never_a_sample(tmp_path, monkeypatch):
    monkeypatch.setenv("GCS_SECRETS", str(tmp_path / "secrets"))
    voters._of.cache_clear()
    room = type("Room", (), {"room_id": 7})
    first = voters.here().screen_key(room)
    path = tmp_path / "secrets" / "voters.key"
    voters._of.cache_clear()

    assert voters.here().screen_key(room) == first
    assert path.stat().st_mode & 0o077 == 0
    assert [each.name for each in path.parent.iterdir()] == ["voters.key"]

    for sample in ("0" * 64, "change-me", ""):
        path.write_text(sample)
        voters._of.cache_clear()
        with pytest.raises(settings.SettingError):
            voters.here()
    voters._of.cache_clear()


def test_rounds_of_old_processes_do_not_count_as_connected(votes, clock):
    room = room_in(votes)
    row = {"process": "old", "run_id": room.run_id, "connected": 9, "at": clock.now - LASTS}
    votes.write(lambda connection: connection.execute(tables.PRESENCE.insert(), [row]))

    async def workshop():
        async with looking(Live(votes)) as live:
            return await Screen(live, room.code).hear()

    assert asyncio.run(workshop())["connected"] == 0
