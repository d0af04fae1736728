"""Text in an SVG picture: made inert, measured without a browser, broken but never cut."""

import re
from collections.abc import Sequence
from unicodedata import category, combining, decomposition, east_asian_width

# What XML 1.0 cannot hold in any spelling, and marks that turn the direction of what follows. Both
# are shown by their number, as on the pages, so that a reader sees that something is there.
_SHOWN_BY_NUMBER = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_PIECE = re.compile(r"\s*[^\s/-]*[/-]*")  # What a line may end after: a word, a hyphen, a slash.

# Shares of the font's size, from the widest of the common fonts (DejaVu Sans), so that text takes
# this or less wherever it is shown. What is not listed is as wide as the widest letters.
_WIDTHS = {
    letter: width
    for letters, width in (
        ("ijl'‘’", 0.32),
        (" I.,:;|/\\J·", 0.36),
        ("ft-()[]!", 0.41),
        ("r{}`", 0.5),
        ("csz°*_", 0.56),
        ('kvxyL?“”"–«»', 0.62),
        ("aeoghnbdpquFPTEYS0123456789ß", 0.65),
        ("ABCKRVXZ$", 0.71),
        ("wDGHNOQU&#<>+=~^", 0.85),
    )
    for letter in letters
}
_WIDEST, _SQUARE, _BOLD = 1.04, 1.3, 1.15


def plain(text: object) -> str:
    """Text as one line that XML can hold, letter for letter otherwise."""
    shown = _SHOWN_BY_NUMBER.sub(lambda mark: f"[U+{ord(mark[0]):04X}]", str(text))
    return " ".join(shown.split())


def escaped(text: object) -> str:
    """Text for an element or a quoted attribute, with everything that XML reads as markup inert."""
    marks = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
    return "".join(marks.get(letter, letter) for letter in plain(text))


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """The pixels that text takes, or a little more."""
    return sum(map(_width, text)) * size * (_BOLD if bold else 1)


def _width(letter: str) -> float:
    if letter in _WIDTHS:
        return _WIDTHS[letter]
    if combining(letter) or category(letter) in ("Mn", "Cf"):
        return 0
    if east_asian_width(letter) in "WF":
        return _SQUARE
    base = _base(letter)
    return _WIDTHS.get(base, _WIDEST)


def _base(letter: str) -> str:
    """The letter without its accent: é is as wide as e."""
    parts = decomposition(letter).split()
    return chr(int(parts[0], 16)) if len(parts) == 2 and parts[0][0] != "<" else letter


def wrapped(text: object, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Break text into lines no wider than `width`; a word that is wider is broken inside."""
    lines, line = [], ""
    for piece in _PIECE.findall(plain(text)):
        if width_of((line + piece).lstrip(), size, bold=bold) <= width:
            line += piece
            continue
        if line.strip():
            lines.append(line.strip())
        *whole, line = _broken(piece.lstrip(), width, size, bold)
        lines += whole
    return [*lines, line.strip()] if line.strip() else lines


def _broken(word: str, width: float, size: float, bold: bool) -> list[str]:
    parts = [""]
    for letter in word:
        if (
            parts[-1]
            and width_of(letter, size)
            and (width_of(parts[-1] + letter, size, bold=bold) > width)
        ):
            parts.append("")
        parts[-1] += letter
    return parts


def balanced(text: object, lines: int, size: float, *, most: float) -> list[str]:
    """Break text into at most `lines` lines as narrow as that allows, with its words whole.

    Args:
        text: Plain text.
        lines: How many lines; more if even the width `most` is too little for the text.
        size: The font's size.
        most: The widest that a line may be.
    """
    widest = max((width_of(p.strip(), size) for p in _PIECE.findall(plain(text))), default=0.0)
    low, high = min(widest, most), most
    while high - low > 1:
        middle = (low + high) / 2
        if len(wrapped(text, middle, size)) <= lines:
            high = middle
        else:
            low = middle
    return wrapped(text, high, size)


def widest(lines: Sequence[str], size: float, *, bold: bool = False) -> float:
    """The width of the widest line."""
    return max((width_of(line, size, bold=bold) for line in lines), default=0.0)
