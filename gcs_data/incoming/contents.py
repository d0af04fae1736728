"""What a file holds: from its bytes to tables of text, in whatever process this runs."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from gcs_data.incoming import look, text
from gcs_data.incoming.limits import Limits, Refused
from gcs_data.incoming.sheets import Notice
from gcs_data.incoming.table import Table

Say = Callable[[str, float], None]


@dataclass(frozen=True)
class Contents:
    """A file that was read, before its tables are frames."""

    kind: str
    tables: list[Table]
    skipped: list[str]
    notices: list[Notice]


def contents(
    content: bytes,
    name: str,
    headers: Collection[str],
    encoding: str | None = None,
    say: Say = lambda stage, done: None,
) -> Contents:
    """Read a file of any kind.

    Args:
        content: The file.
        name: As uploaded; only looked at.
        headers: The headers that datasets have, as `table.header_key` writes them.
        encoding: What somebody says a text file is written in, one of `encodings.ENCODINGS`.
        say: Is told the stage, "looking" or "reading", and how much of it is done, from 0 to 1.

    Raises:
        Refused: If it cannot be read, whatever the reason.
    """
    try:
        found = _read(content, name, headers, encoding, say)
    except Refused:
        raise
    except MemoryError:
        raise Refused("upload_memory", most=Limits().memory // 10**6) from None
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # A panic of the reader is no Exception.
        raise Refused("upload_damaged") from error
    if not found.tables:
        raise Refused("upload_no_table")
    return found


def _read(
    content: bytes, name: str, headers: Collection[str], encoding: str | None, say: Say
) -> Contents:
    say("looking", 0.0)
    container = look.container(content, name)
    if container == look.TEXT:
        kind, table, notices = text.read(content, headers, encoding, say)
    elif container == look.PARQUET:
        from gcs_data.incoming import parquet_file  # Loading it takes longer than most files.

        kind, table, notices = parquet_file.read(content, headers, say)
    else:
        return _workbook(content, name, container == look.ZIP, headers, say)
    notices += look.extension_notice(name, kind)
    return Contents(kind, [table] if table else [], [], notices)


def _workbook(
    content: bytes, name: str, zipped: bool, headers: Collection[str], say: Say
) -> Contents:
    from gcs_data.incoming import workbook

    look_at = workbook.look_at_archive if zipped else workbook.look_at_compound
    kind, scans = look_at(content)
    tables, skipped, notices = workbook.tables(content, kind, scans, headers, say)
    return Contents(kind, tables, skipped, [*notices, *look.extension_notice(name, kind)])
