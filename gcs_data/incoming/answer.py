"""What the process that reads hands back: lines of JSON, each looked at before it is believed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from gcs_data.incoming.contents import Contents
from gcs_data.incoming.limits import MOST_COLUMNS, Refused
from gcs_data.incoming.sheets import Finding, Notice
from gcs_data.incoming.table import Table

AT_ONCE = 50_000  # Cells in one message, so that a server never waits long for one.
LISTED = ("columns", "lines", "dates")


def messages(found: Contents) -> Iterator[dict[str, Any]]:
    """What says everything about a file that was read."""
    for table in found.tables:
        about = {name: value for name, value in vars(table).items() if name not in LISTED}
        about["findings"] = [vars(finding) for finding in table.findings]
        yield {"table": about}
        for name, items in (("lines", table.lines), ("dates", table.dates)):
            yield from ({name: piece} for piece in _pieces(items))
        for column in table.columns:
            yield {"column": []}
            yield from ({"cells": piece} for piece in _pieces(column))
    notices = [vars(notice) for notice in found.notices]
    yield {"end": {"kind": found.kind, "skipped": found.skipped, "notices": notices}}


def _pieces(items: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]


@dataclass
class Answer:
    """What has been said so far.

    Attributes:
        stage: What is being done and how much of it is done, if the last message said so.
        contents: Everything, once the last message is there.
    """

    stage: tuple[str, float] | None = None
    contents: Contents | None = None
    _tables: list[Table] = field(default_factory=list)

    def take(self, line: bytes) -> None:
        """Understand one message.

        Raises:
            Refused: As it says, or if it says nothing sensible.
        """
        self.stage = None
        try:
            ((what, said),) = json.loads(line).items()
            getattr(self, f"_take_{what}")(said)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
            raise Refused("upload_crashed") from None

    def _take_stage(self, said: list[Any]) -> None:
        self.stage = (_text(said[0]), float(said[1]))

    def _take_refused(self, said: list[Any]) -> None:
        raise Refused(_text(said[0]), **{_text(name): value for name, value in said[1].items()})

    def _take_table(self, said: dict[str, Any]) -> None:
        findings = [_finding(one) for one in said.pop("findings")]
        header = list(map(_text, said.pop("header")))
        self._tables.append(
            Table(
                name=_text(said["name"]),
                header=header,
                header_line=_whole(said["header_line"]),
                columns=[],
                lines=[],
                first_column=_whole(said["first_column"]),
                findings=findings,
                decimal_comma=said["decimal_comma"] is True,
                hidden=said["hidden"] is True,
            )
        )

    def _take_lines(self, said: list[Any]) -> None:
        self._tables[-1].lines += _all(int, said)

    def _take_dates(self, said: list[Any]) -> None:
        self._tables[-1].dates += ((_whole(line), _whole(column)) for line, column in said)

    def _take_column(self, said: list[Any]) -> None:
        if len(self._tables[-1].columns) >= MOST_COLUMNS:
            raise ValueError("too many columns")
        self._tables[-1].columns.append([])

    def _take_cells(self, said: list[Any]) -> None:
        self._tables[-1].columns[-1] += _all(str, said)

    def _take_end(self, said: dict[str, Any]) -> None:
        for table in self._tables:
            sizes = {len(column) for column in table.columns}
            if sizes - {len(table.lines)} or len(table.columns) != len(table.header):
                raise ValueError("columns of different length")
        notices = [Notice(_text(one["code"]), dict(one["values"])) for one in said["notices"]]
        skipped = list(map(_text, said["skipped"]))
        self.contents = Contents(_text(said["kind"]), self._tables, skipped, notices)


def _all(kind: type, values: list[Any]) -> list[Any]:
    if set(map(type, values)) - {kind}:
        raise TypeError("not what was said")
    return values


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError("not text")
    return value


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("not a whole number")
    return value


def _finding(said: dict[str, Any]) -> Finding:
    column = said["column"]
    return Finding(
        rule=_text(said["rule"]),
        line=_whole(said["line"]),
        column=None if column is None else _whole(column),
        value=_text(said["value"]),
        values=dict(said["values"]),
    )
