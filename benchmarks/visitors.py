"""Visitors of a Streamlit or a Dash server: the load, in a process and on a core of its own.

A visitor opens a page over Streamlit's own WebSocket, changes one widget again and again, and each
time waits for the end of the script, as a browser does. `asked(…)` starts the process and returns
what it saw: the milliseconds of each change, and the processor time of the server per change.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from random import Random

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

ENDS = {"script_finished"}
WORDS = ("cyber", "school", "network", "norms", "women")
CHOICES = 5  # A visitor goes round these; after one round, what they show has been shown before.


class Visitor:
    """One browser on a page of a Streamlit server."""

    def __init__(self, asked):
        self.asked, self.turn, self.widget = asked, 0, None
        # As a browser does: what came is kept by its hash, with the run that last showed it, and
        # the server sends what is kept as its hash alone.
        self.kept, self.runs, self.oldest, self.received = {}, 0, 0, 0

    async def open(self):
        """Connect, and run the page."""
        # What a browser does: compressed where the server offers it.
        self.socket = await connect(
            f"ws://localhost:{self.asked['port']}/_stcore/stream",
            subprotocols=["streamlit"],
            max_size=None,
            open_timeout=120,
            ping_interval=None,  # A browser asks no server whether it is still there; it waits.
        )
        await self.run(BackMsg())

    async def run(self, message):
        """Run the page; the milliseconds until its script has ended."""
        message.rerun_script.page_name = self.asked["page"]
        message.rerun_script.query_string = self.asked.get("query", "")
        message.rerun_script.cached_message_hashes.extend(self.kept)
        start = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        ended = False
        while not ended:
            sent = await self.socket.recv()
            self.received += len(sent)
            forward = ForwardMsg.FromString(sent)
            ended = forward.WhichOneof("type") in ENDS
            self.keep(forward)
            if self.widget is None:
                self.look_for_the_widget(forward)
        self.runs += 1
        self.kept = {h: seen for h, seen in self.kept.items() if self.runs - seen <= self.oldest}
        if self.widget is None and self.asked.get("widget"):
            raise SystemExit(f"{self.asked['page']} has no widget {self.asked['widget']}.")
        return 1000 * (time.perf_counter() - start)

    def keep(self, forward):
        """Keep a message if the server says so; one that is sent as its hash must be here."""
        kind = forward.WhichOneof("type")
        if kind == "new_session":
            self.oldest = forward.new_session.config.max_cached_message_age
        elif kind == "ref_hash":
            if forward.ref_hash not in self.kept:
                raise SystemExit("The server sent the hash of a message that nobody kept.")
            self.kept[forward.ref_hash] = self.runs
        elif forward.metadata.cacheable:
            self.kept[forward.hash] = self.runs

    def look_for_the_widget(self, forward):
        """Remember what the visitor is going to change."""
        wanted = self.asked.get("widget")
        if wanted and forward.WhichOneof("type") == "delta":
            element = forward.delta.new_element
            kind = element.WhichOneof("type") or ""
            widget = getattr(element, kind, None)
            if getattr(widget, "id", "").endswith(f"-{wanted}"):
                self.widget = kind, widget.id, list(getattr(widget, "options", ()))

    async def act(self):
        """Change the widget; the milliseconds until the page's script has ended."""
        message, self.turn = BackMsg(), self.turn + 1
        if self.widget:
            kind, widget_id, options = self.widget
            state = message.rerun_script.widget_states.widgets.add(id=widget_id)
            place = self.turn % CHOICES
            if kind == "text_input":
                state.string_value = WORDS[place]
            elif kind == "multiselect":
                state.string_array_value.data.extend(options[place : place + 2])
            else:
                state.string_value = options[place]
        return await self.run(message)

    async def close(self):
        """Go away."""
        await self.socket.close()


class DashVisitor:
    """One browser on a Dash page: each change is a POST that is answered with the outputs."""

    def __init__(self, asked):
        self.asked, self.turn, self.received = asked, 0, 0

    async def open(self):
        """Load the page and what its script asks for first."""
        self.client = httpx.AsyncClient(
            base_url=f"http://localhost:{self.asked['port']}", timeout=120
        )
        for address in ("/", "/_dash-layout"):
            (await self.client.get(address)).raise_for_status()
        (self.callback,) = (await self.client.get("/_dash-dependencies")).json()

    async def act(self):
        """Choose another story; the milliseconds until the charts are there."""
        self.turn += 1
        (asked,) = self.callback["inputs"]
        output = self.callback["output"]
        each = output.strip(".").split("...")
        ids = [dict(zip(("id", "property"), name.rsplit(".", 1), strict=True)) for name in each]
        value = self.asked["values"][self.turn % CHOICES]
        body = {
            "output": output,
            "outputs": ids,
            "inputs": [asked | {"value": value}],
            "changedPropIds": [f"{asked['id']}.{asked['property']}"],
        }
        start = time.perf_counter()
        try:
            answer = await self.client.post("/_dash-update-component", json=body)
        except (httpx.ReadError, httpx.RemoteProtocolError):
            # The server has closed a connection on which nothing came: a browser asks again.
            answer = await self.client.post("/_dash-update-component", json=body)
        answer.raise_for_status()
        self.received += len(answer.content)
        return 1000 * (time.perf_counter() - start)

    async def close(self):
        """Go away."""
        await self.client.aclose()


def used(pids):
    """Seconds of processor that these processes have used."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def taken_by_others():
    """Ticks of all cores so far: those that the machine's host gave to others, and all of them."""
    ticks = [int(each) for each in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return ticks[7], sum(ticks)


async def together(visitors, times):
    """All at once, again and again."""
    taken = []
    for _ in range(times):
        taken += await asyncio.gather(*(each.act() for each in visitors))
    return taken


async def paced(visitors, every, seconds):
    """Each on its own, once in so many seconds; late ones begin as soon as they can."""
    chance, start, taken = Random(1), time.perf_counter(), []

    async def one(visitor, due):
        while due < seconds:
            await asyncio.sleep(max(0.0, start + due - time.perf_counter()))
            began = start + due  # Who had to wait for the visit before has waited.
            await visitor.act()
            taken.append(1000 * (time.perf_counter() - began))
            due += every

    await asyncio.gather(*(one(each, chance.uniform(0, every)) for each in visitors))
    return taken


async def client(asked):
    """Open the pages, warm up, act; what was seen."""
    kind = DashVisitor if asked.get("dash") else Visitor
    pages = asked["pages"]
    visitors = [kind(asked | pages[n % len(pages)]) for n in range(asked["visitors"])]
    for some in range(0, len(visitors), 20):
        await asyncio.gather(*(each.open() for each in visitors[some : some + 20]))
    for _ in range(asked["warm"]):
        for each in visitors[: len(pages)]:
            await each.act()
    received = sum(each.received for each in visitors)
    busy, host, start = used(asked["pids"]), taken_by_others(), time.perf_counter()
    taken = []
    if asked.get("every"):
        taken = await paced(visitors, asked["every"], asked["seconds"])
    elif asked.get("times"):
        taken = await together(visitors, asked["times"])
    others, ticks = (now - then for now, then in zip(taken_by_others(), host, strict=True))
    seen = {
        "taken": sorted(taken),
        "bytes": (sum(each.received for each in visitors) - received) / max(len(taken), 1),
        "host": others / max(ticks, 1),
        "busy": used(asked["pids"]) - busy,
        "seconds": time.perf_counter() - start,
    }
    if asked.get("wait"):
        print("open", flush=True)
        await asyncio.to_thread(sys.stdin.read)  # Until whoever asked closes it.
    await asyncio.gather(*(each.close() for each in visitors))
    return seen


def asked(server, pages, core, *, visitors=1, times=20, warm=CHOICES, every=0, seconds=0):
    """Send visitors to a server from a process on this core.

    Returns `taken` (milliseconds of each change, sorted; `p50` and `p95` of them), `cpu` (the
    server's milliseconds of processor for a change), `bytes` (received for a change, before they
    were compressed for the way), `busy` (the server's seconds of processor) in `seconds`, and
    `host` (the share of all processors that the host gave to others meanwhile).

    Args:
        server: Port, pids and whether it is Dash, as `servers` gives them.
        pages: What is opened, in turn: page, query and the key of the widget that is changed.
        core: Where the visitors run.
        visitors, times: How many, and how often all act at once.
        warm: How often each page is changed before anything counts.
        every, seconds: Instead of all at once: each once in so many seconds, for so long.
    """
    wanted = {
        "pages": pages,
        "visitors": visitors,
        "times": times,
        "warm": warm,
        "every": every,
        "seconds": seconds,
    }
    command = [sys.executable, __file__, json.dumps(server.told() | wanted)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        os.sched_setaffinity(running.pid, {core})
        output, _ = running.communicate()
    if running.returncode:
        raise RuntimeError(f"The visitors of {server.name} failed.")
    seen = json.loads(output)
    print(".", end="", file=sys.stderr, flush=True)
    seen["cpu"] = 1000 * seen["busy"] / len(seen["taken"])
    for name, share in (("p50", 0.5), ("p95", 0.95)):
        seen[name] = seen["taken"][int(share * (len(seen["taken"]) - 1))]
    return seen


@contextmanager
def idle(server, pages, core, visitors):
    """So many visitors who have opened a page and do nothing, until the block ends."""
    wanted = {"pages": pages, "visitors": visitors, "warm": 0, "times": 0, "wait": True}
    command = [sys.executable, __file__, json.dumps(server.told() | wanted)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        os.sched_setaffinity(running.pid, {core})
        if running.stdout.readline().strip() != "open":
            raise RuntimeError(f"The visitors of {server.name} failed.")
        yield
        running.stdin.close()
        running.stdout.read()


if __name__ == "__main__":
    import uvloop

    try:
        print(json.dumps(uvloop.run(client(json.loads(sys.argv[1])))))
    except (OSError, WebSocketException, httpx.HTTPError) as problem:
        sys.exit(f"\nThe visitors gave up: {type(problem).__name__}: {problem}")
