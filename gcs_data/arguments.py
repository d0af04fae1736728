"""What `python -m gcs_data` understands: its commands and their options."""

import argparse
import getpass
from collections.abc import Callable, Mapping
from pathlib import Path

from gcs_data.scales import SCALES

Run = Callable[[argparse.Namespace], int]
FORMATS = ("csv", "xlsx", "parquet")
LANGUAGES = ("en", "fr", "es")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # A container whose user has no name.
        return "unknown"


def _reason(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("say why in a few words")
    return text.strip()


def parser(runs: Mapping[str, Run]) -> argparse.ArgumentParser:
    """The commands, each with the function that runs it."""
    made = argparse.ArgumentParser("python -m gcs_data", description="Good Cyber Stories: data.")
    commands = made.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, about: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about, description=about)
        added.set_defaults(run=runs[name])
        return added

    build = command("build", "Check data/source/*.csv and write the shipped datasets.")
    build.add_argument("--source", type=Path, help="another folder of CSV files")
    check = command("check", "Say what is wrong with files and what they would change.")
    check.add_argument("--json", action="store_true", help="as JSON")
    check.set_defaults(base=None, leave_out_bad=False, replace=False)
    publish = command("publish", "Publish files: their rows are added or corrected.")
    for reads in (check, publish):
        _takes_files(reads)
    publish.add_argument(
        "--replace", action="store_true", help="also remove published rows that FILE does not hold"
    )
    publish.add_argument(
        "--leave-out-bad", action="store_true", help="publish the good rows and list the others"
    )
    command("history", "List all releases, newest first.")
    rollback = command("rollback", "Make an old release the newest one.")
    rollback.add_argument("number", type=int, help="the release to go back to")
    for writes in (publish, rollback):
        writes.add_argument("--reason", type=_reason, required=True, help="why, for the history")
        writes.add_argument("--who", default=_user(), help="who publishes (you)")
        writes.add_argument("--base", type=int, help="refuse unless this release is the current")
    _gives_files(command("template", "Write a workbook to fill in."), "NAME or “all”")
    export = command("export", "Write a dataset as a file, as staff see it.")
    _gives_files(export, "NAME")
    export.add_argument("--format", choices=FORMATS, required=True)
    export.add_argument("--release", type=int, help="another release than the current one")
    forget = command("forget", "Forget a rater: delete the name from the table of people.")
    forget.add_argument("name", help="the name, as it was given")
    command("verify", "Compare every file with what was published.")
    sweep = command("sweep", "Name what publishers that were interrupted left over.")
    sweep.add_argument("--remove", action="store_true", help="and remove it")
    return made


def _takes_files(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="xlsx, xls, ods, csv, tsv or parquet; its columns say which datasets it holds",
    )
    command.add_argument("--dataset", metavar="NAME", help="what FILE holds")
    command.add_argument("--scale", choices=tuple(SCALES), help="the scale of its scores")


def _gives_files(command: argparse.ArgumentParser, names: str) -> None:
    command.add_argument("name", metavar="NAME", help=f"the dataset: {names}")
    command.add_argument("-o", "--output", type=Path, metavar="FILE", help="where to write it")
    command.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0])
