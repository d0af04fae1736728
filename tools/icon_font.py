"""Write assets/icons/, the icons that pages use as a small font: `python tools/icon_font.py`.

Streamlit draws icons with a font of some 3,900, a seventh of what a first visit moves. This keeps
those that our source names, and every one that Streamlit's own scripts and modules could name.
An icon is a ligature: its name, in letters, is drawn as one glyph. Without its glyph the name
would stand on the page, so tests/test_icon_font.py asks for each.
"""

import re
import sys
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "assets" / "icons"
NAMED = re.compile(r":material/(\w+):")
QUOTED = re.compile(r"[\"'`](\w+)[\"'`]")
LIGATURES = 4  # The type of lookup in the table GSUB.


def streamlit_font() -> Path:
    """The font that Streamlit's pages ask for; its name holds a hash of its content."""
    [font] = Path(str(files("streamlit") / "static/static/media")).glob("MaterialSymbols-*.woff2")
    return font


def icons(font: TTFont) -> dict[str, str]:
    """The names of the icons in a font, with their glyphs."""
    letters = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
    found = {}
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            table = getattr(table, "ExtSubTable", table)
            if table.LookupType == LIGATURES:
                for first, ligatures in table.ligatures.items():
                    for each in ligatures:
                        name = "".join(letters.get(g, "?") for g in (first, *each.Component))
                        found[name] = each.LigGlyph
    return found


def named_here() -> set[str]:
    """The icons that our own pages name."""
    modules = [path for folder in ("pages", "ui") for path in (ROOT / folder).glob("*.py")]
    return set(NAMED.findall("".join(path.read_text(encoding="utf-8") for path in modules)))


def named_by_streamlit(known: set[str]) -> set[str]:
    """The icons that Streamlit may draw by itself: whatever word in it is an icon's name."""
    streamlit = Path(str(files("streamlit")))
    words: set[str] = set()
    for script in (streamlit / "static/static/js").glob("*.js"):
        text = script.read_text(encoding="utf-8")
        words |= {*NAMED.findall(text), *QUOTED.findall(text)}
    for module in streamlit.rglob("*.py"):
        words |= set(NAMED.findall(module.read_text(encoding="utf-8")))
    return words & known


def small(font: TTFont, kept: set[str]) -> bytes:
    """The font with the icons of these names alone, as WOFF2."""
    known = icons(font)
    options = subset.Options(layout_features=["*"], layout_closure=False, glyph_names=True)
    options.flavor = "woff2"
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(sorted(known)), glyphs=[known[name] for name in kept])
    subsetter.subset(font)
    written = BytesIO()
    subset.save_font(font, written, options)
    return written.getvalue()


def main() -> None:
    """Write the font under the name of the one that it stands for."""
    whole = streamlit_font()
    with TTFont(whole) as font:
        known = set(icons(font))
        if unknown := named_here() - known:
            sys.exit(f"Streamlit has no icon called {', '.join(sorted(unknown))}.")
        kept = named_here() | named_by_streamlit(known)
        content = small(font, kept)
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.woff2"):
        old.unlink()
    (FOLDER / whole.name).write_bytes(content)
    print(f"{len(kept)} icons of {len(known)}: {len(content):,} bytes of {whole.stat().st_size:,}")


if __name__ == "__main__":
    main()
