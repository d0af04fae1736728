"""A second look at an .xls file (MS-XLS, BIFF 5 and 8): filled cells, and what the reader loses."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from gcs_data.incoming.compound import Compound
from gcs_data.incoming.limits import Refused
from gcs_data.incoming.scan import Scan
from gcs_data.incoming.xlsx_book import PERCENTS, shows_percent

BOF, EOF, CONTINUE, FILEPASS = 0x0809, 0x000A, 0x003C, 0x002F
BOUNDSHEET, SST, FORMAT, XF = 0x0085, 0x00FC, 0x041E, 0x00E0
NUMBER, RK, MULRK, LABELSST = 0x0203, 0x027E, 0x00BD, 0x00FD
LABEL, RSTRING, BOOLERR, FORMULA, STRING = 0x0204, 0x00D6, 0x0205, 0x0006, 0x0207
BIFF8 = 0x0600
MACRO_SHEET = 1
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!",
    0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip
BLANK = " \t\r\n"


@dataclass
class Book:
    """What the workbook says of itself."""

    biff8: bool = True
    sheets: list[tuple[str, int]] = field(default_factory=list)  # Name, and where it begins.
    percents: set[int] = field(default_factory=set)  # Styles that show a percentage.
    blanks: set[int] = field(default_factory=set)  # Shared texts with nothing in them.


def records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Every record from here on: what it is and what it holds."""
    while start + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, start)
        yield kind, stream[start + 4 : start + 4 + length]
        start += 4 + length


def workbook_stream(compound: Compound) -> bytes:
    """The stream that holds the sheets.

    Raises:
        Refused: If it is encrypted, has macros, or is no workbook at all.
    """
    if "encryptedpackage" in compound.names:
        raise Refused("upload_password")
    if "worddocument" in compound.names or "powerpoint document" in compound.names:
        raise Refused("upload_other_document")
    if "_vba_project_cur" in compound.names:
        raise Refused("upload_macros")
    for name in ("Workbook", "Book"):
        if (stream := compound.stream(name)) is not None:
            return stream
    raise Refused("upload_unknown")


def sheet_scans(compound: Compound) -> list[Scan]:
    """One scan for each sheet, in the order of the file.

    Raises:
        Refused: As `workbook_stream`, or if it is damaged or has a password.
    """
    stream = workbook_stream(compound)
    try:
        book = _book(stream)
        return [_SheetScan(book, name).run(stream, start) for name, start in book.sheets]
    except (struct.error, IndexError) as error:
        raise Refused("upload_damaged") from error


def _book(stream: bytes) -> Book:
    book, formats, styles = Book(), set(PERCENTS), []
    texts: list[bytes] = []
    before = 0
    for kind, data in records(stream, 0):
        if kind == BOF:
            book.biff8 = struct.unpack_from("<H", data)[0] == BIFF8
        elif kind == FILEPASS:
            raise Refused("upload_password")
        elif kind == BOUNDSHEET:
            if data[5] == MACRO_SHEET:
                raise Refused("upload_macros")
            book.sheets.append((_name(data, book.biff8), struct.unpack_from("<I", data)[0]))
        elif kind == FORMAT and shows_percent(data[2:].replace(b"\0", b"").decode("latin-1")):
            formats.add(struct.unpack_from("<H", data)[0])
        elif kind == XF:
            styles.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == SST or (kind == CONTINUE and before == SST):
            texts.append(data)
            kind = SST
        elif kind == EOF:
            break
        before = kind
    book.percents = {number for number, format in enumerate(styles) if format in formats}
    book.blanks = _SharedTexts(texts).blanks() if texts else set()
    return book


def _name(data: bytes, biff8: bool) -> str:
    if not biff8:
        return data[7 : 7 + data[6]].decode("cp1252", "replace")
    wide = data[7] & 1
    text = data[8 : 8 + data[6] * (2 if wide else 1)]
    return text.decode("utf-16-le" if wide else "latin-1", "replace")


class _SharedTexts:
    """The table of texts, which goes on over several records and may break inside a text."""

    def __init__(self, parts: list[bytes]) -> None:
        self._parts, self._part, self._at = parts, 0, 8
        self._count = struct.unpack_from("<II", parts[0])[1]

    def blanks(self) -> set[int]:
        found = set()
        for number in range(self._count):
            if self._part >= len(self._parts):
                break
            length, flags = struct.unpack("<HB", self._take(3))
            runs = struct.unpack("<H", self._take(2))[0] if flags & 8 else 0
            extra = struct.unpack("<I", self._take(4))[0] if flags & 4 else 0
            if self._is_blank(length, flags & 1):
                found.add(number)
            self._take(4 * runs + extra)
        return found

    def _is_blank(self, left: int, wide: int) -> bool:
        blank = True
        while left:
            size = 2 if wide else 1
            here = min(left, (len(self._parts[self._part]) - self._at) // size)
            text = self._take(here * size).decode("utf-16-le" if wide else "latin-1", "replace")
            blank = blank and not text.strip(BLANK)
            left -= here
            if left:  # The next record says anew how wide its letters are.
                self._part, self._at = self._part + 1, 0
                wide = self._take(1)[0] & 1
        return blank

    def _take(self, size: int) -> bytes:
        taken = b""
        while self._part < len(self._parts):
            piece = self._parts[self._part][self._at : self._at + size - len(taken)]
            taken += piece
            self._at += len(piece)
            if len(taken) == size:
                break
            self._part, self._at = self._part + 1, 0
        return taken


class _SheetScan:
    """Goes over the records of one sheet."""

    def __init__(self, book: Book, name: str) -> None:
        self.book, self.scan = book, Scan(name)
        self._filled: set[tuple[int, int]] = set()
        self._awaited: tuple[int, int] | None = None  # A formula whose text comes next.

    def run(self, stream: bytes, start: int) -> Scan:
        depth = 0
        for kind, data in records(stream, start):
            if kind == BOF:
                depth += 1
            elif kind == EOF:
                depth -= 1
                if depth <= 0:
                    break
            elif depth == 1:  # Deeper is a chart that lies on the sheet.
                self._take(kind, data)
        self.scan.filled = len(self._filled)
        return self.scan

    def _take(self, kind: int, data: bytes) -> None:
        if kind in (NUMBER, RK):
            self._number(*struct.unpack_from("<3H", data))
        elif kind == MULRK:
            row, first = struct.unpack_from("<2H", data)
            for number in range((len(data) - 6) // 6):
                (style,) = struct.unpack_from("<H", data, 4 + 6 * number)
                self._number(row, first + number, style)
        elif kind == LABELSST:
            row, column, _, text = struct.unpack_from("<3HI", data)
            self._text(row, column, text not in self.book.blanks)
        elif kind in (LABEL, RSTRING):
            row, column = struct.unpack_from("<2H", data)
            self._text(row, column, not self._is_blank(data[6:]))
        elif kind == BOOLERR:
            row, column, _, value, is_error = struct.unpack_from("<3H2B", data)
            self._value(row, column, ERRORS.get(value, "#?") if is_error else "")
        elif kind == FORMULA:
            self._formula(data)
        elif kind == STRING and self._awaited is not None:
            self._text(*self._awaited, not self._is_blank(data))
            self._awaited = None

    def _number(self, row: int, column: int, style: int) -> None:
        self._value(row, column, "")
        if style in self.book.percents:
            self.scan.percent(row, column)

    def _value(self, row: int, column: int, error: str) -> None:
        if error:
            self.scan.found("error_cell", row, column, error)
        else:
            self._text(row, column, True)

    def _text(self, row: int, column: int, filled: bool) -> None:
        self.scan.reach(row, column)
        if filled:
            self._filled.add((row, column))

    def _formula(self, data: bytes) -> None:
        row, column, style = struct.unpack_from("<3H", data)
        result = data[6:14]
        if result[6:8] != b"\xff\xff":
            self._number(row, column, style)
        elif result[0] == 0:
            self._awaited = (row, column)
        elif result[0] in (1, 2):
            self._value(row, column, ERRORS.get(result[2], "#?") if result[0] == 2 else "")

    def _is_blank(self, text: bytes) -> bool:
        """Whether a text is blank: its length in two bytes, then how wide it is, then itself."""
        (length,) = struct.unpack_from("<H", text)
        if not self.book.biff8:
            return not text[2 : 2 + length].strip()
        wide = text[2] & 1 if len(text) > 2 else 0
        letters = text[3 : 3 + length * (2 if wide else 1)]
        return not letters.decode("utf-16-le" if wide else "latin-1", "replace").strip(BLANK)
