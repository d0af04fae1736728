"""The real server, started as a person would start it."""

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent.parent
READY = re.compile(r"is ready: http://localhost:(\d+)")
START_SECONDS = 180


@dataclass
class Server:
    """A running `streamlit run dashboard.py`."""

    process: subprocess.Popen
    log: Path
    address: str = ""

    def said(self):
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_until_ready(self):
        until = time.monotonic() + START_SECONDS
        while not (ready := READY.search(self.said())):
            assert self.process.poll() is None, f"The server stopped:\n{self.said()}"
            assert time.monotonic() < until, f"The server did not start:\n{self.said()}"
            time.sleep(0.05)
        self.address = f"http://localhost:{ready[1]}"

    def wait_until_compressed(self):
        """Wait for the assets; the first time on a machine this takes a minute."""
        until = time.monotonic() + 300
        while b'"ready"' not in self.health():
            assert time.monotonic() < until, f"Nothing was compressed:\n{self.said()}"
            time.sleep(0.2)

    def health(self):
        with urlopen(f"{self.address}/healthz", timeout=60) as answer:
            return answer.read()

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(folder, dashboard=ROOT / "dashboard.py", port=0, **env):
    """Start a server with these settings, from a folder that is not the project's."""
    log = folder / "server.log"
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GCS_", "STREAMLIT_"))
    }
    # A developer's own ~/.streamlit/config.toml must not decide what is tested.
    ours = {"HOME": str(folder), "USERPROFILE": str(folder), "PYTHONUTF8": "1"}
    ours["GCS_STORE"] = str(folder / "Mes données #1")
    ours["GCS_SECRETS"] = str(folder / "secrets")
    ours["GCS_VOTES_URL"] = str(folder / "votes" / "votes.sqlite3")
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", dashboard, f"--server.port={port}"],
            cwd=folder,
            env=inherited | ours | env,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    return Server(process, log)
