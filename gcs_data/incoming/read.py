"""The door for uploaded files: `read` gives sheets of text, or says in one sentence why not.

A file from outside can make its reader ask for 550 GB, run for hours or break down without an
exception. So it is read in a process of its own, which inherits nothing, has little memory and
time, and hands back JSON. Works from any thread.
"""

import hashlib
from collections.abc import Callable, Collection
from functools import cache

import pandas as pd

from gcs_data.errors import TEMPLATES, UnreadableFileError
from gcs_data.incoming import look, process
from gcs_data.incoming.contents import Contents, contents
from gcs_data.incoming.encodings import ENCODINGS
from gcs_data.incoming.limits import Limits, Refused, shown
from gcs_data.incoming.sheets import Reading, Sheet
from gcs_data.incoming.table import Table, header_key

STAGES = ("waiting", "looking", "reading", "handing_over")

Progress = Callable[[str, float], None]


def read(
    content: bytes,
    file_name: str,
    *,
    encoding: str | None = None,
    headers: Collection[str] | None = None,
    progress: Progress | None = None,
    limits: Limits | None = None,
) -> Reading:
    """Read an uploaded file in a process of its own.

    Args:
        content: The file: xlsx, xls, ods, csv, tsv or parquet, told apart by content.
        file_name: As uploaded. Nothing is opened by it.
        encoding: What a text file is written in, one of `encodings.ENCODINGS`, where the uploader
            has chosen after the notice "assumed_encoding".
        headers: Headers by which a delimiter and the header's row are known; by default those of
            every dataset, with their everyday names.
        progress: Is told one of `STAGES` and how much of it is done, from 0 to 1. Called in the
            thread that called; what it raises ends the reading.
        limits: What the process may use.

    Raises:
        UnreadableFileError: If the file cannot be read for sure, whatever the reason.
        ValueError: If `encoding` is not one of `encodings.ENCODINGS`.
    """
    known = _asked(headers, encoding)
    try:
        look.check_size(content)
        found = process.contents(
            content,
            shown(file_name),
            sorted(known),
            encoding,
            progress or _unsaid,
            limits or Limits(),
        )
    except Refused as refused:
        raise _error(refused, file_name) from None
    return _reading(found, content, file_name)


def read_here(
    content: bytes,
    file_name: str,
    *,
    encoding: str | None = None,
    headers: Collection[str] | None = None,
    progress: Progress | None = None,
) -> Reading:
    """As `read`, in this process and without its limits: for files that are trusted."""
    known = _asked(headers, encoding)
    try:
        found = contents(content, shown(file_name), known, encoding, progress or _unsaid)
    except Refused as refused:
        raise _error(refused, file_name) from refused.__cause__
    return _reading(found, content, file_name)


def _unsaid(stage: str, done: float) -> None:
    pass


def _asked(headers: Collection[str] | None, encoding: str | None) -> frozenset[str]:
    """The headers to look for, as they are compared; also checks what the caller says."""
    if encoding is not None and encoding not in ENCODINGS:
        raise ValueError(f"{encoding!r} is not one of {', '.join(ENCODINGS)}")
    return _known_headers() if headers is None else frozenset(map(header_key, headers))


@cache
def _known_headers() -> frozenset[str]:
    """The headers of every dataset, and their everyday names, as they are compared."""
    from gcs_data.incoming.synonyms import HEADERS, HEADERS_OF
    from gcs_data.schema import DATASETS

    names = {column for dataset in DATASETS.values() for column in dataset.columns}
    for said in (*HEADERS.values(), *HEADERS_OF.values()):
        names.update(said)
    return frozenset(map(header_key, names)) - {""}


def _error(refused: Refused, file_name: str) -> UnreadableFileError:
    code = refused.code if refused.code in TEMPLATES else "upload_crashed"
    try:
        return UnreadableFileError(code, **{**refused.values, "name": shown(file_name)})
    except (LookupError, TypeError, ValueError):  # The other process left out what it must say.
        return UnreadableFileError("upload_crashed", name=shown(file_name))


def _reading(found: Contents, content: bytes, file_name: str) -> Reading:
    return Reading(
        file_name=shown(file_name),
        sha256=hashlib.sha256(content).hexdigest(),
        kind=found.kind,
        sheets=tuple(map(_sheet, found.tables)),
        skipped=tuple(found.skipped),
        notices=tuple(found.notices),
    )


def _sheet(table: Table) -> Sheet:
    lines = pd.Index(table.lines, dtype="int64", name="line")
    columns = {
        number: pd.Series(pd.array(cells, dtype="str"), index=lines)
        for number, cells in enumerate(table.columns)
    }
    return Sheet(
        name=table.name,
        header=tuple(table.header),
        header_line=table.header_line,
        cells=pd.DataFrame(columns, index=lines),
        first_column=table.first_column,
        dates=frozenset(table.dates),
        findings=tuple(table.findings),
        decimal_comma=table.decimal_comma,
        hidden=table.hidden,
    )
