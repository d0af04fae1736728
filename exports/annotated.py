"""An uploaded file back as a workbook: bad cells coloured and commented, all problems listed.

An xlsx file comes back as it was, with its sheets and looks, but without macros and links to other
files. Anything else, and what is too large or too odd for a second library to open, comes back as
a new workbook of what was read, every cell where it stood.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from os.path import expandvars
from pathlib import Path
from typing import Any

import xlsxwriter

from exports import problem_notes
from exports.problem_notes import AUTHOR, RED, Notes
from exports.workbook import CREATED, MOST_COLUMNS, MOST_ROWS, Writer, sheet_names
from gcs_data.incoming.limits import Limits
from gcs_data.incoming.process import NEEDED
from gcs_data.incoming.sheets import Reading, Sheet
from gcs_data.problems import Problem
from words import Words

CHILD = Path(__file__).resolve().with_name("annotated_child.py")
MOST_CELLS = 100_000  # Of a workbook that is opened with all its looks: a few seconds.
LIMITS = Limits(cpu=15, wall=120)
# What a spreadsheet shows as it was read; whatever else looks like a number stays text.
NUMBER = re.compile(r"(?!-0$)-?(?:0|[1-9][0-9]{0,9})(?:\.[0-9]{0,4}[1-9])?")


def annotated(content: bytes, reading: Reading, problems: Sequence[Problem], *, t: Words) -> bytes:
    """A file with its problems, as an xlsx file.

    Args:
        content: The file as it was uploaded, which the safe reader has accepted.
        reading: What it read.
        problems: With `sheet` and `cell`, as an import gives them. All are listed; the first
            `problem_notes.MOST_NOTES` have a comment and a link.
        t: The words of who uploaded it.
    """
    if reading.kind == "xlsx" and sum(sheet.cells.size for sheet in reading.sheets) <= MOST_CELLS:
        titles = {sheet.name: sheet.name for sheet in reading.sheets}
        own = _own(content, problem_notes.said(problems, titles, t))
        if own is not None:
            return own
    return anew(reading, problems, t=t)


def _own(content: bytes, said: Mapping[str, Any]) -> bytes | None:
    """The file itself with its problems; None where the library cannot, whatever the reason."""
    request = {
        "path": [str(CHILD.parent.parent), *(path for path in sys.path if path)],
        "memory": LIMITS.memory,
        "seconds": LIMITS.cpu,
        "said": said,
    }
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            # As for the reader: nothing of the environment or of the folder.
            done = subprocess.run(
                [sys.executable, "-I", "-S", "-B", str(CHILD)],
                input=json.dumps(request).encode() + b"\n" + content,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env=_environment(),
                timeout=LIMITS.wall,
                check=False,
            )
        except (subprocess.TimeoutExpired, OSError):
            return None
    return done.stdout if done.returncode == 0 and done.stdout else None


def _environment() -> dict[str, str]:
    found = {name: expandvars(variable) for name, variable in NEEDED.items()}
    kept = {name: value for name, value in found.items() if value != NEEDED[name]}
    return {**kept, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def anew(reading: Reading, problems: Sequence[Problem], *, t: Words) -> bytes:
    """What was read as a new workbook, with its problems. The same arguments, the same bytes."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        wanted = [sheet.name or t("Data") for sheet in reading.sheets]
        listed, *names = sheet_names([t("Problems"), *wanted])
        titles = dict(zip((sheet.name for sheet in reading.sheets), names, strict=True))
        _write_list(book, book.add_worksheet(listed), problem_notes.said(problems, titles, t))
        notes = problem_notes.notes_of(problems, t)
        bad = book.add_format({"bg_color": f"#{RED}"})
        for sheet, name in zip(reading.sheets, names, strict=True):
            place = book.add_worksheet(name)
            _copy(Writer(book, place), place, sheet, notes.get(sheet.name, {}), bad)
            if sheet.hidden:
                place.hide()
    return file.getvalue()


def _write_list(book: Any, sheet: Any, said: Mapping[str, Any]) -> None:
    """The first sheet: every problem, with a link to its cell."""
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    write = Writer(book, sheet)
    sheet.freeze_panes(1, 0)
    for column, (heading, width) in enumerate(zip(said["headings"], said["widths"], strict=True)):
        sheet.set_column(column, column, width)
        write.text(0, column, heading, bold)
    links = zip(said["rows"], said["locations"], strict=True)
    for row, (texts, location) in enumerate(links, start=1):
        for column, text in enumerate(texts):
            write.text(row, column, text, wrapped if column == said["sentence"] else None)
        if location:
            link = said["link"]
            sheet.write_url(row, link, f"internal:{location}", string=texts[link])


def _copy(write: Writer, place: Any, sheet: Sheet, notes: Notes, bad: Any) -> None:
    """A sheet as it was read, every cell where it stood, with the notes on it."""
    blank = set(notes)
    rows = [sheet.header, *sheet.cells.itertuples(index=False, name=None)]
    for line, cells in zip([sheet.header_line, *sheet.cells.index], rows, strict=True):
        if line > MOST_ROWS:
            break
        for column, text in enumerate(cells, start=sheet.first_column):
            if not text or column >= MOST_COLUMNS:
                continue
            at = (int(line) - 1, column)
            blank.discard(at)
            looks = bad if at in notes else None
            if NUMBER.fullmatch(text):
                place.write_number(*at, float(text), looks)
            else:
                write.text(*at, text, looks)
    for at in sorted(blank):
        place.write_blank(*at, None, bad)
    for at, text in notes.items():
        if text:
            place.write_comment(*at, text, {"author": AUTHOR, "x_scale": 2.5, "y_scale": 1.6})
