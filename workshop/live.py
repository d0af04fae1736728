"""What a server process knows of its rooms, at most a tenth of a second old.

Phones ask for the state from memory; screens are told when something changed. What other
processes write to the same PostgreSQL is seen in the same way, because it is read from there.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from anyio import to_thread
from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from workshop.ballots import join, locked
from workshop.errors import VotesError
from workshop.presence import LASTS, Presence
from workshop.room import LIVES, Room, found, room
from workshop.snapshot import Snapshot, taken
from workshop.tables import PRESENCE, ROOMS, RUNS
from workshop.threads import give_way
from workshop.votes import Votes

LOG = logging.getLogger("gcs")
INTERVAL = 0.1
IDLE = 1.0  # Seconds between two looks while there is no room.
HEARTBEAT = 10.0  # Seconds after which a screen hears that we are still there.
TELL_OTHERS = 2.0  # Seconds between two notes to the other processes.


class Live:
    """The rooms that are alive, as one process sees them. For the event loop's thread."""

    def __init__(self, votes: Votes) -> None:
        self.votes = votes
        self.presence = Presence()
        self.stopping = False
        self._process = secrets.token_hex(8)
        self._snapshots: dict[str, tuple[Snapshot, str]] = {}
        self._changed: dict[str, asyncio.Event] = {}
        self._joining: dict[int, set[str]] = {}
        self._told: tuple[float, Mapping[int, int]] = (0.0, {})

    def heard(self, room: Room, device: str) -> None:
        """Note that a phone of this room asked for something, with our cookie."""
        if self.presence.heard(room.run_id, device):
            self._joining.setdefault(room.run_id, set()).add(device)

    async def room(self, code: str) -> Room:
        """The room with this code, tidied.

        Raises:
            UnknownRoomError: If there is none.
            VotesError: If it is not in memory and the database cannot be read.
        """
        known = self._snapshots.get(code)
        return known[0].room if known else await to_thread.run_sync(room, self.votes, code)

    def snapshot(self, code: str) -> Snapshot | None:
        """The last snapshot of a room; None until there is one, and at the end."""
        known = self._snapshots.get(code)
        return known[0] if known else None

    async def events(self, code: str, last: str = "", waits: float = 0) -> AsyncIterator[bytes]:
        """What a screen is sent: a snapshot each time something changed, the first at once.

        Server-sent events named `room`, whose id is the snapshot's name; one named `gone` when the
        room's time is over, and comments as heartbeats.

        Args:
            code: The room's code.
            last: The id that the screen has already.
            waits: Seconds between two snapshots at least; what comes meanwhile is in the next.
        """
        yield b"retry: 1000\n\n"
        while not self.stopping:
            known = self._snapshots.get(code)
            if known and known[0].name != last:
                last = known[0].name
                yield f"id: {last}\nevent: room\ndata: {known[1]}\n\n".encode()
                if waits:
                    await asyncio.sleep(waits)
                    continue
            changed = await self._change(code, HEARTBEAT)
            if self.stopping:
                return
            if not changed:
                yield b": still here\n\n"
            elif code not in self._snapshots:
                yield b"event: gone\ndata: {}\n\n"
                return

    async def run(self) -> None:
        """Look again and again, until `stop`."""
        silent = False
        # Its own thread: whatever else waits for one must not hold the screens up.
        with ThreadPoolExecutor(1, "look-at-rooms") as thread:
            while not self.stopping:
                connected = self.presence.connected()
                self._let_join()
                try:
                    looking = asyncio.get_running_loop().run_in_executor(
                        thread, self._look, connected
                    )
                    self._show(await looking)
                    give_way(any(each.room.is_voting for each, _ in self._snapshots.values()))
                    self._tell_others(connected)
                    silent = False
                except VotesError as problem:
                    if not silent:
                        LOG.error("Rooms cannot be read: %s", problem.__cause__)
                    silent = True
                await self._nap(INTERVAL if self._snapshots and not silent else IDLE)

    def stop(self) -> None:
        """End every screen's stream, so that the server can stop. From any thread, once running."""
        self.stopping = True
        for code in list(self._changed):
            self._tell(code)

    async def _nap(self, seconds: float) -> None:
        """Sleep, but not through the end."""
        if seconds < IDLE:
            await asyncio.sleep(seconds)
        else:
            await self._change("", seconds)

    async def _change(self, code: str, seconds: float) -> bool:
        if self.stopping:
            return True
        changed = self._changed.setdefault(code, asyncio.Event())
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await changed.wait()
        return False

    def _tell(self, code: str) -> None:
        if changed := self._changed.pop(code, None):
            changed.set()

    def _show(self, looked: dict[str, Snapshot]) -> None:
        before, self._snapshots = self._snapshots, {}
        for code, snapshot in looked.items():
            known = before.get(code)
            same = known is not None and known[0] is snapshot
            self._snapshots[code] = known if known and same else (snapshot, snapshot.as_json())
            if not same:
                self._tell(code)
        for code in before.keys() - looked.keys():
            self._tell(code)

    def _look(self, connected: Mapping[int, int]) -> dict[str, Snapshot]:
        """In a thread: a snapshot of each room that is alive; the one there is if it still fits."""
        known = self._snapshots

        def look(connection: Connection) -> dict[str, Snapshot]:
            since = self.votes.clock() - LIVES
            rooms = found(connection, RUNS.c.run_id == ROOMS.c.run_id, ROOMS.c.used_at >= since)
            elsewhere = self._elsewhere(connection) if rooms and self.votes.shared else {}
            now = {}
            for each in rooms:
                n = connected.get(each.run_id, 0) + elsewhere.get(each.run_id, 0)
                old = known.get(each.code)
                same = old is not None and (old[0].room, old[0].connected) == (each, n)
                now[each.code] = old[0] if old and same else taken(connection, each, n)
            return now

        empty: dict[str, Snapshot] = {}
        return self.votes.read(look, empty)

    def _let_join(self) -> None:
        """Count whoever came since the last look, all in one transaction."""
        if joining := self._joining:
            self._joining = {}

            def change(connection: Connection) -> None:
                for run_id in locked(connection, joining):
                    join(connection, run_id, joining[run_id])

            self.votes.write_soon(change)

    def _elsewhere(self, connection: Connection) -> dict[int, int]:
        """How many phones the other processes hear from, by run."""
        fresh = PRESENCE.c.at > self.votes.clock() - LASTS
        asked = select(PRESENCE.c.run_id, func.sum(PRESENCE.c.connected)).where(
            PRESENCE.c.process != self._process, fresh
        )
        return {row[0]: row[1] for row in connection.execute(asked.group_by(PRESENCE.c.run_id))}

    def _tell_others(self, connected: Mapping[int, int]) -> None:
        """Write down how many phones this process hears from, for the others."""
        if not self.votes.shared or not (connected or self._told[1]):
            return
        now = self.votes.clock()
        if now - self._told[0] < TELL_OTHERS:
            return
        runs = {**dict.fromkeys(self._told[1], 0), **connected}
        rows = [
            {"process": self._process, "run_id": run_id, "connected": n, "at": now}
            for run_id, n in runs.items()
        ]
        self._told = (now, dict(connected))
        self.votes.write_soon(lambda connection: connection.execute(_PRESENT, rows))


_inserted: Any = insert(PRESENCE)
_PRESENT = _inserted.on_conflict_do_update(
    index_elements=["process", "run_id"],
    set_={name: _inserted.excluded[name] for name in ("connected", "at")},
)
