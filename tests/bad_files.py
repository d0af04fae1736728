"""Makes files for the reader: good ones as programs write them, and every kind of bad one.

Workbooks are written as XML and records by hand, because no library writes what is wrong.
"""

import io
import struct
import zipfile
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
HEADER = ("story_id", "title", "year_started")


def zipped(parts, *, encrypted=False):
    """A ZIP container of parts by name, in their order."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    data = file.getvalue()
    if encrypted:  # The flag in the local headers and in the directory.
        for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            data = bytearray(data)
            start = data.find(mark)
            while start >= 0:
                data[start + at] |= 1
                start = data.find(mark, start + 4)
    return bytes(data)


def cell(ref, value="", kind=None, style=None, formula=None):
    """One cell of an xlsx sheet: number, text (inline), or as `kind` says."""
    if kind is None:
        kind = "inlineStr" if isinstance(value, str) and value else "n"
    inside = "" if formula is None else f"<f>{escape(formula)}</f>"
    if kind == "inlineStr":
        inside += f'<is><t xml:space="preserve">{escape(value)}</t></is>'
    elif value != "":
        inside += f"<v>{escape(str(value))}</v>"
    looks = f' s="{style}"' if style is not None else ""
    typed = f' t="{kind}"' if kind != "n" else ""
    return f'<c r="{ref}"{looks}{typed}>{inside}</c>'


def row(number, *cells):
    return f'<row r="{number}">{"".join(cells)}</row>'


def rows(*lines, first=1):
    """Rows of plain values from column A on; None leaves a cell out."""
    return "".join(
        row(
            number,
            *(
                cell(f"{chr(65 + at)}{number}", value)
                for at, value in enumerate(values)
                if value is not None
            ),
        )
        for number, values in enumerate(lines, first)
    )


HEADER_ROW = rows(HEADER)


def sheet_xml(data="", *, after="", before="", main=MAIN, prefix=""):
    """The XML of one worksheet."""
    mark = f"{prefix}:" if prefix else ""
    space = f"xmlns:{prefix}" if prefix else "xmlns"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<{mark}worksheet {space}="{main}" xmlns:r="{RELATIONS}">{before}'
        f"<{mark}sheetData>{data}</{mark}sheetData>{after}</{mark}worksheet>"
    )


def workbook_parts(
    sheets, *, shared=None, formats=(), about="", states=None, strict=False, main_type=SHEET_TYPE
):
    """The parts of an xlsx file.

    `sheets` has the XML of each sheet by its name; `shared` the <si> elements; `formats` the number
    formats of the cell styles 0, 1, 2 …, by built-in number or as text; `about` goes into the
    workbook's own XML, `states` says which sheets are hidden.
    """
    relations, main = (STRICT_RELATIONS, STRICT) if strict else (RELATIONS, MAIN)
    numbers = range(1, len(sheets) + 1)
    links = [("worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
    links += [("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")]
    names = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"'
        f"{' state=' + quoteattr((states or {})[name]) if name in (states or {}) else ''}/>"
        for number, name in zip(numbers, sheets, strict=True)
    )
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{main_type}"/></Types>'
        ),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")], relations),
        "xl/_rels/workbook.xml.rels": _relations(links, relations),
        "xl/workbook.xml": (
            f'<workbook xmlns="{main}" xmlns:r="{relations}">{about}<sheets>{names}</sheets>'
            "</workbook>"
        ),
        "xl/styles.xml": _styles(formats, main),
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{shared or ""}</sst>',
    }
    for number, content in zip(numbers, sheets.values(), strict=True):
        parts[f"xl/worksheets/sheet{number}.xml"] = content
    return parts


def _relations(links, relations):
    inside = "".join(
        f'<Relationship Id="rId{number}" Type="{relations}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(links, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inside}</Relationships>'


def _styles(formats, main):
    own = {code: 164 + at for at, code in enumerate(f for f in formats if isinstance(f, str))}
    named = "".join(
        f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>'
        for code, number in own.items()
    )
    cells = "".join(f'<xf numFmtId="{own.get(code, code)}"/>' for code in (formats or (0,)))
    return (
        f'<styleSheet xmlns="{main}"><numFmts>{named}</numFmts><cellXfs>{cells}</cellXfs>'
        "</styleSheet>"
    )


def xlsx(data="", **more):
    """A workbook with one sheet, “Stories”, that holds these rows (XML)."""
    inside = {name: more.pop(name) for name in ("after", "before", "prefix") if name in more}
    main = STRICT if more.get("strict") else MAIN
    return zipped(workbook_parts({"Stories": sheet_xml(data, main=main, **inside)}, **more))


OFFICE_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("draw", "drawing"),
    )
) + (
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def ods(*tables, styles="", mimetype=ODS_TYPE, manifest=""):
    """An OpenDocument spreadsheet of `ods_table`s."""
    return zipped(
        {
            "mimetype": mimetype,
            "META-INF/manifest.xml": (
                '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:'
                'manifest:1.0"><manifest:file-entry manifest:full-path="/" '
                f'manifest:media-type="{mimetype}">{manifest}</manifest:file-entry>'
                "</manifest:manifest>"
            ),
            "content.xml": (
                '<?xml version="1.0" encoding="UTF-8"?>'
                f"<office:document-content {OFFICE_SPACES}>"
                f"<office:automatic-styles>{styles}</office:automatic-styles>"
                f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet>"
                "</office:body></office:document-content>"
            ),
        }
    )


def ods_table(*lines, name="Stories", style=""):
    looks = f' table:style-name="{style}"' if style else ""
    return f'<table:table table:name="{name}"{looks}>{"".join(lines)}</table:table>'


def ods_row(*cells, times=1):
    repeats = f' table:number-rows-repeated="{times}"' if times > 1 else ""
    return f"<table:table-row{repeats}>{''.join(map(_ods_cell, cells))}</table:table-row>"


def _ods_cell(value):
    if not isinstance(value, str):
        return ods_cell(str(value), f'office:value-type="float" office:value="{value}"')
    return value if value.startswith("<") else ods_cell(value, 'office:value-type="string"')


def ods_cell(text="", attributes="", *, times=1, inside=None, covered=False):
    """One cell; `inside` replaces the paragraph of text."""
    repeats = f' table:number-columns-repeated="{times}"' if times > 1 else ""
    paragraph = f"<text:p>{escape(text)}</text:p>" if text else ""
    name = "table:covered-table-cell" if covered else "table:table-cell"
    return f"<{name} {attributes}{repeats}>{paragraph if inside is None else inside}</{name}>"


FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR = 512


def compound(streams, folders=()):
    """An OLE container (version 3) of streams by name; short ones are padded to 4,096 bytes."""
    streams = {name: content.ljust(4096, b"\0") for name, content in streams.items()}
    entries = 1 + len(streams) + len(folders)
    directory_sectors = -(-entries // 4)
    chains, next_sector = [], directory_sectors
    for content in streams.values():
        length = -(-len(content) // SECTOR)
        chains.append((next_sector, length))
        next_sector += length
    table_sectors = 1
    while table_sectors * 128 < next_sector + table_sectors:
        table_sectors += 1
    table = []
    for start, length in ((0, directory_sectors), *chains):
        table += [*range(start + 1, start + length), END]
    table += [FAT] * table_sectors
    table += [FREE] * (table_sectors * 128 - len(table))
    places = range(next_sector, next_sector + table_sectors)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, table_sectors, 0, 0,
                          4096, END, 0, END, 0)  # fmt: skip
    header += b"".join(struct.pack("<I", place) for place in places)
    header = header.ljust(SECTOR, b"\xff")
    lines = [_entry("Root Entry", 5, END, 0, child=1 if entries > 1 else FREE)]
    named = [*((name, 2) for name in streams), *((name, 1) for name in folders)]
    for number, (name, kind) in enumerate(named, 1):
        start, size = (chains[number - 1][0], len(streams[name])) if kind == 2 else (0, 0)
        following = number + 1 if number < len(named) else FREE
        lines.append(_entry(name, kind, start, size, right=following))
    directory = b"".join(lines).ljust(directory_sectors * SECTOR, b"\0")
    body = b"".join(
        content.ljust(-(-len(content) // SECTOR) * SECTOR, b"\0") for content in streams.values()
    )
    return header + directory + body + struct.pack(f"<{len(table)}I", *table)


def _entry(name, kind, start, size, *, child=FREE, right=FREE):
    text = name.encode("utf-16-le")
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text) + 2, kind, 1, FREE, right, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def record(kind, content=b""):
    return struct.pack("<HH", kind, len(content)) + content


def xls(*sheets, shared=(), formats=(0,), before=b"", folders=(), state=0, biff5=False):
    """An Excel 97 workbook of `(name, records)` sheets; `formats` are those of styles 0, 1, 2 …

    Each format is a built-in number, or text. `before` are records of the workbook itself.
    """
    version = 0x0500 if biff5 else 0x0600

    def begin(what):
        return record(
            0x0809, struct.pack("<HHHHII", version, what, 0, 0, 0, 0)[: 8 if biff5 else 16]
        )

    own = {code: 164 + at for at, code in enumerate(f for f in formats if isinstance(f, str))}
    settings = begin(0x0005) + before
    for code, number in own.items():
        text = (b"" if biff5 else b"\0") + code.encode("latin-1")
        length = struct.pack("<B" if biff5 else "<H", len(code))
        settings += record(0x041E, struct.pack("<H", number) + length + text)
    for code in formats:
        settings += record(0x00E0, struct.pack("<HH", 0, own.get(code, code)).ljust(20, b"\0"))
    if shared:
        texts = b"".join(
            struct.pack("<HB", len(text), 1) + text.encode("utf-16-le") for text in shared
        )
        settings += record(0x00FC, struct.pack("<II", len(shared), len(shared)) + texts)
    names = [name.encode("latin-1") for name, _ in sheets]
    extra = 7 if biff5 else 8
    at = len(settings) + sum(4 + extra + len(name) for name in names) + 4
    listed, contents = b"", b""
    for name, (_, content) in zip(names, sheets, strict=True):
        start = at + len(contents)
        wide = b"" if biff5 else b"\0"
        listed += record(0x0085, struct.pack("<IBBB", start, state, 0, len(name)) + wide + name)
        contents += begin(0x0010) + content + record(0x000A)
    stream = settings + listed + record(0x000A) + contents
    return compound({"Book" if biff5 else "Workbook": stream}, folders)


def xls_number(row, column, value, style=0):
    return record(0x0203, struct.pack("<HHHd", row, column, style, value))


def xls_text(row, column, text, *, biff5=False):
    letters = text.encode("cp1252") if biff5 else b"\x01" + text.encode("utf-16-le")
    return record(0x0204, struct.pack("<HHHH", row, column, 0, len(text)) + letters)


def xls_shared(row, column, number):
    return record(0x00FD, struct.pack("<HHHI", row, column, 0, number))


def xls_error(row, column, code):
    return record(0x0205, struct.pack("<HHHBB", row, column, 0, code, 1))


def xls_header(*, biff5=False):
    return b"".join(xls_text(0, at, name, biff5=biff5) for at, name in enumerate(HEADER))


def encrypted_workbook():
    """What Excel writes when a workbook has a password to open it."""
    return compound({"EncryptionInfo": b"\x04\0\x04\0", "EncryptedPackage": bytes(range(256)) * 20})
