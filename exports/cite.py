"""“Cite this”: a view of the dashboard as plain text, APA, BibTeX and RIS.

What is cited is the view as it was: its address names the release. The dashboard is the author,
because the choice of what is shown is its own; where the facts come from is listed beside it.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from babel.dates import format_date, format_skeleton

from words import Words

AUTHOR = "Good Cyber Stories dashboard"
KINDS = ("story", "comparison", "country", "map", "plan", "norms", "dataset")
MOST_SOURCES = 5
LONGEST_KEY = 64
RIS_TYPES = {"map": "MAP", "dataset": "DATA"}  # Everything else is a web page.
RIS_LONGEST_AUTHOR = 255
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # BibTeX's own names.

# BibTeX counts braces even after a backslash, so a brace may only be written by its name.
BIBTEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    **{mark: f"\\{mark}" for mark in "$%&#_"},
}


@dataclass(frozen=True)
class View:
    """What is cited.

    Attributes:
        kind: One of `KINDS`.
        ids: What the view shows, in its order: story ids, a country's code, a dataset's name. Empty
            for the whole map.
        title: The view's title, as the visitor reads it.
        address: The full address of the view; its release is filled in here.
        release: The release that the view shows.
        accessed: The day on which it was looked at.
        published: The day of that release, if known.
        sources: Where the facts come from: addresses, or names of documents.
    """

    kind: str
    ids: tuple[str, ...]
    title: str
    address: str
    release: int
    accessed: date
    published: date | None = None
    sources: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The address of the view in its release, in ASCII.

        Raises:
            ValueError: If the address is not a web address.
        """
        parts = urlsplit(self.address)
        if parts.scheme not in ("http", "https") or not re.fullmatch(r"[\w.:\[\]-]+", parts.netloc):
            raise ValueError(f"“{self.address}” is not the address of a web page.")
        asked = parse_qsl(parts.query, keep_blank_values=True)
        kept = [(name, value) for name, value in asked if name != "release"]
        query = urlencode([*kept, ("release", self.release)], quote_via=quote)
        host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
        return urlunsplit((parts.scheme, host, _safe(parts.path), query, _safe(parts.fragment)))


def _safe(part: str) -> str:
    """A part of an address without braces, spaces and backslashes; what is quoted stays so."""
    return quote(part, safe="/%:@!$&'()*+,;=~-._")


def plain(view: View, t: Words) -> str:
    """One line of plain text in the visitor's language."""
    release = (
        t("release {number} of {day}", number=view.release, day=_day(view.published, t))
        if view.published
        else t("release {number}", number=view.release)
    )
    cited = t(
        "“{title}”. {author}, {release}. {url} (accessed {day}).",
        title=one_line(view.title),
        author=AUTHOR,
        release=release,
        url=view.url,
        day=_day(view.accessed, t),
    )
    if sources := _sources(view, t):
        cited += " " + t("Sources of the facts: {sources}.", sources=sources)
    return cited


def apa(view: View, t: Words) -> str:
    """A reference as APA's seventh edition writes it, for a work that has versions.

    The date of access is there because a release's pages may be drawn differently later. The title
    is to be set in italics where the reader's program can. APA has no place for the sources of a
    page's facts; like a first publication, they follow in brackets.
    """
    described = {
        "map": t("Map"),
        "dataset": t("Data set"),
    }.get(view.kind, t("Interactive web page"))
    cited = t(
        "{author}. ({when}). {title} (Release {number}) [{described}]. Retrieved {day}, from {url}",
        author=AUTHOR,
        when=_year_first(view.published, t),
        title=one_line(view.title),
        number=view.release,
        described=described,
        day=format_date(view.accessed, "long", locale=_apa_locale(t)),
        url=view.url,
    )
    if sources := _sources(view, t):
        cited += " " + t("(Facts from {sources})", sources=sources)
    return cited


def _day(day: date, t: Words) -> str:
    return format_date(day, "long", locale="en_GB" if t.language == "en" else t.language)


def _year_first(day: date | None, t: Words) -> str:
    """A date as APA begins with it, “2026, May 14”."""
    if day is None:
        return t("n.d.")
    return f"{day.year}, {format_skeleton('MMMMd', day, locale=_apa_locale(t))}"


def _apa_locale(t: Words) -> str:
    return "en_US" if t.language == "en" else t.language  # APA is American: “May 14”.


def _sources(view: View, t: Words) -> str:
    shown, more = _first_sources(view)
    return shown + (" " + t.plural("and {n} more", "and {n} more", more) if more else "")


def _first_sources(view: View) -> tuple[str, int]:
    """The first few sources, once each, and how many more there are."""
    sources = [source for source in dict.fromkeys(map(one_line, view.sources)) if source]
    return "; ".join(sources[:MOST_SOURCES]), max(len(sources) - MOST_SOURCES, 0)


def one_line(text: str) -> str:
    """A text without line breaks and control characters, with single spaces."""
    shown = "".join(
        " " if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") else character
        for character in text
    )
    return " ".join(shown.split())


def key(view: View) -> str:
    """The citation key: the same for the same view of the same release, for ever.

    Letters, digits, `-` and `_` only, which every BibTeX program takes. A view with many or unusual
    ids gets the beginning of them and eight digits of their hash.
    """
    named = "-".join(["gcs", view.kind, *view.ids]).lower()
    safe = re.sub(r"[^a-z0-9_-]+", "-", named)
    if safe != named or len(safe) > LONGEST_KEY:
        safe = f"{safe[:LONGEST_KEY].rstrip('-')}-{_digits(named)[:8]}"
    return f"{safe}-r{view.release}"


def _digits(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def bibtex(view: View) -> str:
    """A BibTeX entry in UTF-8 that loads in BibTeX, biblatex and reference managers."""
    note = [f"Accessed {view.accessed.isoformat()}", _english_sources(view)]
    fields = {
        "author": _braced(AUTHOR),
        "title": _braced(view.title),
        **_published(view.published),
        "howpublished": f"{{Release {view.release}}}",
        "version": f"{{{view.release}}}",
        "url": f"{{{view.url}}}",
        "urldate": f"{{{view.accessed.isoformat()}}}",
        "note": f"{{{escaped('. '.join(filter(None, note)))}}}",
    }
    lines = ",\n".join(f"  {name} = {value}" for name, value in fields.items())
    return f"@misc{{{key(view)},\n{lines}\n}}\n"


def _published(day: date | None) -> dict[str, str]:
    # The month without braces: BibTeX then writes it as the style wants it.
    return {"year": f"{{{day.year}}}", "month": MONTHS[day.month - 1]} if day else {}


def _braced(text: str) -> str:
    # The second pair keeps capitals as they are, and a name in one piece.
    return f"{{{{{escaped(text)}}}}}"


def escaped(text: str) -> str:
    """Text as LaTeX sets it letter for letter; what is not ASCII stays as it is."""
    return "".join(BIBTEX.get(character, character) for character in one_line(text))


def _english_sources(view: View) -> str:
    """The sources for a file: reference managers read it, not a visitor, so it has one language."""
    shown, more = _first_sources(view)
    return f"Sources of the facts: {shown}" + (f" and {more} more" if more else "") if shown else ""


def ris(view: View) -> str:
    """A RIS record: one field to a line, lines ending as the format's specification says.

    Titles and notes have no limit there, an author has 255 characters and no asterisk, and the
    record's id is up to 20 capitals and digits.
    """
    fields = [
        ("TY", RIS_TYPES.get(view.kind, "ELEC")),
        ("ID", "GCS" + _digits(key(view))[:17].upper()),
        ("AU", AUTHOR.replace("*", "")[:RIS_LONGEST_AUTHOR]),
        ("TI", view.title),
        *([("PY", f"{view.published:%Y}")] if view.published else []),
        *([("DA", f"{view.published:%Y/%m/%d}")] if view.published else []),
        ("ET", f"Release {view.release}"),
        ("UR", view.url),
        ("Y2", f"{view.accessed:%Y/%m/%d}"),
    ]
    if sources := _english_sources(view):
        fields.append(("N1", sources))
    lines = [f"{tag}  - {one_line(value)}" for tag, value in fields]
    return "\r\n".join([*lines, "ER  - ", ""])
