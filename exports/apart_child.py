"""The process that makes one file. `apart` starts it.

It is run as a file, with nothing but what it is handed. In: a line of JSON, then the room's result
as JSON. Out: the file. Where it fails it says on stderr what kind of error it was and where, but
nothing of what it was handed.
"""

import json
import sys


def main() -> int:
    """Read the request and the result, write the file."""
    request = json.loads(sys.stdin.buffer.readline())
    sys.path[:] = request["path"]
    step_back(request["seconds"])
    try:
        file = _file(request["kind"], sys.stdin.buffer.read())
    except Exception as problem:
        sys.stderr.write(f"{type(problem).__name__} at {_place(problem)}")
        return 1
    sys.stdout.buffer.write(file)
    return 0


def _file(kind: str, content: bytes) -> bytes:
    from exports.room import from_json
    from words import words

    result = from_json(content)
    t = words(result.language)
    if kind == "slides":
        from exports.slides import presentation

        return presentation(result, t=t)
    from exports.handout import handout

    return handout(result, t=t)


def step_back(seconds: int) -> None:
    """Let everybody else go first, and end with the parent's patience, where the system can."""
    try:
        import os
        import resource
    except ImportError:  # Windows; the parent sets the priority and watches the clock.
        return
    for kind, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):  # A stricter limit is there already.
            continue
    os.nice(10)


def _place(problem: BaseException) -> str:
    trace = problem.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"


if __name__ == "__main__":
    sys.exit(main())
