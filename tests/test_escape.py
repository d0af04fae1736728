"""Text from data is shown letter for letter, whatever Markdown it could be."""

import re

import pytest

from ui.escape import link, md

HOSTILE = [
    "![](https://tracker/x.png)",
    "<script>alert(1)</script>",
    r"$\href{javascript:x}{y}$",
    "$$x$$ and $y$",
    ":material/home:",
    ":material_home:",
    ":streamlit:",
    ":smile:",
    ":red[x]",
    ":red-badge[x]",
    "[a](b)",
    "[a]: b",
    "[^1]: x",
    "# h",
    "1. x",
    "1) x",
    "- x",
    "> q",
    "---",
    "===",
    "~~x~~",
    "``` x",
    "`x`",
    "| a | b |",
    "**b** _i_ __u__",
    "\\ \\\\ \\*",
    "&amp; &lt; &#65; &commat;",
    "<https://evil.example>",
    "https://evil.example/?a=1",
    "HTTPS://EVIL.EXAMPLE",
    "see http://evil.example.",
    "www.evil.example",
    "WWW.evil.example",
    "a@b.example",
    "mailto:a@b.example",
    "-> <- <-> -- >= <= ~=",
]
# Streamlit 1.67 (StreamlitMarkdown.js) rewrites these in the text that is left after parsing.
AFTER_PARSING = [
    r"(?i)(https?://|www(?=\.))([-.\w]+)([^ \t\r\n]*)",
    r"([-.\w+]+)@([-\w]+(?:\.[-\w]+)+)",
    r":streamlit:",
    r":material_(\w+):",
    r":\+1:|:-1:|:[\w-]+:",
    *(rf"(^|\s){mark}(\s|$)" for mark in ("<->", "->", "<-", "--", ">=", "<=", "~=")),
]


@pytest.fixture(scope="module")
def rendered():
    """What CommonMark reads: the names of all tokens, and the text that is left."""
    markdown_it = pytest.importorskip("markdown_it", reason="pip install -r requirements-dev.txt")
    parser = markdown_it.MarkdownIt("gfm-like", {"linkify": False})

    def render(text):
        blocks = parser.parse(text)
        parts = [part for block in blocks for part in block.children or ()]
        kinds = {token.type for token in [*blocks, *parts]} - {"inline"}
        return kinds, "".join(part.content for part in parts)

    return render


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_a_paragraph_of_text_and_nothing_else(rendered, text):
    kinds, shown = rendered(md(text))

    assert kinds == {"paragraph_open", "text", "paragraph_close"}
    assert shown.replace("\u200b", "") == text
    assert not [rule for rule in AFTER_PARSING if re.search(rule, shown)]


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("Cash by phone", "Cash by phone"),
        ("École & Côte d’Ivoire", r"École \& Côte d’Ivoire"),
        ("2.5 * 3", r"2\.5 \* 3"),
        ("at 12:30", r"at 12\:30"),
        ("two\nlines", "two lines"),
        ("two \u2028 lines\r\n\r\n# h", r"two lines \# h"),
        ("    not code", "not code"),
        ("\tnot code\n", "not code"),
        (3, "3"),
    ],
)
def test_ordinary_text_stays_readable_in_one_paragraph(text, escaped):
    assert md(text) == escaped


@pytest.mark.parametrize("code", [*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
def test_marks_that_turn_the_direction_are_shown_not_applied(code):
    assert md(f"a{chr(code)}gpj.exe") == rf"a\[U\+{code:04X}\]gpj\.exe"


def test_right_to_left_text_and_its_harmless_marks_stay_as_they_are():
    assert md("\u0645\u0631\u062d\u0628\u0627\u200f") == "\u0645\u0631\u062d\u0628\u0627\u200f"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://www.thegfce.com/a", r"[www\.thegfce\.com](<https://www.thegfce.com/a>)"),
        ("http://a.example:8080", r"[a\.example](<http://a.example:8080>)"),
        ("HTTPS://A.Example/B", r"[a\.example](<HTTPS://A.Example/B>)"),
        ("https://a.example/?x=1&copy;=2", r"[a\.example](<https://a.example/?x=1&amp;copy;=2>)"),
        ("https://a.example/@user", r"[a\.example](<https://a.example/@user>)"),
    ],
)
def test_a_web_address_is_a_link_that_shows_its_host(url, shown):
    assert link(url) == shown


def test_a_label_stands_before_the_host():
    assert link("https://a.example/", "Website") == r"[Website (a\.example)](<https://a.example/>)"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//evil.example",
        "ftp://evil.example/",
        "https://",
        "https://localhost",
        "https://evil.example/>) [x](javascript:y",
        "https://evil.example/a b",
        "https://evil.example/\n# h",
        "https://[::1]/",
        "https://[broken",
        "https://good.example@evil.example/",
        "https://good.example\\@evil.example/",
        "https://good.example&commat;evil.example/",
        "https://g\u043e\u043ed.example/",  # Cyrillic о.
        "003_702c13f7f7f09b1a.txt",
        "",
    ],
)
def test_anything_else_stays_text(rendered, url):
    kinds, shown = rendered(link(url))

    assert kinds <= {"paragraph_open", "text", "paragraph_close"}
    assert shown.replace("\u200b", "") == " ".join(url.split("\n"))
    assert "link_open" not in rendered(link(url, "Website"))[0]


def test_the_browser_gets_exactly_the_address_that_was_given(rendered):
    url = "https://a.example/?x=1&copy;=2&y=%20"
    markdown_it = pytest.importorskip("markdown_it")
    (opened, *_) = markdown_it.MarkdownIt().parse(link(url))[1].children

    assert opened.attrs["href"].replace("%C2%A9", "©") == url
