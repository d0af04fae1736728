"""Make text from data inert in Streamlit's Markdown, letter for letter."""

import re
from urllib.parse import urlsplit

# Every ASCII punctuation mark can be escaped with a backslash in CommonMark; together they hold
# every way into emphasis, links, images, HTML, maths (`$`), directives and icons (`:`).
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_LINE = re.compile(r"\s*[\r\n\u2028\u2029]\s*")


def md(text: object) -> str:
    """Escape text for Markdown; line breaks become spaces, so that it stays one paragraph."""
    return _PUNCTUATION.sub(r"\\\1", _LINE.sub(" ", str(text)))


def link(url: object, label: str = "") -> str:
    """A Markdown link that shows its host; text that is no web address stays text.

    Args:
        url: From data. Only http and https become links.
        label: What to call it; the host stands behind it in brackets.
    """
    address = str(url)
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    if not host or parts.scheme not in ("http", "https") or re.search(r"[\s<>()\[\]\\]", address):
        return " ".join(filter(None, [label, md(address)]))
    shown = f"{label} ({md(host)})" if label else md(host)
    return f"[{shown}](<{address}>)"
