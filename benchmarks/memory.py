"""Memory of an idle visitor and after 1,000 visits; and how long a start takes."""

import subprocess
import sys
import time
from statistics import median

import servers
from interaction import PAGES
from servers import ROOT
from table import Row, at_most
from visitors import asked, idle

SLOWER_START = 1.5
VISITS, IDLE = 1_000, 100
COLLECTED = 8.0  # Seconds: the server below collects unused memory every two.
# Everything of others that our server has imported when it is ready, imported and nothing else.
LISTED = """
import sys
sys.path.insert(0, sys.argv[1])
import dashboard, ui.warm, ui.story, ui.dna
import streamlit.web.bootstrap, streamlit.web.server.starlette.starlette_server, uvicorn
ours = {"dashboard", "settings", "labels", "words", "__main__"}
ours |= {"gcs_data", "figures", "ui", "server", "workshop", "exports"}
for name, module in sys.modules.items():
    if name.partition(".")[0] not in ours and getattr(module, "__spec__", None):
        print(name)
"""
BARE = """
import importlib, sys
for name in sys.stdin.read().split():
    try:
        importlib.import_module(name)
    except ImportError:
        pass
"""


def rows(core, visitors_core, short):
    """The rows of the table."""
    visits, together = (40, 20) if short else (VISITS, IDLE)
    story = [PAGES["story"]]
    with servers.ours(core, GCS_COLLECT_SECONDS="2") as mine:
        mine.wait_until_compressed()
        asked(mine, story, visitors_core, times=5)
        time.sleep(COLLECTED)
        fresh = mine.resident()
        with idle(mine, story, visitors_core, together):
            time.sleep(COLLECTED)
            waiting = (mine.resident() - fresh) / together
        before = mine.resident()
        for _ in range(visits // together):
            with idle(mine, story, visitors_core, together):
                pass
        time.sleep(COLLECTED)
        after = mine.resident()
    return [
        Row("memory of the server after one visitor", f"{fresh:.0f} MB"),
        Row("memory of an idle visitor on Story", f"{waiting:.2f} MB"),
        Row(
            f"memory after {visits:,} more visits that ended",
            f"{after - before:+.0f} MB, {1000 * (after - before) / visits:.0f} kB each (kept ten "
            "minutes for whoever comes back)",
        ),
        _start(core, 1 if short else 5),
    ]


def _start(core, times):
    """From the command to the first healthy answer, beside the imports alone."""
    listed = subprocess.run(
        [sys.executable, "-c", LISTED, ROOT], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    pairs = [(_started(core), _imported(core, listed)) for _ in range(times + 1)][1:]
    ours, bare = (median(column) for column in zip(*pairs, strict=True))
    return at_most(
        "start to healthy, to the bare imports",
        median(mine / alone for mine, alone in pairs),
        SLOWER_START,
        detail=f"{ours:.1f} s and {bare:.1f} s on one core",
    )


def _started(core):
    start = time.perf_counter()
    with servers.ours(core):
        return time.perf_counter() - start


def _imported(core, listed):
    start = time.perf_counter()
    subprocess.run(
        ["taskset", "-c", str(core), sys.executable, "-c", BARE],
        input=listed,
        text=True,
        check=True,
    )
    return time.perf_counter() - start
