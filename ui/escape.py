"""Make text from data inert in Streamlit's Markdown, letter for letter."""

import re
from urllib.parse import urlsplit

# Every ASCII punctuation mark can be escaped with a backslash in CommonMark; together they hold
# every way into emphasis, links, images, HTML, maths (`$`), directives and icons (`:`).
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_LINE = re.compile(r"\s*[\r\n\u2028\u2029]\s*")
# What Streamlit replaces in the text that is left after parsing, escaped or not: web and e-mail
# addresses become links, `:streamlit:` and `:material_…:` pictures, `->` an arrow. A zero-width
# space inside keeps them letter for letter.
_AFTER_PARSING = re.compile(
    r"(?<=:)(?=//|[\w+-]+:)|(?<=www)(?=\.)|(?<=@)(?=[\w-])|(?<=[<>~-])(?=[-=>])", re.IGNORECASE
)
# These turn the direction of everything behind them; shown by their number, they turn nothing.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")

_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
# No user name before the host, and nothing that would end the link in Markdown.
_WEB = re.compile(r"https?://[^\s<>()\[\]\\@/?#]+(?:[/?#][^\s<>()\[\]\\]*)?", re.IGNORECASE)


def md(text: object) -> str:
    """Escape text for Markdown, letter for letter.

    Line breaks become spaces, so that it stays one paragraph, and spaces round it are dropped:
    four of them would make it code.
    """
    line = _TURNING.sub(lambda mark: f"[U+{ord(mark[0]):04X}]", _LINE.sub(" ", str(text)).strip())
    return _escaped(_AFTER_PARSING.sub("\u200b", line))


def _escaped(text: str) -> str:
    return _PUNCTUATION.sub(r"\\\1", text)


def link(url: object, label: str = "") -> str:
    """A Markdown link that shows its host; text that is no web address stays text.

    Args:
        url: From data. Only http and https become links, to a host of plain letters: another
            alphabet's letters can look like a host that they are not.
        label: What to call it, not from data; the host stands behind it in brackets.
    """
    address = str(url)
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    if not _HOST.fullmatch(host) or not _WEB.fullmatch(address):
        return " ".join(filter(None, [label, md(address)]))
    shown = f"{label} ({_escaped(host)})" if label else _escaped(host)
    target = address.replace("&", "&amp;")  # Markdown reads `&commat;` as @, another host.
    return f"[{shown}](<{target}>)"
