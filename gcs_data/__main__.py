"""The data from the command line: `python -m gcs_data COMMAND`, `--help` says the rest.

Exit codes: 0 done, 1 the data has problems (all are listed), 2 it could not be done at all.
"""

import argparse
import getpass
import hashlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

import settings
from gcs_data import parquet, store
from gcs_data.errors import GcsDataError, InvalidDataError
from gcs_data.store import Release, Store

OK, PROBLEMS, FAILED = 0, 1, 2


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; what went wrong is said on stderr."""
    arguments = _parser().parse_args(words)
    # A pipe or a console of another alphabet must not end a publish half-way through its report.
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")
    try:
        run: Callable[[argparse.Namespace], int] = arguments.run
        return run(arguments)
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


def _publish(arguments: argparse.Namespace) -> int:
    frames: dict[str, pd.DataFrame] = {}
    for file in arguments.files:
        if file.stem in frames:
            raise GcsDataError("given_twice", name=file.stem)
        frames[file.stem] = _frame(file)
    opened = _opened()
    base = store.current(opened) if arguments.base is None else arguments.base
    release = store.publish(
        opened,
        frames,
        base=base,
        who=arguments.who,
        why=arguments.reason,
        file_name="; ".join(file.name for file in arguments.files),
        file_sha256="; ".join(
            hashlib.sha256(file.read_bytes()).hexdigest() for file in arguments.files
        ),
    )
    _report(release, frames)
    return OK


def _frame(file: Path) -> pd.DataFrame:
    """The dataset in a file; its name is the dataset's.

    Raises:
        InvalidDataError: If cells cannot be read as their column's type.
        GcsDataError: If it is neither CSV nor Parquet.
    """
    from gcs_data import checks
    from gcs_data.build import read_sheet

    if file.suffix.lower() == ".parquet":
        try:
            return parquet.from_bytes(file.read_bytes())
        except ValueError:
            raise GcsDataError("not_parquet", name=file.name) from None
    if file.suffix.lower() != ".csv":
        raise GcsDataError("wrong_kind", name=file.name)
    checks.typed(file.stem, pd.DataFrame())  # A wrong name is said before a wrong cell.
    sheet, torn = read_sheet(file, file.stem)
    frame, bad = checks.typed(file.stem, sheet)
    if torn or bad:
        raise InvalidDataError([*torn, *bad])
    return frame


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
    _report(release, release.datasets)
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


def _report(release: Release, names: Any) -> None:
    print(f"Release {release.number} published, made from release {release.base}.")
    for name in names:
        print(f"{name}: {release.datasets[name]['rows']} rows")
    for number in release.passed_over:
        print(f"Release {number} is damaged and was passed over: run verify.", file=sys.stderr)


def _opened() -> Store:
    return Store(settings.store(), shipped=settings.data_folder())


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # A container whose user has no name.
        return "unknown"


def _reason(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("say why in a few words")
    return text.strip()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m gcs_data", description="Good Cyber Stories: data.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[..., int], about: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about, description=about)
        added.set_defaults(run=run)
        return added

    build = command("build", _build, "Check data/source/*.csv and write the shipped datasets.")
    build.add_argument("--source", type=Path, help="another folder of CSV files")
    publish = command("publish", _publish, "Make sheets the newest release.")
    publish.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="DATASET.csv or DATASET.parquet"
    )
    command("history", _history, "List all releases, newest first.")
    rollback = command("rollback", _rollback, "Make an old release the newest one.")
    rollback.add_argument("number", type=int, help="the release to go back to")
    for writes in (publish, rollback):
        writes.add_argument("--reason", type=_reason, required=True, help="why, for the history")
        writes.add_argument("--who", default=_user(), help="who publishes (you)")
        writes.add_argument("--base", type=int, help="refuse unless this release is the current")
    command("verify", _verify, "Compare every file with what was published.")
    sweep = command("sweep", _sweep, "Name what publishers that were interrupted left over.")
    sweep.add_argument("--remove", action="store_true", help="and remove it")
    return parser


if __name__ == "__main__":
    sys.exit(main())
