"""Servers to measure, each on one core: ours, and the peers beside it."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
BENCH = ROOT / ".venv" / "bench"  # What only benchmarks need; see requirements-bench.txt.
PEERS = Path(__file__).resolve().parent / "peers"
FIRST_PORT = 8631
PATIENCE = 120  # Seconds.


@dataclass
class Server:
    """A running server."""

    name: str
    process: subprocess.Popen
    port: int
    folder: Path
    values: tuple = ()  # What a Dash visitor chooses among.

    def told(self):
        """What visitors need to know of it."""
        dash = {"dash": True, "values": self.values} if self.values else {}
        return {"port": self.port, "pids": self.pids(), **dash}

    def pids(self):
        """It and the processes that it started."""
        tasks = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [self.process.pid, *map(int, tasks.read_text().split())]

    def resident(self):
        """Megabytes of memory."""
        pages = sum(int(Path(f"/proc/{p}/statm").read_text().split()[1]) for p in self.pids())
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def address(self, path=""):
        """Where a browser finds it."""
        return f"http://localhost:{self.port}{path}"

    def wait_until_compressed(self):
        """Wait for what ours does beside its visitors in its first minute on a machine."""
        until = time.monotonic() + 3 * PATIENCE
        while time.monotonic() < until:
            with urlopen(self.address("/healthz"), timeout=PATIENCE) as answer:
                if b'"ready"' in answer.read():
                    return
            time.sleep(0.2)
        raise RuntimeError("Nothing was compressed.")

    def log(self):
        """What it has printed."""
        return (self.folder / "server.log").read_text(errors="replace")


@contextmanager
def running(name, command, *, port, core, folder=None, env=None, values=(), ready=None):
    """A server on a core until the block ends.

    Args:
        name: What it is called in the table.
        command: What starts it.
        port: Where it listens.
        core: What it runs on.
        folder: Where it is started; a temporary one by default.
        env: Settings beside what every server gets.
        values: What a Dash visitor chooses among.
        ready: The address that answers once it is ready.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GCS_", "STREAMLIT_"))}
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(folder or temporary)
        with (place / "server.log").open("wb") as out:
            process = subprocess.Popen(
                command,
                cwd=place,
                env=kept | {"HOME": temporary} | (env or {}),
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        server = Server(name, process, port, place, values)
        try:
            os.sched_setaffinity(process.pid, {core})
            _wait(server, ready)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(server, ready):
    until = time.monotonic() + PATIENCE
    while True:
        if server.process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"{server.name} did not start:\n{server.log()}")
        try:
            with urlopen(server.address(ready), timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.02)


@contextmanager
def ours(core, port=FIRST_PORT, **env):
    """Our own server, on an empty store unless GCS_STORE says another."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "GCS_STORE": f"{folder}/store",
            "GCS_SECRETS": f"{folder}/secrets",
            "GCS_VOTES_URL": f"{folder}/votes.sqlite3",
        }
        command = [sys.executable, "-m", "streamlit", "run", ROOT / "dashboard.py"]
        with running(
            "ours",
            [*command, f"--server.port={port}"],
            port=port,
            core=core,
            env=settings | env,
            ready="/healthz",
        ) as server:
            yield server


@contextmanager
def streamlit(name, script, core, port, *options, our_settings=False):
    """A Streamlit script on stock settings, or on the server settings of ours."""
    with tempfile.TemporaryDirectory() as folder:
        if our_settings:
            shutil.copytree(ROOT / ".streamlit", Path(folder) / ".streamlit")
        else:
            options += ("--server.headless=true", "--browser.gatherUsageStats=false")
        shutil.copy(PEERS / script, folder)
        command = [sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}"]
        with running(
            name,
            [*command, *options],
            port=port,
            core=core,
            folder=folder,
            env={"PEER_DATA": str(ROOT / "data")},
            ready="/_stcore/health",
        ) as server:
            yield server


def empty(core, port=FIRST_PORT + 1):
    """A page with one list on our server settings: what nobody can go below."""
    return streamlit("empty page", "empty.py", core, port, our_settings=True)


def plain(core, port=FIRST_PORT + 2):
    """The Story view, written plainly, on stock settings."""
    return streamlit("plain Streamlit, stock", "plain_story.py", core, port)


def plain_without_collection(core, port=FIRST_PORT + 3):
    """The same with the collection after each run off."""
    option = "--runner.postScriptGC=false"
    return streamlit("plain, collection off", "plain_story.py", core, port, option)


def dash(core, values, port=FIRST_PORT + 4):
    """The same radar, map and table in Dash, served by gunicorn."""
    command = [sys.executable, "-m", "gunicorn", "--threads=4", f"--bind=localhost:{port}"]
    return running(
        "Dash",
        [*command, f"--chdir={PEERS}", "dash_app:server"],
        port=port,
        core=core,
        env={"PEER_DATA": str(ROOT / "data"), "PYTHONPATH": str(BENCH)},
        values=tuple(values),
        ready="/_dash-layout",
    )
