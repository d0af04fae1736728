"""The data from the command line: `python -m gcs_data COMMAND`, `--help` says the rest.

Exit codes: 0 done, 1 the data has problems (all are listed), 2 it could not be done at all.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import settings
from gcs_data import store, uploads
from gcs_data.arguments import parser
from gcs_data.errors import GcsDataError, InvalidDataError, PublishConflictError
from gcs_data.incoming.remembered import Confirmed, confirmed
from gcs_data.people import People
from gcs_data.store import Release, Store
from words import words

OK, PROBLEMS, FAILED = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; what went wrong is said on stderr."""
    asked = parser(RUNS).parse_args(arguments)
    # A pipe or a console of another alphabet must not end a publish half-way through its report.
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")
    try:
        run: Callable[[argparse.Namespace], int] = asked.run
        return run(asked)
    except InvalidDataError as error:
        print(error, file=sys.stderr)
        return PROBLEMS
    except (GcsDataError, settings.SettingError) as error:
        print(error, file=sys.stderr)
        return FAILED
    except OSError as error:
        print(f"{error.filename or 'The system'}: {error.strerror or error}.", file=sys.stderr)
        return FAILED


def _build(arguments: argparse.Namespace) -> int:
    from gcs_data.build import build

    target = settings.data_folder()
    for name, rows in (build(arguments.source or target / "source", target) or {}).items():
        print(f"{name}: {rows} rows")
    return OK


def _check(arguments: argparse.Namespace) -> int:
    try:
        found = _uploaded(arguments)
    except GcsDataError as error:
        if arguments.json:
            print(json.dumps({"error": {"code": error.code, "message": str(error)}}))
        raise
    if arguments.json:
        print(json.dumps(uploads.as_json(found), ensure_ascii=False, indent=1))
    else:
        _say(found)
    return PROBLEMS if found.proposal.problems else OK


def _say(found: uploads.Upload) -> None:
    problems = found.proposal.problems
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problem(s) found." if problems else "No problems found.")
    for note in found.understood.notes:
        print(f"Note: {note.message}")
    _say_changes(found)


def _say_changes(found: uploads.Upload) -> None:
    """How many rows change, for every dataset of which the files hold rows."""
    for name, compared in found.proposal.changes.items():
        if compared or len(found.understood.frames[name]):
            counts = (f"{count} {what}" for what, count in compared.counts.items())
            print(f"{name}: {', '.join(counts)}")


def _publish(arguments: argparse.Namespace) -> int:
    found = _uploaded(arguments)
    for row in found.proposal.left_out:
        for problem in row.problems:
            print(f"Left out: {problem}", file=sys.stderr)
    release = uploads.publish_upload(
        _opened(),
        found,
        _wishes(arguments),
        People(settings.secrets_folder()),
        _confirmed(),
        who=arguments.who,
        why=arguments.reason,
    )
    _report(release)
    _say_changes(found)
    return OK


def _uploaded(arguments: argparse.Namespace) -> uploads.Upload:
    """The files of a command, compared with the current release."""
    reading = uploads.together(arguments.files)
    opened = _opened()
    newest = store.current(opened)
    if arguments.base not in (None, newest):
        raise PublishConflictError(arguments.base, newest)
    people = People(settings.secrets_folder())
    return uploads.upload(opened, reading, _wishes(arguments), people, _confirmed(), newest)


def _wishes(arguments: argparse.Namespace) -> uploads.Wishes:
    return uploads.Wishes(
        arguments.dataset or "", arguments.scale or "", arguments.leave_out_bad, arguments.replace
    )


def _confirmed() -> Confirmed:
    return confirmed(settings.secrets_folder() / "confirmed")


def _template(arguments: argparse.Namespace) -> int:
    from exports.templates import NAMES, REFERRED, template

    names = NAMES if arguments.name == "all" else (arguments.name,)
    opened = _opened()
    published = {name: store.load(opened, name) for name in REFERRED}
    content = template(names, published, t=words(arguments.language))
    return _write(content, arguments.output or Path(f"template-{arguments.name}.xlsx"), arguments)


def _export(arguments: argparse.Namespace) -> int:
    from exports.dataset_file import dataset_file

    frame = store.load(_opened(), arguments.name, arguments.release)
    content = dataset_file(arguments.name, frame, arguments.format, t=words(arguments.language))
    output = arguments.output or Path(f"{arguments.name}.{arguments.format}")
    return _write(content, output, arguments)


def _write(content: bytes, path: Path, arguments: argparse.Namespace) -> int:
    """Write a file; only one that was named is overwritten."""
    with path.open("wb" if arguments.output else "xb") as file:
        file.write(content)
    print(path)
    return OK


def _forget(arguments: argparse.Namespace) -> int:
    if People(settings.secrets_folder()).forget(arguments.name):
        print("Forgotten. Nothing leads from that name to a pseudonym any more.")
        return OK
    print("There is nobody of that name in the table of raters.", file=sys.stderr)
    return FAILED


def _history(arguments: argparse.Namespace) -> int:
    rows = [("release", "when (UTC)", "who", "rows", "why")]
    for release in store.history(_opened()):
        count = sum(entry["rows"] for entry in release.datasets.values())
        why = f"DAMAGED: {release.damaged}." if release.damaged else release.why
        when = release.when.removesuffix("+00:00").replace("T", " ")
        rows.append((str(release.number), when, release.who, str(count), why))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = zip(row, widths, strict=True)
        print("  ".join(cell.ljust(width) for cell, width in padded).rstrip())
    return OK


def _rollback(arguments: argparse.Namespace) -> int:
    opened = _opened()
    base = store.current(opened) if arguments.base is None else arguments.base
    release = store.rollback(
        opened, arguments.number, base=base, who=arguments.who, why=arguments.reason
    )
    _report(release)
    for name, entry in release.datasets.items():
        print(f"{name}: {entry['rows']} rows")
    return OK


def _verify(arguments: argparse.Namespace) -> int:
    findings = store.verify(_opened())
    for finding in findings:
        print(f"Release {finding.release}: {finding}.")
    if not findings:
        print("Every file of every release is as it was published.")
    return PROBLEMS if findings else OK


def _sweep(arguments: argparse.Namespace) -> int:
    paths = store.sweep(_opened(), remove=arguments.remove)
    for path in paths:
        print(f"{'removed' if arguments.remove else 'would remove'} {path}")
    if not paths:
        print("No left-overs older than a day.")
    elif not arguments.remove:
        print("Nothing was removed. Run it again with --remove to do it.")
    return OK


def _report(release: Release) -> None:
    print(f"Release {release.number} published, made from release {release.base}.")
    for number in release.passed_over:
        print(f"Release {number} is damaged and was passed over: run verify.", file=sys.stderr)


def _opened() -> Store:
    return Store(settings.store(), settings.data_folder(), settings.engine())


RUNS = {
    "build": _build,
    "check": _check,
    "publish": _publish,
    "history": _history,
    "rollback": _rollback,
    "template": _template,
    "export": _export,
    "forget": _forget,
    "verify": _verify,
    "sweep": _sweep,
}

if __name__ == "__main__":
    sys.exit(main())
