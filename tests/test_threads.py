"""Threads change hands quickly while a room votes, and only then."""

import asyncio
import sys

import pytest
from workshop_rooms import room_in

from workshop import rooms, threads
from workshop.live import Live

pytest_plugins = ["workshop_places"]


@pytest.fixture(autouse=True)
def as_usual():
    yield
    threads.give_way(voting=False)


def test_they_do_while_a_room_votes_and_no_longer_when_it_is_closed(local):
    room = room_in(local)

    async def until(voting):
        wanted = threads.WHILE_VOTING if voting else threads.USUAL
        async with asyncio.timeout(20):
            while sys.getswitchinterval() != pytest.approx(wanted, rel=0.1):
                await asyncio.sleep(0.02)

    async def workshop():
        live = Live(local)
        looking = asyncio.create_task(live.run())
        await until(voting=True)
        await asyncio.to_thread(rooms.close, local, room.code)
        await until(voting=False)
        live.stop()
        await looking

    asyncio.run(workshop())
