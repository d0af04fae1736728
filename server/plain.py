"""Plain pages of ours beside the Streamlit ones: no script, nothing from elsewhere, any width.

Colours and sizes are those of the theme in .streamlit/config.toml. Their style is written into the
page, so that it is there at once.
"""

from html import escape
from pathlib import Path
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse

from server import way_back
from words import DEFAULT_LANGUAGE, LANGUAGES, Words, words

STYLE = (Path(__file__).parents[1] / "assets" / "plain.css").read_text(encoding="utf-8")
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"  # Whatever the setting: a password is typed here.
)


def visitor_words(request: Request) -> Words:
    """The words for this visitor: the language of the address, else of the browser."""
    asked = request.query_params.get("lang", "")
    return words(asked if asked in LANGUAGES else preferred(request.headers.get("accept-language")))


def preferred(accepted: str | None) -> str:
    """The language that an Accept-Language header likes best (RFC 9110, 12.5.4), else English."""
    wishes = []
    for place, part in enumerate((accepted or "").lower().split(",")[:20]):
        name, _, weight = part.partition(";")
        code = name.strip().partition("-")[0]
        try:
            wish = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if code in LANGUAGES and wish > 0:
            wishes.append((-wish, place, code))
    return min(wishes)[2] if wishes else DEFAULT_LANGUAGE


def page(request: Request, title: str, body: str, t: Words, status: int = 200) -> HTMLResponse:
    """A page with a title, the way back and the languages.

    Args:
        request: What is answered; its address tells where the way back leads.
        title: Plain text.
        body: HTML made here, escaped already.
        t: The words of the visitor's language.
        status: Of the answer.
    """
    up = "../" * (request.url.path.count("/") - 1)
    back = (up or "./") + way_back.page(request.query_params.get("next", "")).removeprefix("/")
    return HTMLResponse(
        f'<!DOCTYPE html><html lang="{t.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f"<title>{escape(title)} · Good Cyber Stories</title>"
        f'<link rel="icon" href="{up}assets/favicon.svg"><style>{STYLE}</style></head><body><main>'
        f'<p class="soft">Good Cyber Stories</p><h1>{escape(title)}</h1>{body}'
        f'<footer><a href="{escape(back)}">{escape(t("Back to the pages"))}</a>'
        f"{_languages(request, t)}</footer></main></body></html>",
        status,
        {"Cache-Control": "no-store", "Content-Security-Policy": POLICY},
    )


def paragraph(text: str, kind: str = "") -> str:
    """Plain text as a paragraph."""
    role = ' role="alert"' if kind == "alert" else ""
    return f'<p class="{kind}"{role}>{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"


def _languages(request: Request, t: Words) -> str:
    """The languages, as links to this very page."""
    links = []
    for code, name in LANGUAGES.items():
        query = urlencode(dict(request.query_params) | {"lang": code})
        now = ' aria-current="true"' if code == t.language else ""
        links.append(f'<a href="?{escape(query)}" lang="{code}"{now}>{name}</a>')
    return f"<nav>{''.join(links)}</nav>"
