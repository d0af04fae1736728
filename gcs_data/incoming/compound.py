"""The streams of an OLE container (MS-CFB): what .xls files are, and encrypted workbooks too."""

import struct
from dataclasses import dataclass

from gcs_data.incoming.limits import Refused

FREE = 0xFFFFFFFA  # Numbers from here on are no sectors.
NAMED = 109  # Sectors of the allocation table that the header itself names.
SMALL = 4096  # Shorter streams lie in the mini stream.
MINI = 64
ENTRY = 128
STREAM, ROOT = 2, 5


@dataclass(frozen=True)
class Entry:
    """One line of the directory."""

    name: str
    kind: int
    start: int
    size: int


class Compound:
    """An opened container. A damaged one is refused; a chain that bites its tail ends."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        try:
            self._open()
        except (struct.error, IndexError) as error:
            raise Refused("upload_damaged") from error

    def _open(self) -> None:
        header = self._content[:512]
        (shift,) = struct.unpack_from("<H", header, 30)
        if shift not in (9, 12):
            raise Refused("upload_damaged")
        self._size = 1 << shift
        (directory,) = struct.unpack_from("<I", header, 48)
        mini_table, _, more, _ = struct.unpack_from("<4I", header, 60)
        tables = list(struct.unpack_from(f"<{NAMED}I", header, 76))
        numbers = self._size // 4
        seen = set()
        while more < FREE and more not in seen:
            seen.add(more)
            listed = self._numbers(more)
            tables += listed[: numbers - 1]
            more = listed[numbers - 1]
        self._next = [n for sector in tables if sector < FREE for n in self._numbers(sector)]
        self.entries = list(_entries(self._chain(directory)))
        root = next((entry for entry in self.entries if entry.kind == ROOT), None)
        self._mini = self._chain(root.start)[: root.size] if root and root.start < FREE else b""
        table = self._chain(mini_table)
        self._mini_next = list(struct.unpack(f"<{len(table) // 4}I", table))

    def _sector(self, number: int) -> bytes:
        return self._content[(number + 1) * self._size : (number + 2) * self._size]

    def _numbers(self, sector: int) -> tuple[int, ...]:
        """What a sector of a table holds; `struct.error` if the file ends before it."""
        return struct.unpack_from(f"<{self._size // 4}I", self._sector(sector))

    def _chain(self, start: int) -> bytes:
        parts, seen = [], set()
        while start < len(self._next) and start not in seen:
            seen.add(start)
            parts.append(self._sector(start))
            start = self._next[start]
        return b"".join(parts)

    def _mini_chain(self, start: int) -> bytes:
        parts, seen = [], set()
        while start < len(self._mini_next) and start not in seen:
            seen.add(start)
            parts.append(self._mini[start * MINI : (start + 1) * MINI])
            start = self._mini_next[start]
        return b"".join(parts)

    @property
    def names(self) -> set[str]:
        """Every stream and folder, in small letters."""
        return {entry.name.lower() for entry in self.entries}

    def stream(self, name: str) -> bytes | None:
        """What a stream holds; None if there is none of this name. Refused if it is cut short."""
        for entry in self.entries:
            if entry.kind == STREAM and entry.name.lower() == name.lower():
                chain = self._mini_chain if entry.size < SMALL else self._chain
                data = chain(entry.start)[: entry.size]
                if len(data) < entry.size:
                    raise Refused("upload_damaged")
                return data
        return None


def _entries(directory: bytes) -> list[Entry]:
    found = []
    for at in range(0, len(directory) - ENTRY + 1, ENTRY):
        line = directory[at : at + ENTRY]
        (length,) = struct.unpack_from("<H", line, 64)
        start, size = struct.unpack_from("<II", line, 116)
        name = line[: max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
        if line[66]:
            found.append(Entry(name, line[66], start, size))
    return found
