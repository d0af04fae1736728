"""A file made outside the server's process, one at a time, so that a live room never feels it.

Whoever calls this waits: call it where waiting is allowed, in a script run or a worker thread.
"""

import json
import logging
import subprocess
import sys
import tempfile
import threading
from os.path import expandvars
from pathlib import Path
from typing import Literal

from exports.room import RoomResult, to_json
from words import Words, words

Kind = Literal["slides", "handout"]

CHILD = Path(__file__).with_name("apart_child.py")
SECONDS = 120.0  # Others go first; on a busy machine 30 were not enough.
LONGEST_WAIT = 60.0
BEGINS = {"slides": b"PK\x03\x04", "handout": b"%PDF-"}
# Without these, some systems cannot start a program at all. Nothing else of ours is handed on.
NEEDED = {"SYSTEMROOT": "%SYSTEMROOT%", "LD_LIBRARY_PATH": "$LD_LIBRARY_PATH"}

_log = logging.getLogger(__name__)
_turn = threading.Lock()


class ExportError(Exception):
    """A file could not be made. `code` is "busy", "time" or "failed"."""

    def __init__(self, code: Literal["busy", "time", "failed"]) -> None:
        self.code = code
        super().__init__(sentence(self, words()))


def sentence(error: ExportError, t: Words) -> str:
    """What happened and what to do next, for a visitor."""
    if error.code == "busy":
        return t("Other files are being made right now. Wait a minute and try again.")
    if error.code == "time":
        return t("The file took too long and was given up. Try again when less is going on.")
    return t("The file could not be made. The room's result is safe; try again.")


def exported(kind: Kind, result: RoomResult, *, seconds: float = SECONDS) -> bytes:
    """Make a room's slides or handout in a process of their own.

    Args:
        kind: "slides" for a PowerPoint file, "handout" for a PDF of one page.
        result: What the room found, in the language that the file is to have.
        seconds: How long the process may take.

    Raises:
        ExportError: If others were before it for a minute, or the process took too long or died.
    """
    begins, request = BEGINS[kind], to_json(result)
    if not _turn.acquire(timeout=LONGEST_WAIT):
        raise ExportError("busy")
    try:
        made = _made(kind, request, seconds)
    finally:
        _turn.release()
    if not made.startswith(begins):
        raise ExportError("failed")
    return made


def _made(kind: Kind, request: bytes, seconds: float) -> bytes:
    asked = {
        "kind": kind,
        "path": [path for path in sys.path if path],
        "seconds": int(seconds) + 1,
    }
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            done = subprocess.run(
                # -I, -S: nothing of the environment or of the folder; it is handed our own path.
                [sys.executable, "-I", "-S", "-B", str(CHILD)],
                input=json.dumps(asked).encode() + b"\n" + request,
                capture_output=True,
                cwd=folder,
                env=_environment(folder),
                timeout=seconds,
                check=False,
                creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
            )
        except subprocess.TimeoutExpired:
            _log.warning("%s took more than %s s and was given up.", kind, seconds)
            raise ExportError("time") from None
        except OSError as problem:
            _log.warning("No process could be started for %s: %s.", kind, problem)
            raise ExportError("failed") from None
    if done.returncode != 0:
        why = done.stderr[:200].decode("ascii", "replace").strip()
        _log.warning("%s ended with code %s: %s", kind, done.returncode, why)
        raise ExportError("failed")
    return done.stdout


def _environment(folder: str) -> dict[str, str]:
    """What the process sees: no settings, no keys."""
    found = {name: expandvars(variable) for name, variable in NEEDED.items()}
    kept = {name: value for name, value in found.items() if value != NEEDED[name]}
    few = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
    return {**kept, **few, "TMPDIR": folder, "TEMP": folder, "TMP": folder}
