"""A second look at an .ods file: how many cells are filled, and what the reader loses."""

import io
import re
import xml.parsers.expat as expat
import zipfile
from dataclasses import dataclass, field

from gcs_data.incoming.archive import Archive
from gcs_data.incoming.limits import MILLION, MOST_CELLS, Refused, shown
from gcs_data.incoming.scan import Scan

NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:"
TABLE, OFFICE, TEXT = (f"{NAMESPACE}{name}:1.0 " for name in ("table", "office", "text"))
ERROR_TYPE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
ROW = f"{TABLE}table-row"
PARAGRAPH = f"{TEXT}p"
# Inside a cell, but not what stands in it: notes, drawings, tables in tables, readings of words.
ASIDE = (
    f"{OFFICE}annotation",
    f"{TABLE}table",
    f"{TABLE}shapes",
    f"{NAMESPACE}drawing:1.0 frame",
    f"{NAMESPACE}drawing:1.0 custom-shape",
    f"{TEXT}ruby-text",
)
SPOKEN_SPACE = {f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}
SPACES = f"{TEXT}s"
ERROR = re.compile(r"#[A-Z0-9/?!¡¿]{2,}|Err:\d+")
DURATION = re.compile(r"(-?)PT(\d+)H(\d+)M([\d.,]+)S")
PREFIX = re.compile(r"\w+:(?==)")  # of:=SUM([.A1:.A2])
# Spaces between elements, which no text:p holds; the reader stumbles over them.
LAYOUT = re.compile(rb">\s+(?=</?(?:table|office):|<text:p\b)")
BLANK = " \t\r\n"


@dataclass
class _Cell:
    """The cell that is being read."""

    attributes: dict[str, str]
    paragraphs: list[list[str]] = field(default_factory=list)
    lost: bool = False  # The reader drops something that stands in it.

    @property
    def text(self) -> str:
        return "\n".join("".join(parts) for parts in self.paragraphs)

    @property
    def kind(self) -> str:
        return self.attributes.get(f"{OFFICE}value-type", "")

    @property
    def formula(self) -> str:
        return PREFIX.sub("", self.attributes.get(f"{TABLE}formula", ""))

    @property
    def is_error(self) -> bool:
        if self.attributes.get(ERROR_TYPE) == "error":
            return True
        return bool(self.formula and ERROR.fullmatch(self.text))


class Content:
    """Follows content.xml and notes one `Scan` for each sheet."""

    def __init__(self) -> None:
        self.scans: list[Scan] = []
        self._row = self._column = self._repeats = self._filled = 0
        self._cell: _Cell | None = None
        self._aside = self._in_table = 0
        self._writing = False

    def follow(self, xml: bytes) -> list[Scan]:
        """Read it all.

        Raises:
            Refused: If it is not whole, or a sheet holds too much.
        """
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        try:
            parser.Parse(xml, True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise Refused("upload_damaged") from error
        return self.scans

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._aside or (self._cell is not None and name in ASIDE):
            self._aside += 1
        elif self._cell is not None:
            self._start_in_cell(name, attributes)
        elif name == f"{TABLE}table" and f"{TABLE}name" in attributes:
            self._in_table += 1
            self.scans.append(Scan(attributes[f"{TABLE}name"]))
            self._row = self._repeats = 0
        elif name in (f"{TABLE}shapes", f"{TABLE}tracked-changes", f"{TABLE}dde-links"):
            self._aside += 1
        elif self._in_table and name == ROW:
            self._column = 0
            self._repeats = _whole(attributes, f"{TABLE}number-rows-repeated")
        elif self._in_table and name in CELLS:
            self._cell = _Cell(attributes)

    def _start_in_cell(self, name: str, attributes: dict[str, str]) -> None:
        cell = self._cell
        assert cell is not None
        if name == PARAGRAPH:
            cell.paragraphs.append([])
            self._writing = True
        elif name in SPOKEN_SPACE and cell.paragraphs:
            cell.paragraphs[-1].append(SPOKEN_SPACE[name])
            cell.lost = True
        elif name == SPACES and cell.paragraphs:
            cell.paragraphs[-1].append(" " * min(_whole(attributes, f"{TEXT}c"), 1000))

    def _end(self, name: str) -> None:
        if self._aside:
            self._aside -= 1
        elif name == PARAGRAPH:
            self._writing = False
        elif self._cell is not None and name in CELLS:
            self._take(self._cell)
            self._cell = None
        elif name == ROW and self._in_table and self._cell is None:
            self._row += self._repeats
        elif name == f"{TABLE}table" and self._in_table:
            self._in_table -= 1

    def _characters(self, text: str) -> None:
        if self._writing and not self._aside and self._cell is not None:
            self._cell.paragraphs[-1].append(text)

    def _take(self, cell: _Cell) -> None:
        """Note what one cell holds, and the cells that repeat it."""
        scan, row, column = self.scans[-1], self._row, self._column
        repeats = _whole(cell.attributes, f"{TABLE}number-columns-repeated")
        self._column += repeats
        down, right = (
            _whole(cell.attributes, f"{TABLE}number-{name}-spanned") for name in ("rows", "columns")
        )
        if down * right > 1:
            scan.merged.append((row, column, row + down - 1, column + right - 1))
        text = cell.text
        if not (cell.kind or cell.formula or text.strip(BLANK)):
            return
        self._filled += repeats * self._repeats
        if self._filled > MOST_CELLS:
            most = MOST_CELLS // MILLION
            raise Refused("upload_sheet_cells", sheet=shown(scan.sheet), most=most)
        scan.reach(row + self._repeats - 1, column + repeats - 1)
        for at in range(row, row + self._repeats):
            for to in range(column, column + repeats):
                self._note(scan, cell, text, at, to)

    def _note(self, scan: Scan, cell: _Cell, text: str, row: int, column: int) -> None:
        if cell.is_error:
            scan.found("error_cell", row, column, text or "#VALUE!")
        elif not cell.kind and cell.formula and not text:
            scan.found("not_calculated", row, column, cell.formula)
        elif cell.kind in ("", "void") or (cell.kind == "string" and cell.lost):
            scan.texts[row, column] = text
        elif cell.kind == "time" and (lasting := _duration(cell.attributes)):
            scan.texts[row, column] = lasting
        elif cell.kind != "string" or (
            cell.attributes.get(f"{OFFICE}string-value", text).strip(BLANK)
        ):
            scan.fill(row, column)
            if cell.kind == "percentage":
                scan.percent(row, column)


def _whole(attributes: dict[str, str], name: str) -> int:
    """How often something repeats; once where nothing is said."""
    try:
        return max(int(attributes.get(name, 1)), 1)
    except ValueError:
        raise Refused("upload_damaged") from None


def _duration(attributes: dict[str, str]) -> str:
    """A time of 24 hours or more, which the reader takes for text, as hours:minutes:seconds."""
    found = DURATION.fullmatch(attributes.get(f"{OFFICE}time-value", ""))
    if not found or (int(found[2]) < 24 and not found[1]):
        return ""
    seconds = int(float(found[4].replace(",", ".")))
    return f"{found[1]}{int(found[2])}:{int(found[3]):02}:{seconds:02}"


def sheet_scans(archive: Archive) -> list[Scan]:
    """One scan for each sheet, in the order of the file.

    Raises:
        Refused: If it has a password, is damaged or holds too much, or as `Archive.part`.
    """
    manifest = archive.part("META-INF/manifest.xml")
    if "encrypted-package" in archive or b"encryption-data" in manifest:
        raise Refused("upload_password")
    return Content().follow(archive.part("content.xml"))


def without_layout(content: bytes) -> bytes:
    """The same file without line breaks and indents between its elements. Raises as `Archive`."""
    archive, file = Archive(content), io.BytesIO()
    with zipfile.ZipFile(file, "w") as plain:
        for name in ("mimetype", "META-INF/manifest.xml"):
            plain.writestr(name, archive.part(name))
        plain.writestr("content.xml", LAYOUT.sub(b">", archive.part("content.xml")))
    return file.getvalue()
