"""In which encoding a text file is written. No statistics: they called French “johab”."""

import codecs
import re

from gcs_data.incoming.limits import Refused, shown
from gcs_data.incoming.sheets import Notice

# What somebody may say a file is written in, where its bytes do not.
ENCODINGS = (
    "utf-8", "utf-16", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256",
    "cp1257", "iso8859-15", "mac-roman", "cp850", "gb18030", "big5", "shift-jis", "euc-kr",
)  # fmt: skip
ASSUMED = "cp1252"
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
NUL_PATTERN = 0.75  # So many of the first letters of UTF-16 have a NUL beside them.
SAMPLE = 200
LINE_ENDS = re.compile(r"\r\n|\n|\r")


def decoded(content: bytes, encoding: str | None) -> tuple[str, list[Notice]]:
    """The text of a file: by its mark, else UTF-8, else UTF-16 by its NULs, else assumed.

    Args:
        content: The file.
        encoding: One of `ENCODINGS`, where somebody has said so.

    Raises:
        Refused: If it is not written as it says, or holds a NUL.
    """
    content = content.rstrip(b"\x1a")  # The sign with which MS-DOS ended a text.
    notices: list[Notice] = []
    if encoding is not None:
        text = _strictly(content, encoding).removeprefix("\ufeff")
    elif mark := next((mark for mark in MARKS if content.startswith(mark[0])), None):
        text = _strictly(content[len(mark[0]) :], mark[1])
    elif wide := _wide(content):
        text = _strictly(content, wide)
    else:
        text, notices = _unmarked(content)
    if (at := text.find("\0")) >= 0:
        line, column = _line_and_column(text, at)
        raise Refused("upload_nul", line=line, column=column)
    return text, notices


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(encoding, "replace")
        line, _ = _line_and_column(before, len(before))
        raise Refused("upload_encoding", encoding=encoding.upper(), line=line) from None


def _unmarked(content: bytes) -> tuple[str, list[Notice]]:
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError as error:
        at = error.start
    try:
        text = content.decode(ASSUMED)
    except UnicodeDecodeError:
        raise Refused("upload_encoding_unknown") from None
    # One byte is one letter here, so the place of the byte is the place of the letter.
    sample = re.split(r"[,;\t|\r\n\"]", text[max(at - 30, 0) : at])[-1]
    sample += re.split(r"[,;\t|\r\n\"]", text[at : at + 30])[0]
    return text, [Notice("assumed_encoding", {"encoding": ASSUMED, "sample": shown(sample)})]


def _wide(content: bytes) -> str:
    """Which UTF-16 it is by the NULs beside its first letters; empty if it is none."""
    start = content[:SAMPLE]
    pairs = len(start) // 2
    if pairs:
        for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
            beside, letters = start[offset::2][:pairs], start[1 - offset :: 2][:pairs]
            if beside.count(0) >= NUL_PATTERN * pairs and letters.count(0) == 0:
                return encoding
    return ""


def _line_and_column(text: str, at: int) -> tuple[int, int]:
    """Where a letter stands, both counted from 1."""
    ends = [match.end() for match in LINE_ENDS.finditer(text, 0, at)]
    return len(ends) + 1, at - (ends[-1] if ends else 0) + 1
