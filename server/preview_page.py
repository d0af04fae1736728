"""Streamlit's own index.html with a page's first picture in it. Its look is assets/preview.css."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from figures.svg_text import escaped
from server.preview_view import Shown, View, listed, titles
from words import LANGUAGES, Words

ROOT = Path(__file__).parents[1]
STYLE = (ROOT / "assets" / "preview.css").read_text(encoding="utf-8")
SITE = "Good Cyber Stories"
LOCALES = {"en": "en_GB", "fr": "fr_FR", "es": "es_ES"}
LONGEST_ABOUT = 300
# Where our parts go into Streamlit's page. A test asks the installed one for each.
LANGUAGE, TITLE, HEAD, BODY, NO_SCRIPT = (
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r"<html\b[^>]*>",
        r"<title>.*?</title>",
        r"</head>",
        r'(?=<div id="root")',
        r"<noscript>.*?</noscript>",
    )
)
# The page's font, which Streamlit loads anyway. By its own rule the text is not seen until then.
FONT = re.compile(r'href="(\./static/media/SourceSans[^"]*\.woff2)"')


def names(t: Words) -> dict[str, str]:
    """What each page is called, by its address, in the order of the menu."""
    return {
        "": t("Overview"),
        "stories": t("Stories"),
        "story": t("Story"),
        "compare": t("Compare"),
        "genome": t("Genome"),
        "map": t("World map"),
        "country": t("Country"),
        "plan": t("Could it work here?"),
        "norms": t("Norms and duties"),
        "partners": t("Partners and events"),
        "methods": t("Methods and data"),
        "present": t("Present"),
        "manage": t("Manage data"),
    }


FOR_STAFF = ("present", "manage")


def whole(
    index: str, view: View, shown: Shown, notices: Sequence[str], public: str, t: Words
) -> str:
    """The page as it is sent.

    Args:
        index: Streamlit's page.
        view: What the address asks for.
        shown: What there is to see first; without a body, only the head and the links are put in.
        notices: What the address asks for and there is not. Plain text.
        public: Where this server is reached from outside; empty where nobody has said.
        t: The words of the visitor's language.
    """
    body = _block(view, shown, notices, t) if shown.body else ""
    links = "" if shown.body else _menu(view, t) + _every_story(view)
    plain = f"<noscript>{links}<p>{escaped(_without_script(t))}</p></noscript>"
    return _filled(
        index,
        {
            LANGUAGE: f'<html lang="{t.language}">',
            TITLE: f"<title>{escaped(shown.title)} · {SITE}</title>",
            HEAD: f"{_head(view, shown, public)}{_look(index) if body else ''}</head>",
            NO_SCRIPT: "" if body else plain,
            BODY: body.replace("<noscript/>", plain),
        },
    )


def _filled(index: str, parts: Mapping[re.Pattern[str], str]) -> str:
    for where, part in parts.items():
        if found := where.search(index):
            index = index[: found.start()] + part + index[found.end() :]
    return index


def missing(index: str) -> list[str]:
    """The places that this page of Streamlit's does not have."""
    places = (LANGUAGE, TITLE, HEAD, BODY, NO_SCRIPT)
    return [where.pattern for where in places if not where.search(index)]


def _without_script(t: Words) -> str:
    return t(
        "Without JavaScript this page can be read, but not searched, filtered or asked for more. "
        "The stories, their facts and the links work."
    )


def _head(view: View, shown: Shown, public: str) -> str:
    about = shown.about if len(shown.about) <= LONGEST_ABOUT else f"{shown.about[:299].rstrip()}…"
    chosen = dict(view.chosen)
    here = _full(public, view, view.language)
    told = {
        "og:title": shown.title,
        "og:description": about,
        "og:type": shown.kind,
        "og:site_name": SITE,
        "og:locale": LOCALES[view.language],
        "og:url": here,
    }
    parts = [f'<meta name="description" content="{escaped(about)}" />']
    parts += [
        f'<meta property="{name}" content="{escaped(value)}" />'
        for name, value in told.items()
        if value
    ]
    parts += [
        f'<meta property="og:locale:alternate" content="{locale}" />'
        for code, locale in LOCALES.items()
        if code != view.language
    ]
    canonical = here or view.address(view.page, **chosen)
    parts.append(f'<link rel="canonical" href="{escaped(canonical)}" />')
    parts += [
        f'<link rel="alternate" hreflang="{code}" href="{escaped(_full(public, view, code))}" />'
        for code in LANGUAGES
        if public
    ]
    return "".join(parts)


def _look(index: str) -> str:
    font = FONT.search(index)
    face = (
        '@font-face{font-family:"First picture";font-weight:100 900;font-display:swap;'
        f"src:url({font[1]})}}"
        if font
        else ""
    )
    style = f'<style id="first-picture-style">{face}{STYLE}</style>'
    return f'{style}<script defer src="./assets/preview.js"></script>'


def _full(public: str, view: View, language: str) -> str:
    """The address of this view as others reach it, in a language; empty where nobody has said."""
    if not public:
        return ""
    kept = {"release": release} if (release := dict(view.carried).get("release")) else {}
    here = View(view.page, language, view.release, view.newest, view.chosen)
    chosen = dict(here.chosen) | kept | {"lang": language}
    return public + here.address(here.page, **chosen).removeprefix(".")


def _block(view: View, shown: Shown, notices: Sequence[str], t: Words) -> str:
    """What lies where the page will be until it is there; the page's own style says how long."""
    said = "".join(f'<p class="notice" dir="auto">{escaped(notice)}</p>' for notice in notices)
    return (
        f'<div id="first-picture">'
        f'<div class="menu"><div>{_menu(view, t)}{_languages(view, t)}</div></div>'
        f"<div>{_past(view, t)}</div><main>{said}{shown.body}<noscript/></main></div>"
    )


def _menu(view: View, t: Words) -> str:
    links = []
    for page, name in names(t).items():
        if page not in FOR_STAFF:
            now = ' aria-current="page"' if page == view.page else ""
            links.append(f'<a href="{escaped(view.address(page))}"{now}>{escaped(name)}</a>')
    return f"<nav>{''.join(links)}</nav>"


def _languages(view: View, t: Words) -> str:
    """This view in each language."""
    links = []
    for code, name in LANGUAGES.items():
        now = ' aria-current="true"' if code == t.language else ""
        chosen = dict(view.chosen) | {"lang": (code,)}
        carried = tuple(pair for pair in view.carried if pair[0] != "lang")
        here = View(view.page, code, view.release, view.newest, carried=carried)
        address = escaped(here.address(view.page, **chosen))
        links.append(f'<a href="{address}" lang="{code}"{now}>{name}</a>')
    return f'<nav class="languages">{"".join(links)}</nav>'


def _past(view: View, t: Words) -> str:
    if view.release == view.newest:
        return ""
    said = t(
        "You are looking at the past: release {number}. The newest is release {newest}.",
        number=view.release,
        newest=view.newest,
    )
    return f'<p class="past">{escaped(said)}</p>'


def _every_story(view: View) -> str:
    """All stories as links, on the page that lists them."""
    if view.page != "stories":
        return ""
    return listed(
        view.link("story", title, story=story) for story, title in titles(view.release).items()
    )
