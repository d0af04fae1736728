"""What an .xlsx file says of itself: its sheets, which styles are percentages, blank texts."""

import posixpath
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from html import unescape

from gcs_data.incoming.archive import Archive
from gcs_data.incoming.limits import Refused

PERCENTS = {9, 10}  # Built-in number formats that show a percentage.
NOT_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
BLANK = re.compile(r"(?:[ \t\r\n]|_x00(?:20|09|0[aAdD])_)*")
FIRST = rb"[^<\s&_]"  # A value that begins with this is not blank, however it is escaped.


@dataclass
class Book:
    """What a workbook says of itself: its sheets' names and parts, in order, and its styles."""

    sheets: list[tuple[str, str]] = field(default_factory=list)
    percents: set[str] = field(default_factory=set)  # Styles that show a percentage.
    blanks: set[str] = field(default_factory=set)  # Shared texts with nothing in them.
    recalculated: bool = False  # A program wrote it, and leaves the results to a spreadsheet.


def book(archive: Archive) -> Book:
    """Read workbook, styles and shared texts.

    Raises:
        Refused: If a part is missing or damaged, or as `Archive.part`.
    """
    main = _main_part(archive)
    root = _tree(archive.part(main))
    targets = _targets(archive, main)
    found = Book()
    for node in root.iter():
        if _local(node.tag) == "sheet":
            id = next((v for k, v in node.attrib.items() if _local(k) == "id"), "")
            found.sheets.append((node.get("name", ""), targets.get(id, "")))
        elif _local(node.tag) == "calcPr":
            found.recalculated = node.get("fullCalcOnLoad") in ("1", "true")
    folder = posixpath.dirname(main)
    styles, texts = f"{folder}/styles.xml", f"{folder}/sharedStrings.xml"
    found.percents = _percents(archive.part(_of_kind(targets, "styles", styles)))
    found.blanks = _blanks(archive.part(_of_kind(targets, "sharedStrings", texts)))
    return found


def _main_part(archive: Archive) -> str:
    for node in _tree(archive.part("_rels/.rels")).iter():
        if node.get("Type", "").endswith("/officeDocument"):
            return node.get("Target", "").lstrip("/")
    return "xl/workbook.xml"


def _targets(archive: Archive, main: str) -> dict[str, str]:
    folder, name = posixpath.split(main)
    relations = archive.part(f"{folder}/_rels/{name}.rels")
    return {
        node.get("Id", ""): posixpath.normpath(posixpath.join(f"/{folder}", node.get("Target", "")))
        for node in _tree(relations).iter()
        if node.get("TargetMode") != "External"
    }


def _of_kind(targets: dict[str, str], kind: str, otherwise: str) -> str:
    ends = f"/{kind}.xml".lower()
    return next((part for part in targets.values() if part.lower().endswith(ends)), otherwise)


def _tree(data: bytes) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise Refused("upload_damaged") from error


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]


def _percents(styles: bytes) -> set[str]:
    """The numbers of the cell styles that show 0.45 as 45%."""
    if not styles:
        return set()
    root = _tree(styles)
    formats = {
        node.get("numFmtId")
        for node in root.iter()
        if _local(node.tag) == "numFmt" and shows_percent(node.get("formatCode", ""))
    } | {str(number) for number in PERCENTS}
    cells = next((node for node in root.iter() if _local(node.tag) == "cellXfs"), None)
    return {
        str(number)
        for number, node in enumerate(cells if cells is not None else ())
        if node.get("numFmtId") in formats
    }


def shows_percent(code: str) -> bool:
    """Whether a number format shows a percentage; a quoted % is only a sign."""
    return "%" in NOT_QUOTED.sub("", code)


def _blanks(texts: bytes) -> set[str]:
    prefix = prefix_of(texts, b"sst")
    open_, text = b"<" + prefix + b"si", b"<" + prefix + b"t"
    unusual = re.compile(
        open_ + rb"(?=[\s/>])(?!>" + text + rb"(?: xml:space=\"preserve\")?>" + FIRST + rb")"
    )
    inside = re.compile(text + rb"(?:\s[^>]*)?>(.*?)</", re.DOTALL)
    spoken = re.compile(rb"<" + prefix + rb"rPh\b.*?</" + prefix + rb"rPh>", re.DOTALL)
    blanks, number, last = set(), 0, 0
    for match in unusual.finditer(texts):
        number += len(re.findall(open_ + rb"[\s/>]", texts[last : match.start()]))
        last = match.start()
        end = texts.find(b"</" + prefix + b"si", last)
        opening = texts[last : texts.find(b">", last)]
        whole = b"" if opening.endswith(b"/") else spoken.sub(b"", texts[last:end])
        if _is_blank(b"".join(inside.findall(whole))):
            blanks.add(str(number))
    return blanks


def prefix_of(xml: bytes, root: bytes) -> bytes:
    """What stands before the names of elements, by the root element: b"x:" in <x:sst>."""
    found = re.search(rb"<([\w.-]+:)?" + root + rb"[\s>/]", xml[:65536])
    return (found.group(1) or b"") if found else b""


def _is_blank(raw: bytes) -> bool:
    return BLANK.fullmatch(unescape(raw.decode("utf-8", "replace"))) is not None
