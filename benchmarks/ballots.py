"""How many durable ballots a room takes: `python benchmarks/ballots.py [--seconds 60]`.

The real server runs on one core; phones, screens and facilitators are a process of their own on
another. A ballot has seven genes and counts when the answer "saved" has arrived. A thousand are
sent each second by 2,000 phones in turn: one that changed its mind every second would soon be told
that it is too often. Besides, all the time: 1,000 of them ask for the state every five seconds, 200
screens listen, and five facilitators' desks are open, which look at the room once a second. Then
1,000 phones press Send within one second, 1,000 open the page within ten, and at last as many send
as the server can take, from several addresses, because from one it takes 2,000 a second at most. At
the end the store must hold every ballot that was answered with "saved", and count them right.

The last lines set that beside SQLite alone on the same disk in the same run: groups of as many
rows in one transaction, with the same durability and nothing else.
"""

import argparse
import asyncio
import gc
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import httpx  # noqa: E402
import uvloop  # noqa: E402
from sqlalchemy import func, select  # noqa: E402

import gcs_data  # noqa: E402
from workshop import rooms, tables  # noqa: E402
from workshop.subject import subject  # noqa: E402
from workshop.voters import Voters  # noqa: E402
from workshop.votes import Votes  # noqa: E402

PHONES, SCREENS, FACILITATORS = 1_000, 200, 5
VOTERS = 2 * PHONES
ADDRESSES = 10  # Of this machine, from which the most come that it takes.
PAUSE = 0.04  # Seconds that somebody who sleeps five milliseconds is late, and nobody here is why.
READY = re.compile(r"is ready: http://localhost:(\d+)")
LINK = re.compile(r"http://localhost:\d+/signin/link/\S+")
STORY = "women-in-cyber-fellowship"
BODY = "_run=1&_round=1&_number={number}&{answers}"


class Line(asyncio.Protocol):
    """One kept connection to the server, one request at a time."""

    def __init__(self):
        self.waiting, self.received = None, b""

    def connection_made(self, transport):
        """Remember where to write."""
        self.transport = transport

    def data_received(self, data):
        """Take an answer when it is whole."""
        self.received += data
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator or self.waiting is None:
            return
        length = re.search(rb"content-length: (\d+)", head)
        if len(body) >= (int(length[1]) if length else 0):
            waiting, self.waiting, self.received = self.waiting, None, b""
            if not waiting.done():
                waiting.set_result((int(head[9:12]), body))

    def connection_lost(self, _problem):
        """Whoever waits need not wait any more."""
        if self.waiting and not self.waiting.done():
            self.waiting.set_result((0, b""))

    async def ask(self, request):
        """Send a request and wait for status and body; status 0 is a lost connection."""
        self.waiting = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self.waiting


class Phone:
    """A browser with its cookie; connects again when the server has hung up."""

    def __init__(self, asked, cookie, address="127.0.0.1"):
        self.asked, self.cookie, self.line, self.number = asked, cookie, None, 0
        self.saved = 0  # The number of its last ballot that the server said was saved.
        self.address = address
        self.turn = asyncio.Lock()  # The page's script has one ballot under way at a time.

    async def ask(self, method, path, body=b"", accept="application/json"):
        """One request; the status and how long it took in milliseconds."""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: localhost:{self.asked['port']}\r\n"
            f"Cookie: gcs_voter={self.cookie}\r\nAccept: {accept}\r\nAccept-Encoding: gzip\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        start = time.perf_counter()
        for _ in range(3):
            if self.line is None or self.line.transport.is_closing():
                _, self.line = await asyncio.get_running_loop().create_connection(
                    Line, "127.0.0.1", self.asked["port"], local_addr=(self.address, 0)
                )
            status, answer = await self.line.ask(head.encode() + body)
            if status:
                break
        return status, answer, 1000 * (time.perf_counter() - start)

    async def vote(self, chance, log, begun=None):
        """Send a ballot of seven genes; the milliseconds until it was saved go to the log."""
        start = time.perf_counter()
        async with self.turn:
            status, answer = await self.send(chance)
            if saved := status == 200 and b'"saved":true' in answer:
                self.saved = self.number
        log.append(1000 * (time.perf_counter() - start) if saved else status)
        if begun is not None:
            begun.append(start)

    async def send(self, chance):
        """Send the next ballot; status and body of the answer."""
        self.number += 1
        answers = "&".join(f"{gene}={chance.randint(0, 5)}" for gene in self.asked["genes"])
        body = BODY.format(number=self.number, answers=answers).encode()
        status, answer, _ = await self.ask("POST", self.asked["path"], body)
        return status, answer


async def spread(seconds, calls):
    """Begin these calls evenly over some seconds, and wait for all."""
    start, tasks = time.perf_counter(), []
    for place, call in enumerate(calls):
        due = start + seconds * place / len(calls)
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        tasks.append(asyncio.ensure_future(call()))
    await asyncio.gather(*tasks)


async def poll(phone, chance):
    """Ask for the state as the page's script does."""
    while True:
        await asyncio.sleep(chance.uniform(3, 7))
        await phone.ask("GET", f"{phone.asked['path']}/state")


async def events(asked, key=""):
    """What a screen hears: one snapshot after the other; with its key, the room's own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", asked["port"], limit=2**20)
    path = asked["path"].replace("vote", "screen")
    head = f"GET {path}/events HTTP/1.1\r\nHost: localhost:{asked['port']}\r\n"
    writer.write(f"{head}X-Screen-Key: {key}\r\n\r\n".encode())
    while line := await reader.readline():
        if line.startswith(b"data:"):
            yield line


async def listen(asked, heard):
    """Hear what a projector hears."""
    async for _ in events(asked):
        heard["events"] += 1


async def tap(asked, voters, chance, seen):
    """Twice a second, a new phone votes; the milliseconds until the projector shows it."""
    await asyncio.sleep(3)  # By then every other phone has voted once.
    screen, phone, votes = events(asked, asked["screen_key"]), Phone(asked, ""), 0
    votes = json.loads((await anext(screen))[5:])["voted"]
    while True:
        phone.cookie, phone.number = voters.new_cookie(), 0
        start = time.perf_counter()
        voting = asyncio.ensure_future(phone.vote(chance, []))
        async for line in screen:
            if (now := json.loads(line[5:])["voted"]) > votes:
                votes = now
                break
        seen.append(1000 * (time.perf_counter() - start))
        await voting
        await asyncio.sleep(0.5)


async def facilitate(asked, runs):
    """Have the desk of the room open as somebody signed in, in a browser that is left alone.

    The desk tells the browser which of its parts to ask for again and how often: what the room is
    doing once a second.
    """
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from websockets.asyncio.client import connect

    address = f"ws://localhost:{asked['port']}/_stcore/stream"
    room = asked["path"].rpartition("/")[2]
    message = BackMsg()
    message.rerun_script.page_name = "present"
    message.rerun_script.query_string = f"room={room}"
    signed_in = {"Cookie": asked["facilitator"]}
    async with connect(
        address, subprotocols=["streamlit"], max_size=None, additional_headers=signed_in
    ) as socket:
        parts, shows_room = await run_of(socket, message, room)
        if not shows_room or not parts:
            raise RuntimeError("This is not the desk.")
        due = dict.fromkeys(parts, 0.0)
        while True:
            part = min(due, key=due.get)
            await asyncio.sleep(max(0.0, due[part] - time.perf_counter()))
            start = time.perf_counter()
            due[part] = start + parts[part]
            message.rerun_script.fragment_id = part
            message.rerun_script.is_auto_rerun = True
            await run_of(socket, message, room)
            runs.append(1000 * (time.perf_counter() - start))


async def run_of(socket, message, room):
    """Wait for the end of a run: the parts to ask for again with their seconds, and more."""
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    await socket.send(message.SerializeToString())
    parts, shows_room, forward = {}, False, ForwardMsg()
    while forward.WhichOneof("type") != "script_finished":
        sent = await socket.recv()
        shows_room = shows_room or room.encode() in sent
        forward = ForwardMsg.FromString(sent)
        if forward.WhichOneof("type") == "auto_rerun":
            parts[forward.auto_rerun.fragment_id] = forward.auto_rerun.interval
    return parts, shows_room


def used(asked):
    """Seconds of processor that the server has used."""
    fields = Path(f"/proc/{asked['pid']}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def client(asked):
    """Everything that is not the server; returns what it measured."""
    chance, voters = Random(1), Voters(asked["key"])
    phones = [Phone(asked, voters.new_cookie()) for _ in range(VOTERS)]
    heard, runs = Counter(), []
    beside = [asyncio.ensure_future(poll(Phone(asked, p.cookie), chance)) for p in phones[:PHONES]]
    beside += [asyncio.ensure_future(listen(asked, heard)) for _ in range(SCREENS)]
    beside += [asyncio.ensure_future(facilitate(asked, runs)) for _ in range(FACILITATORS)]
    measured = {}
    await asyncio.sleep(5)
    gc.disable()  # A pause of the phones is none of the server's.

    def votes(log, rounds, begun=None):
        turns = (phones * -(-rounds * PHONES // VOTERS))[: rounds * PHONES]
        return [lambda p=p: p.vote(chance, log, begun) for p in turns]

    log, begun, seen, busy = [], [], [], used(asked)
    start = time.perf_counter()
    tapping = asyncio.ensure_future(tap(asked, voters, chance, seen))
    await spread(asked["seconds"], votes(log, asked["seconds"], begun))
    tapping.cancel()
    measured["steady"], measured["steady_seconds"] = log, time.perf_counter() - start
    measured["begun"] = begun
    measured["steady_busy"], measured["seen"] = used(asked) - busy, seen
    await asyncio.sleep(10)  # The buckets fill again.
    log = []
    await spread(1, votes(log, 1))
    measured["send"] = log
    new, log = [Phone(asked, "") for _ in range(PHONES)], []

    async def load(phone):
        status, _, taken = await phone.ask("GET", asked["path"], accept="text/html")
        log.append(taken if status == 200 else status)

    await spread(10, [lambda p=p: load(p) for p in new])
    measured["load"] = log
    for task in beside:
        if task.done():
            print("Ended early:", task, file=sys.stderr)
        task.cancel()
    measured["events"], measured["runs"] = heard["events"], runs
    measured["flood"], measured["flood_seconds"], measured["flood_busy"] = await flood(
        asked, voters, chance
    )
    flooded = sum(isinstance(each, float) for each in measured["flood"])
    measured["cast"] = sum(p.saved for p in phones) + flooded
    measured["tapped"] = len(seen)
    return measured


async def flood(asked, voters, chance, lines=100, each=100):
    """As many ballots as the server takes: each line sends one after the other, as new phones."""
    log = []

    async def one_line(place):
        phone = Phone(asked, "", f"127.0.0.{10 + place % ADDRESSES}")
        for _ in range(each):
            phone.cookie, phone.number = voters.new_cookie(), 0
            await phone.vote(chance, log)

    start, busy = time.perf_counter(), used(asked)
    await asyncio.gather(*(one_line(place) for place in range(lines)))
    return log, time.perf_counter() - start, used(asked) - busy


def served(folder, core):
    """Start the real server on one core; the process, its port, a facilitator's cookies."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GCS_", "STREAMLIT_"))}
    env |= {
        "HOME": str(folder),
        "GCS_STORE": str(folder / "store"),
        "GCS_SECRETS": str(folder / "secrets"),
        "GCS_VOTES_URL": str(folder / "votes.sqlite3"),
    }
    log = folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", ROOT / "dashboard.py", "--server.port=0"],
            env=env,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    os.sched_setaffinity(process.pid, {core})
    while not (ready := READY.search(log.read_text())):
        if process.poll() is not None:
            raise SystemExit(log.read_text())
        time.sleep(0.1)
    return process, int(ready[1]), signed_in(LINK.search(log.read_text())[0])


def signed_in(link):
    """The cookies of whoever opened the link that the server printed."""
    with httpx.Client(follow_redirects=True) as browser:
        browser.get(link).raise_for_status()
        return "; ".join(f"{name}={value}" for name, value in browser.cookies.items())


def bare(folder, size, rows=20_000):
    """Rows a second into SQLite alone, so many in a transaction."""
    with sqlite3.connect(folder / f"bare-{size}.sqlite3", isolation_level=None) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE b (run, round, device, choices, PRIMARY KEY (device))")
        rows -= rows % size
        start = time.perf_counter()
        for first in range(0, rows, size):
            connection.execute("BEGIN IMMEDIATE")
            group = [(1, 1, f"{place:032x}", "1234501") for place in range(first, first + size)]
            connection.executemany("INSERT INTO b VALUES (?, ?, ?, ?)", group)
            connection.execute("COMMIT")
        return rows / (time.perf_counter() - start)


def exact(votes, room, cast, tapped):
    """Whether the counts in the store are those of the ballots, and every ballot is there."""

    def counted(connection):
        mine = tables.BALLOTS.c.run_id == room.run_id
        counts = Counter()
        for choices in connection.scalars(select(tables.BALLOTS.c.choices).where(mine)):
            counts.update((gene, int(score)) for gene, score in enumerate(choices))
        tallies = select(tables.TALLIES.c.gene, tables.TALLIES.c.score, tables.TALLIES.c.n)
        stored = {
            (gene, score): n
            for gene, score, n in connection.execute(
                tallies.where(tables.TALLIES.c.run_id == room.run_id)
            )
            if n
        }
        last = connection.scalar(select(func.sum(tables.BALLOTS.c.number)).where(mine))
        # The last tap may or may not have arrived when the taps ended.
        return counts == stored and last - cast - tapped in (0, 1)

    return votes.read(counted, False)


def report(name, log):
    """Print a line of percentiles; what is no time in milliseconds is a failure."""
    taken = sorted(each for each in log if isinstance(each, float))
    if not taken:
        print(f"{name:44} never")
        return
    middle, late, last = (taken[int(share * (len(taken) - 1))] for share in (0.5, 0.99, 1))
    failed = f"   {len(log) - len(taken)} FAILED" if len(taken) < len(log) else ""
    print(f"{name:44} p50 {middle:7.1f} ms   p99 {late:7.1f} ms   slowest {last:7.1f} ms{failed}")


def main():
    """Start everything, wait, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--folder", help="where the databases are (a temporary folder)")
    parser.add_argument("--client", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.client:
        asked = json.loads(wanted.client)
        Path(asked["answer"]).write_text(json.dumps(uvloop.run(client(asked))))
        return
    cores = sorted(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(dir=wanted.folder) as name:
        folder = Path(name)
        process, port, facilitator = served(folder, cores[0])
        try:
            measured, is_exact = against(
                folder, process.pid, port, facilitator, cores[-1], wanted.seconds
            )
        finally:
            process.terminate()
            process.wait()
        steady, flooded = len(measured["steady"]), len(measured["flood"])
        rate = flooded / measured["flood_seconds"]
        print(f"{steady / measured['steady_seconds']:.0f} ballots a second for {wanted.seconds} s:")
        report("  saved", measured["steady"])
        lost = sum(after - before for before, after in measured["pauses"])
        print(
            f"  the machine itself stood still {len(measured['pauses'])} times, {lost:.2f} s in all"
        )
        report("  saved, at other times", undisturbed(measured))
        report("  from a tap to the screen", measured["seen"])
        report("  what the desk shows, drawn anew", measured["runs"])
        report(f"{PHONES} phones send within a second: saved", measured["send"])
        report(f"{PHONES} phones open the page within 10 s", measured["load"])
        report(f"as many as it takes, {rate:.0f} a second: saved", measured["flood"])
        busy = measured["steady_busy"] / measured["steady_seconds"]
        alone = 1000 * measured["flood_busy"] / flooded
        print(f"the server's core is {busy:.0%} busy at the steady rate, all the rest included;")
        print(f"a ballot alone costs it {alone:.2f} ms")
        print(f"the counts in the store are {'exact' if is_exact else 'WRONG'}")
        for size in (1, 10, 30):
            alone = bare(folder, size)
            print(f"SQLite alone, groups of {size:2}: {alone:8.0f} rows a second", end="")
            print(f"   the server takes {rate / alone:.3f} of that")


def watch(over, pauses):
    """Note when nothing ran on this machine: a virtual one stands still when its host is busy."""
    while not over.is_set():
        before = time.perf_counter()
        time.sleep(0.005)
        if (after := time.perf_counter()) - before > PAUSE:
            pauses.append((before, after))


def undisturbed(measured):
    """The ballots that were not under way while the machine stood still, nor right behind one."""
    return [
        taken
        for taken, start in zip(measured["steady"], measured["begun"], strict=True)
        if not any(
            start < after + (after - before) and before < start + taken / 1000
            for before, after in measured["pauses"]
        )
    ]


def against(folder, pid, port, facilitator, core, seconds):
    """Run the client on its core against a new room; what it measured, and if the counts hold."""
    votes = Votes(str(folder / "votes.sqlite3"))
    story = subject(gcs_data.Store(folder / "store", ROOT / "data"), STORY)
    room = rooms.create(votes, story, owner="benchmark")
    rooms.open_round(votes, room.code)
    asked = {
        "pid": pid,
        "port": port,
        "path": f"/vote/{room.code}",
        "genes": [gene.gene_id for gene in room.genes],
        "key": (folder / "secrets" / "voters.key").read_text(),
        "seconds": seconds,
        "answer": str(folder / "answer.json"),
        "facilitator": facilitator,
        "screen_key": Voters((folder / "secrets" / "voters.key").read_text()).screen_key(room),
    }
    command = [sys.executable, __file__, "--client", json.dumps(asked)]
    over, pauses = threading.Event(), []
    watching = threading.Thread(target=watch, args=(over, pauses), daemon=True)
    watching.start()
    with subprocess.Popen(command) as running:
        os.sched_setaffinity(running.pid, {core})
        running.wait()
    over.set()
    watching.join()
    if running.returncode:
        raise SystemExit("The client failed.")
    measured = json.loads(Path(asked["answer"]).read_text()) | {"pauses": pauses}
    result = exact(votes, room, measured["cast"], measured["tapped"])
    votes.close()
    return measured, result


if __name__ == "__main__":
    main()
