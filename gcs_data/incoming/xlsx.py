"""A second look at an .xlsx file, beside the reader: how many cells are filled, and what it loses.

It goes over the XML once with a pattern that fits every ordinary cell, and takes apart by hand only
those that it does not fit, so that it costs a fraction of what reading costs.
"""

import re
from collections.abc import Iterator
from html import unescape

from gcs_data.incoming.archive import Archive
from gcs_data.incoming.limits import Refused, cell_name, shown
from gcs_data.incoming.scan import Scan
from gcs_data.incoming.xlsx_book import BLANK, FIRST, Book, book, prefix_of

# What calamine knows; it gives up a whole workbook over any other.
ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#DATA!"}
MOST_NAMED = 200  # Numbers that a pattern lists one by one.

ROW_NUMBER = re.compile(rb"\br\s*=\s*[\"'](\d+)")
REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
ATTRIBUTE = re.compile(rb"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


class SheetScan:
    """Goes over the XML of one sheet."""

    def __init__(self, book: Book, xml: bytes, sheet: str) -> None:
        self.book, self.sheet = book, sheet
        prefix = prefix_of(xml, b"worksheet")
        start = xml.find(b"<" + prefix + b"sheetData")
        end = xml.rfind(b"</" + prefix + b"sheetData")
        data = xml[start:end] if 0 <= start < end else b""
        self.data = re.sub(rb"<!--.*?-->", b"", data, flags=re.DOTALL) if b"<!--" in data else data
        self.prefix = prefix
        self.value = self._pattern(rb"<Pv(?:\s[^>]*)?>(.*?)</Pv\s*>")
        self.text = self._pattern(rb"<Pt(?:\s[^>]*)?>(.*?)</Pt\s*>")
        self.spoken = self._pattern(rb"<PrPh\b.*?</PrPh\s*>")
        self.formula = self._pattern(rb"<Pf(?:\s[^>]*)?(?:/>|>(.*?)</Pf\s*>)")
        self.scan = Scan(sheet)

    def _pattern(self, pattern: bytes) -> re.Pattern[bytes]:
        """A pattern in which P stands for the prefix of the sheet's elements."""
        pattern = pattern.replace(b"<P", b"<" + re.escape(self.prefix))
        return re.compile(
            pattern.replace(b"</P", b"</" + re.escape(self.prefix)), re.DOTALL | re.ASCII
        )

    def run(self) -> Scan:
        """Count and take apart.

        Raises:
            Refused: If a cell is beyond the last column that is read, or shows an unknown error.
        """
        self._reach_far()
        empty, unusual = self._patterns()
        starts = [match.start() for match in unusual.finditer(self.data)]
        cells = self.data.count(b"<" + self.prefix + b"c")
        empties = len(empty.findall(self.data)) if b"/>" in self.data else 0
        self.scan.filled = cells - empties - len(starts)
        for start in starts:
            attributes, content = self._cell(start)
            if "r" not in attributes:
                return self._one_by_one()
            if content:
                self._take(attributes, content, _position(attributes))
        return self.scan

    def _reach_far(self) -> None:
        """Note how far down and right cells go that are more than a format.

        By the last cell, and the widest of the first and last: enough to tell one that strayed.
        """
        end = max(self.data.rfind(b"</" + self.prefix + ending) for ending in (b"v", b"is"))
        last = self.data.rfind(b"<" + self.prefix + b"c", 0, max(end, 0))
        filled = self._pattern(rb"<Pc r=\"([A-Z]{1,2})([0-9]{1,7})\"[^>/]*>")
        for piece in (self.data[:20_000], self.data[max(last - 20_000, 0) : last + 200]):
            for column, row in filled.findall(piece):
                self.scan.last_row = max(self.scan.last_row, int(row) - 1)
                self.scan.last_column = max(self.scan.last_column, _column(column.decode()))

    def _patterns(self) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
        """What finds an empty cell, and what finds one that is neither empty nor plainly filled.

        Plainly filled is a cell in the columns A to GR that no note has to be taken of.
        """
        place = rb" r=\"(?:[A-Z]|[A-F][A-Z]|G[A-R])[0-9]{1,7}+\""
        style = rb"(?: s=\"" + _none_of(self.book.percents) + rb"[0-9]++\")"
        style += b"" if "0" in self.book.percents else b"?+"
        formula = rb"(?:<Pf(?: [^>/]*+)?(?:/>|>[^<]*+</Pf>))?+"
        if self.book.recalculated:  # Then a formula's result may be none.
            formula = b""
        shared = rb" t=\"s\"><Pv>" + _none_of(self.book.blanks, b"<") + rb"[0-9]++</Pv>"
        plain = rb"(?: t=\"(?:n|b|str)\")?+>" + formula + rb"<Pv>" + FIRST + rb"[^<]*+</Pv>"
        space = rb"(?: xml:space=\"preserve\")?+>"
        inline = rb" t=\"inlineStr\"><Pis><Pt" + space + FIRST + rb"[^<]*+</Pt></Pis>"
        filled = place + style + rb"(?:" + shared + rb"|" + plain + rb"|" + inline + rb")</Pc>"
        empty = rb" r=\"[A-Z]{1,3}+[0-9]{1,7}+\"(?: s=\"[0-9]++\")?+/>"
        return (
            self._pattern(rb"<Pc" + empty),
            self._pattern(rb"<Pc(?!" + filled + rb"|" + empty + rb")"),
        )

    def _cell(self, start: int) -> tuple[dict[str, str], bytes]:
        """The attributes of the cell that begins here, and what is inside."""
        end = self.data.find(b">", start)
        opening = self.data[start:end]
        attributes = {
            name.decode("utf-8", "replace"): unescape((one or other).decode("utf-8", "replace"))
            for name, one, other in ATTRIBUTE.findall(opening)
        }
        if opening.endswith(b"/") or end < 0:
            return attributes, b""
        return attributes, self.data[
            end + 1 : self.data.find(b"</" + self.prefix + b"c", end) % (len(self.data) + 1)
        ]

    def _one_by_one(self) -> Scan:
        """As `run`, for a sheet in which some cells do not say where they stand."""
        self.scan = Scan(self.sheet)
        row, column = -1, 0
        for match in self._pattern(rb"<P(row|c)(?=[\s/>])").finditer(self.data):
            if match.group(1) == b"row":
                end = self.data.find(b">", match.start())
                found = ROW_NUMBER.search(self.data, match.start(), end)
                row, column = (int(found.group(1)) - 1 if found else row + 1), 0
                continue
            attributes, content = self._cell(match.start())
            if "r" in attributes:
                row, column = _position(attributes)
            if content:
                self._take(attributes, content, (max(row, 0), column))
            column += 1
        return self.scan

    def _take(self, attributes: dict[str, str], content: bytes, where: tuple[int, int]) -> None:
        """Note what one cell holds. Raises as `run`."""
        kind, style = attributes.get("t", "n"), attributes.get("s", "0")
        found = self.value.search(content)
        value = found.group(1) if found else b""
        if kind == "inlineStr" or b"<" + self.prefix + b"is" in content:
            value = b"".join(self.text.findall(self.spoken.sub(b"", content)))
        formula = self.formula.search(content)
        text = _plain(value)
        if formula and self._not_calculated(kind, text):
            written = _plain(formula.group(1) or b"")
            self.scan.found("not_calculated", *where, f"={written or '…'}")
        elif kind == "e":
            self._error(text, where)
        elif BLANK.fullmatch(text) or (kind == "s" and text in self.book.blanks):
            self.scan.reach(*where)
        else:
            self.scan.fill(*where)
            if kind == "n" and style in self.book.percents:
                self.scan.percent(*where)

    def _not_calculated(self, kind: str, text: str) -> bool:
        if kind in ("str", "e"):
            return False
        return not text.strip() or (self.book.recalculated and text == "0")

    def _error(self, text: str, where: tuple[int, int]) -> None:
        if not text:
            return
        if text not in ERRORS:
            raise Refused(
                "upload_error_value", sheet=shown(self.sheet), cell=cell_name(*where),
                value=shown(text),
            )  # fmt: skip
        self.scan.found("error_cell", *where, text)


def _none_of(numbers: set[str], then: bytes = b'"') -> bytes:
    """The part of a pattern that excludes these numbers; too many of them exclude every number."""
    if not numbers:
        return b""
    if len(numbers) > MOST_NAMED:
        return rb"(?!)"
    return rb"(?!(?:" + "|".join(sorted(numbers)).encode() + rb")" + then + rb")"


def _plain(raw: bytes) -> str:
    """The text of an element: marked sections opened, escapes undone."""
    if b"<![CDATA[" in raw:
        raw = re.sub(rb"<!\[CDATA\[(.*?)\]\]>", rb"\1", raw, flags=re.DOTALL)
        return raw.decode("utf-8", "replace")
    return unescape(raw.decode("utf-8", "replace"))


def _position(attributes: dict[str, str]) -> tuple[int, int]:
    found = REFERENCE.fullmatch(attributes.get("r", ""))
    if not found:
        raise Refused("upload_damaged")
    return int(found.group(2)) - 1, _column(found.group(1))


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def sheet_scans(archive: Archive) -> Iterator[Scan]:
    """One scan for each sheet of a workbook, in its order. Raises as `book` and `SheetScan.run`."""
    found = book(archive)
    for name, part in found.sheets:
        yield SheetScan(found, archive.part(part), name).run()
