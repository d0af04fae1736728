"""Publishers for the fault tests, run as processes of their own.

python publisher.py race STORE SHIPPED LOG NAME COUNT
python publisher.py kill-each-step STORE SHIPPED LOG
python publisher.py kill-first-publish STORE SHIPPED LOG
python publisher.py kill-at-random STORE SHIPPED LOG SEED COUNT
python publisher.py die-at STORE SHIPPED LOG NUMBER

What was acknowledged is written to LOG, durably, as one JSON line each: the client's own account.
"""

import json
import os
import random
import signal
import sys
import threading
from itertools import count
from pathlib import Path
from time import monotonic

import pandas as pd
from tiny_data import event, frame

from gcs_data import place, proposal
from gcs_data.errors import PublishConflictError
from gcs_data.incoming.read import read_here
from gcs_data.incoming.understand import understand
from gcs_data.store import Store, current, load, publish


def add(store, log, event_id):
    """Add one event to whatever is there, again after each conflict, and log it."""
    while True:
        base = current(store)
        try:
            release = BY[os.environ.get("PUBLISH_BY", "store")](store, base, event_id)
        except PublishConflictError:
            continue
        acknowledge(log, event=event_id, release=release.number)
        return


def by_store(store, base, event_id):
    events = pd.concat(
        [load(store, "events", base), frame("events", event(event_id))], ignore_index=True
    )
    return publish(store, {"events": events}, base=base, who="child", why=event_id)


def by_upload(store, base, event_id):
    """The way of the page "Manage data": a file, read, understood, proposed and published."""
    content = frame("events", event(event_id)).to_csv(index=False).encode()
    known = {name: load(store, name, base) for name in ("events", "stories", "countries")}
    understood = understand(read_here(content, "events.csv"), known)
    made = proposal.proposed(store, base, understood)
    return proposal.publish(store, made, who="child", why=event_id, file_name="events.csv")


BY = {"store": by_store, "upload": by_upload}


def acknowledge(log, **what):
    with open(log, "a", encoding="utf-8") as file:
        file.write(json.dumps(what) + "\n")
        file.flush()
        os.fsync(file.fileno())


def race(store, log, name, times):
    for number in range(int(times)):
        add(store, log, f"{name}-{number}")


def kill_each_step(store, log):
    """Kill a publisher at its first step, the next at its second, until one gets through."""
    for number in count(1):
        last_words, killed = forked(dying, store, log, number)
        acknowledge(log, killed=f"dead-{number}" if killed else None, step=last_words)
        add(store, log, f"alive-{number}")
        if not killed:
            return


def kill_first_publish(store, log):
    """The same with the first publish of a store, which also brings in what was shipped."""
    for number in count(1):
        fresh = Store(f"{store.location}/{number:03d}", store.shipped)
        _, killed = forked(dying, fresh, log, number)
        add(fresh, log, "alive")
        if not killed:
            return


def dying(store, log, number):
    left = iter(range(number - 1))

    def step(name):
        if next(left, None) is None:
            os.write(PIPE[1], name.encode())
            os.kill(os.getpid(), signal.SIGKILL)

    place.step = step
    add(store, log, f"dead-{number}")


def die_at(store, log, number):
    """Die at this step, or get through. A process of its own: threads of obstore outlive no fork.

    What it died at is the last line of its errors.
    """
    left = iter(range(int(number) - 1))

    def step(name):
        if next(left, None) is None:
            os.write(2, json.dumps({"step": name}).encode() + b"\n")
            os.kill(os.getpid(), signal.SIGKILL)

    place.step = step
    add(store, log, f"dead-{number}")


def kill_at_random(store, log, seed, times):
    """Kill publishers after up to four times what a publish takes, here and now.

    A machine may be ten times slower than another, and than itself a minute ago: a fixed time
    would kill all of them before they published, or none while they did.
    """
    chance = random.Random(int(seed))
    add(store, log, "warm")  # Or children die importing what a first publish needs.
    for number in range(int(times)):
        began = monotonic()
        add(store, log, f"pace-{number}")
        forked(busy, store, log, f"busy-{number}", chance.uniform(0, 4 * (monotonic() - began)))


def busy(store, log, name, delay):
    """Publish without end, until a clock that knows nothing of it ends the process."""
    threading.Timer(delay, os.kill, (os.getpid(), signal.SIGKILL)).start()
    for number in count():
        add(store, log, f"{name}-{number}")


PIPE = ()


def forked(work, *arguments):
    """Run in a child process; return what it wrote to the pipe and whether it was killed."""
    global PIPE
    PIPE = os.pipe()
    child = os.fork()
    if child == 0:
        work(*arguments)
        os._exit(0)
    os.close(PIPE[1])
    _, status = os.waitpid(child, 0)
    said = os.read(PIPE[0], 1000).decode()
    os.close(PIPE[0])
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, status
    return said, os.WIFSIGNALED(status)


if __name__ == "__main__":
    mode, location, shipped, *rest = sys.argv[1:]
    modes = {
        "race": race,
        "kill-each-step": kill_each_step,
        "kill-first-publish": kill_first_publish,
        "kill-at-random": kill_at_random,
        "die-at": die_at,
    }
    modes[mode](Store(location, Path(shipped)), *rest)
