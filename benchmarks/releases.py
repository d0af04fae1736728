"""Publishing and opening a release with 1, 100 and 1,000 releases behind it."""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from servers import ROOT
from table import Row, at_most

import gcs_data

SLOWER = 1.3
TIMES, PUBLISHES = 15, 5
LOOKED_AGAIN = 2.1  # Seconds after which a process looks for newer releases.
# A process that has seen nothing of the store yet, its imports aside.
OPEN = """
import sys, time, gcs_data
from pathlib import Path
store = gcs_data.Store(sys.argv[1], Path(sys.argv[2]))
start = time.perf_counter()
gcs_data.load(store, "events", gcs_data.current(store))
print(1000 * (time.perf_counter() - start))
"""


def rows(_core, _visitors_core, short):
    """The rows of the table."""
    depths = (1, 100) if short else (1, 100, 1000)
    events = gcs_data.load(gcs_data.Store("", ROOT / "data"), "events", 0)
    with TemporaryDirectory() as name:
        stores = {depth: gcs_data.Store(Path(name) / str(depth), ROOT / "data") for depth in depths}
        for depth, store in stores.items():
            _publish(store, events)
            _deepen(store.location / "releases", depth)
        # Turn by turn: the machine's host may have other guests at one time than at another.
        turns = [{depth: _opened(store) for depth, store in stores.items()} for _ in range(TIMES)]
        published = {
            depth: median(_publish(store, events) for _ in range(PUBLISHES))
            for depth, store in stores.items()
        }
    opened = {depth: median(turn[depth] for turn in turns) for depth in depths}
    first, last = depths[0], depths[-1]
    said = ", ".join(f"{n:,}: {ms:.1f} ms" for n, ms in opened.items())
    wrote = ", ".join(f"{n:,}: {ms:.0f} ms" for n, ms in published.items())
    return [
        at_most(
            f"opening a release with {last:,} behind it to one with {first}",
            median(turn[last] / turn[first] for turn in turns),
            SLOWER,
            detail=f"median of {TIMES} rounds; {said}",
        ),
        Row("publishing a release, by how many are behind it", wrote),
    ]


def _publish(store, events):
    """One more release: a new note at the first event. The time in milliseconds."""
    base = gcs_data.current(store)
    new = events.copy()
    new.loc[0, "title"] = f"Event as of release {base + 1}"
    start = perf_counter()
    gcs_data.publish(store, {"events": new}, base=base, who="bench", why="One more")
    return 1000 * (perf_counter() - start)


def _deepen(folder, depth):
    """Give a store more releases like its first."""
    text = (folder / "000001.json").read_text()
    for number in range(2, depth + 1):
        manifest = text.replace('"release": 1', f'"release": {number}', 1)
        (folder / f"{number:06d}.json").write_text(manifest)
    time.sleep(LOOKED_AGAIN)


def _opened(store):
    command = [sys.executable, "-c", OPEN, store.location, store.shipped]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout)
