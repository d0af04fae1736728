"""The process that writes comments into an uploaded workbook. `annotated` starts it.

It is run as a file, with nothing but what it is handed, and with limits: a second library opens a
stranger's file here. In: a line of JSON, then the file. Out: the new file, or nothing.
"""

import json
import sys


def main() -> None:
    """Read the request and the workbook, write the workbook with its problems."""
    request = json.loads(sys.stdin.buffer.readline())
    sys.path[:] = request["path"]
    _limit(request["memory"], request["seconds"])
    from exports.annotated_own import annotated

    sys.stdout.buffer.write(annotated(sys.stdin.buffer.read(), request["said"]))


def _limit(memory: int, seconds: int) -> None:
    """Keep this process within its limits, where the system knows such limits."""
    try:
        import os
        import resource
    except ImportError:  # Windows; the parent watches the clock.
        return
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):  # macOS knows the first, but does not hold it.
            continue
    os.nice(2)  # The pages come first, but a busy machine must not stop it.


if __name__ == "__main__":
    main()
