"""The process that reads one file. `read` starts it; it imports nothing of a server.

It is run as a file, not as a module: `gcs_data/__init__.py` loads pandas and the store, which takes
longer than reading most files. In: one line of JSON, then the file. Out: lines of JSON, each a
message as in `read`; what it says is checked there.
"""

import gc
import json
import sys
import types
from pathlib import Path
from typing import Any


def main() -> None:
    """Read the file on the standard input and write what it holds to the standard output."""
    gc.disable()  # It ends soon; looking for cycles among a million cells takes long.
    request = json.loads(sys.stdin.buffer.readline())
    sys.path[:] = request["path"]
    _limit(request["limits"])
    package: Any = types.ModuleType("gcs_data")
    package.__path__ = [str(Path(__file__).resolve().parent.parent)]
    sys.modules["gcs_data"] = package
    _read(request)


def _limit(limits: dict[str, Any]) -> None:
    """Keep this process within its limits, where the system knows such limits."""
    try:
        import os
        import resource
    except ImportError:  # Windows; the parent watches the clock, and the memory if it can.
        return
    for kind, most, more in (
        (resource.RLIMIT_AS, limits["memory"], 0),
        (resource.RLIMIT_CPU, limits["cpu"], 1),  # Time to say which limit it was.
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_FSIZE, 0, 0),
    ):
        try:
            resource.setrlimit(kind, (most, most + more))
        except (ValueError, OSError):  # macOS knows the first, but does not hold it.
            continue
    os.nice(2)  # The pages come first, but a busy machine must not stop it.


def _read(request: dict[str, Any]) -> None:
    from gcs_data.incoming.answer import messages
    from gcs_data.incoming.contents import contents
    from gcs_data.incoming.limits import MILLION, Refused

    def say(stage: str, done: float) -> None:
        _write({"stage": [stage, done]})

    content = sys.stdin.buffer.read()
    try:
        found = contents(content, request["name"], request["headers"], request["encoding"], say)
        say("handing_over", 0.0)
        for message in messages(found):
            _write(message)
    except Refused as refused:
        _write({"refused": [refused.code, refused.values]})
    except MemoryError:
        most = request["limits"]["memory"] // MILLION
        _write({"refused": ["upload_memory", {"most": most}]})


def _write(message: dict[str, Any]) -> None:
    out = sys.stdout.buffer
    out.write(json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
    out.flush()


if __name__ == "__main__":
    main()
