"""Reading a file in a process that can be lost."""

import json
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from os.path import expandvars
from pathlib import Path
from typing import IO

from gcs_data.incoming.answer import Answer
from gcs_data.incoming.contents import Contents
from gcs_data.incoming.limits import MILLION, MOST_TABLE, MOST_TEXT, Limits, Refused

CHILD = Path(__file__).with_name("child.py")
AT_ONCE = 2  # Files that are read at the same time; the pages need some of the machine too.
LONGEST_WAIT = 120.0
LOOKED_EVERY = 0.1  # Seconds between two looks at a process that has no limits of its own.
MOST_OUTPUT = 4 * MOST_TEXT + 8 * MOST_TABLE
# Without these, some systems cannot start a program at all. Nothing else of ours is handed on.
NEEDED = {"SYSTEMROOT": "%SYSTEMROOT%", "LD_LIBRARY_PATH": "$LD_LIBRARY_PATH"}

# A reader that cannot have the memory that it wants aborts; the system's own guard kills.
ENDS = {
    getattr(signal, name, None): code
    for name, code in (
        ("SIGXCPU", "upload_time"),
        ("SIGABRT", "upload_memory"),
        ("SIGKILL", "upload_memory"),
    )
}

_turns = threading.BoundedSemaphore(AT_ONCE)


def contents(
    content: bytes,
    name: str,
    headers: Sequence[str],
    encoding: str | None,
    progress: Callable[[str, float], None],
    limits: Limits,
) -> Contents:
    """What a file holds, read by another process.

    Raises:
        Refused: As `contents.contents`, or if the process needs too much or breaks down.
    """
    progress("waiting", 0.0)
    if not _turns.acquire(timeout=LONGEST_WAIT):
        raise Refused("upload_busy")
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            with _Child(folder, limits) as child:
                child.ask(content, name, headers, encoding)
                return child.answer(progress)
    finally:
        _turns.release()


class _Child:
    """A running process that reads one file; gone when its `with` ends, however it ends."""

    def __init__(self, folder: str, limits: Limits) -> None:
        self._limits = limits
        self._stopped_for = ""
        self._process = subprocess.Popen(
            # -I, -S: nothing of the environment or of the folder; it is handed our own path.
            [sys.executable, "-I", "-S", "-B", str(CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=_environment(folder),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._ended = threading.Event()
        self._watch = threading.Thread(target=self._watch_over, daemon=True)

    def __enter__(self) -> "_Child":
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._process.kill()
        self._watch.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # It had not read everything.
                    pass
        self._process.wait()

    def _watch_over(self) -> None:
        """End the process when its time is over, or its memory where the system does not."""
        until = time.monotonic() + self._limits.wall
        memory = _memory_of(self._process.pid)
        while not self._ended.wait(min(max(until - time.monotonic(), 0), LOOKED_EVERY)):
            if time.monotonic() >= until:
                self._stop("upload_time")
            elif memory is not None and memory() > self._limits.memory:
                self._stop("upload_memory")

    def _stop(self, code: str) -> None:
        self._stopped_for = self._stopped_for or code
        self._process.kill()

    def ask(self, content: bytes, name: str, headers: Sequence[str], encoding: str | None) -> None:
        """Hand over the file."""
        request = {
            "path": [path for path in sys.path if path],
            "limits": {"memory": self._limits.memory, "cpu": self._limits.cpu},
            "name": name,
            "headers": list(headers),
            "encoding": encoding,
        }
        pipe = _open(self._process.stdin)
        try:
            pipe.write(json.dumps(request).encode() + b"\n")
            pipe.write(content)
            pipe.close()
        except OSError:  # It is gone already; the answer says why.
            pass

    def answer(self, progress: Callable[[str, float], None]) -> Contents:
        """What it says in the end.

        Raises:
            Refused: If it refuses the file, or says nothing sensible before it ends.
        """
        answer = Answer()
        for message in self._messages():
            answer.take(message)
            if answer.contents is not None:
                return answer.contents
            if answer.stage is not None:
                progress(*answer.stage)
        raise self._reason()

    def _messages(self) -> Iterator[bytes]:
        pipe, left = _open(self._process.stdout), MOST_OUTPUT
        while line := pipe.readline(left + 1):
            left -= len(line)
            if left < 0:
                raise Refused("upload_memory", most=self._limits.memory // MILLION)
            if not line.endswith(b"\n"):  # It ended in the middle of a word.
                return
            yield line

    def _reason(self) -> Refused:
        """Why it ended without an answer."""
        code = self._stopped_for or ENDS.get(-self._process.wait(), "upload_crashed")
        most = {"most": self._limits.memory // MILLION} if code == "upload_memory" else {}
        return Refused(code, **most)


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # It was asked for.
    return pipe


def _environment(folder: str) -> dict[str, str]:
    found = {name: expandvars(variable) for name, variable in NEEDED.items()}
    kept = {name: value for name, value in found.items() if value != NEEDED[name]}
    # Threads and pools of their own would take much of the address space.
    few = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
    few["ARROW_DEFAULT_MEMORY_POOL"] = "system"
    return {**kept, **few, "TMPDIR": folder, "TEMP": folder, "TMP": folder}


def _memory_of(pid: int) -> Callable[[], int] | None:
    """What tells how much memory a process has; None where it cannot take too much, or none can."""
    if sys.platform == "linux":
        return None
    try:
        import psutil  # type: ignore[import-untyped]
    except ImportError:
        return None
    found = psutil.Process(pid)

    def memory() -> int:
        try:
            return int(found.memory_info().rss)
        except psutil.Error:  # It has ended.
            return 0

    return memory
