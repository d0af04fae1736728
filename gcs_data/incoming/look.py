"""What kind of file this is, by its first bytes; its name only earns a notice."""

import re

from gcs_data.incoming.limits import MEGABYTE, MOST_UPLOADED, Refused
from gcs_data.incoming.sheets import Notice

ZIP, OLE, PARQUET, TEXT = "zip", "ole", "parquet", "text"

LOCK_FILES = ("~$", ".~lock.")
STARTS = (
    (b"PK\x03\x04", ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
)
REFUSED = (
    (b"PK\x05\x06", "upload_archive"),
    (b"PK\x07\x08", "upload_archive"),
    (b"\x1f\x8b", "upload_archive"),
    (b"7z\xbc\xaf\x27\x1c", "upload_archive"),
    (b"Rar!\x1a\x07", "upload_archive"),
    (b"\xfd7zXZ\x00", "upload_archive"),
    (b"{\\rtf", "upload_other_document"),
    # A workbook of Excel 2 to 4, or of 5 without its container.
    (b"\x09\x00\x04\x00", "upload_old_excel"),
    (b"\x09\x00\x06\x00", "upload_old_excel"),
    (b"\x09\x02\x06\x00", "upload_old_excel"),
    (b"\x09\x04\x06\x00", "upload_old_excel"),
    (b"\x09\x08\x08\x00", "upload_old_excel"),
    (b"\x09\x08\x10\x00", "upload_old_excel"),
)
HTML = re.compile(r"<(?:!doctype html|html|head|body|table|meta|style|script|div)\b", re.I)
WEB_ARCHIVE = re.compile(r"MIME-Version:", re.I)
# What no text has, apart from NUL, which half of UTF-16 is made of.
BINARY = re.compile(rb"[\x01-\x08\x0e-\x19\x1b-\x1f]")
MOST_BINARY, MANY = 0.02, 16
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
SAMPLE = 4096

EXTENSIONS = {
    "xlsx": ("xlsx", "xltx"),
    "xls": ("xls", "xlt"),
    "ods": ("ods", "ots"),
    "csv": ("csv", "tsv", "tab", "txt"),
    "tsv": ("csv", "tsv", "tab", "txt"),
    "parquet": ("parquet", "pq"),
}
KNOWN_EXTENSIONS = {"xlsm", "xlsb", "pdf", "html", "htm", "xml", "json"}.union(*EXTENSIONS.values())


def check_size(content: bytes) -> None:
    """Refuse what is empty or too big. The one look that costs nothing, so it comes first."""
    if not content:
        raise Refused("upload_empty")
    if len(content) > MOST_UPLOADED:
        found = f"{len(content) / MEGABYTE:.1f}"
        raise Refused("upload_too_big", found=found, most=MOST_UPLOADED // MEGABYTE)


def container(content: bytes, name: str) -> str:
    """Which of `ZIP`, `OLE`, `PARQUET` and `TEXT` to open.

    Raises:
        Refused: If it is something else, with the sentence for what it is.
    """
    check_size(content)
    if name.startswith(LOCK_FILES):
        raise Refused("upload_lock_file")
    for start, kind in STARTS:
        if content.startswith(start):
            return kind
    for start, code in REFUSED:
        if content.startswith(start):
            raise Refused(code)
    if _is_parquet(content):
        return PARQUET
    if b"%PDF-" in content[:1024]:
        raise Refused("upload_pdf")
    sample = content[:SAMPLE]
    if not sample.startswith(WIDE_MARKS):
        if len(BINARY.findall(sample)) > max(MOST_BINARY * len(sample), MANY):
            raise Refused("upload_unknown")
    _refuse_markup(sample)
    return TEXT


def _is_parquet(content: bytes) -> bool:
    """Whether it is Parquet, be it cut short; a column of a text file may be called PARENT."""
    if not BINARY.search(content[:64]):
        return False
    if content.startswith(b"PARE"):  # Even its footer is encrypted.
        raise Refused("upload_password")
    return content.startswith(b"PAR1")


def _refuse_markup(sample: bytes) -> None:
    start = sample.replace(b"\0", b"").decode("latin-1").lstrip("\xef\xbb\xbf\xff\xfe \t\r\n")
    if HTML.match(start) or WEB_ARCHIVE.match(start):
        raise Refused("upload_html")
    if start.startswith(("<?xml", "<!--", "<!DOCTYPE")):
        raise Refused("upload_html" if HTML.search(start) else "upload_xml")


def extension_notice(name: str, kind: str) -> tuple[Notice, ...]:
    """A notice where the name says that the file is of another kind."""
    _, dot, extension = name.lower().rpartition(".")
    if not dot or extension not in KNOWN_EXTENSIONS or extension in EXTENSIONS[kind]:
        return ()
    return (Notice("other_extension", {"extension": f".{extension}", "kind": kind}),)
