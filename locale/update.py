"""Bring the catalogues up to date with the code: `python locale/update.py`.

Collects every message a person reads, merges it into each language's `gcs.po`, and compiles the
`gcs.mo` that the program reads. Besides the calls of `t(…)` and `t.plural(…)` it takes the wording
that is kept as data: errors, problems, columns and genes.
"""

import ast
import csv
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from gcs_data.errors import KEPT, TEMPLATES  # noqa: E402  (The path comes first.)
from gcs_data.problems import MESSAGES, PATTERNS  # noqa: E402
from gcs_data.schema import DATASETS  # noqa: E402
from words import LANGUAGES  # noqa: E402

SOURCES = ("ui", "pages", "figures", "server", "exports", "workshop")
GENE_WORDS = ("name", "definition", "letter_basis", "definition_basis")


def collected() -> Catalog:
    """Every message in the code and in what is kept as data, in a stable order."""
    catalog = Catalog(project="Good Cyber Stories", charset="utf-8", fuzzy=False)
    for path in [ROOT / "labels.py", *(p for name in SOURCES for p in (ROOT / name).rglob("*.py"))]:
        where = path.relative_to(ROOT).as_posix()
        for message in said_in(path.read_text(encoding="utf-8")):
            catalog.add(message, locations=[(where, 0)])
    for message, where in kept_as_data():
        catalog.add(message, locations=[(where, 0)])
    return catalog


def said_in(code: str) -> list[str | tuple[str, str]]:
    """The messages of every `t("…")` and `t.plural("…", "…", n)` in a module.

    Read from the syntax tree: Babel's own reader does not see what stands inside an f-string.
    """
    found: list[str | tuple[str, str]] = []
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call):
            continue
        said = [text for text in map(_text, node.args[:2]) if text]
        if isinstance(node.func, ast.Name) and node.func.id == "t" and said:
            found.append(said[0])
        if isinstance(node.func, ast.Attribute) and node.func.attr == "plural" and len(said) == 2:
            found.append((said[0], said[1]))
    return found


def _text(node: ast.expr) -> str:
    """A literal text; empty for everything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def kept_as_data() -> list[tuple[str, str]]:
    """Wording that stands in tables rather than in calls."""
    found = [(text, "gcs_data/errors.py") for text in (*TEMPLATES.values(), KEPT)]
    kept = (*MESSAGES.values(), *PATTERNS.values())
    found += [(text, "gcs_data/problems.py") for text in kept]
    for dataset in DATASETS.values():
        found.append((dataset.about, "gcs_data/schema.py"))
        found += [(rule.description, "gcs_data/schema.py") for rule in dataset.columns.values()]
    with (ROOT / "data" / "source" / "genes.csv").open(encoding="utf-8", newline="") as file:
        for gene in csv.DictReader(file):
            found += [(gene[name], "data/source/genes.csv") for name in GENE_WORDS]
    return [(text, where) for text, where in found if text]


def update(language: str, messages: Catalog) -> int:
    """Merge the messages into one language's catalogue; returns how many are not translated."""
    folder = ROOT / "locale" / language / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "gcs.po"
    old = Catalog(locale=language)
    if path.exists():
        with path.open("rb") as file:
            old = read_po(file, locale=language)
    # Made anew, so that nothing but words changes from one time to the next.
    catalog = Catalog(locale=language, project="Good Cyber Stories", version="1", fuzzy=False)
    catalog.creation_date = catalog.revision_date = datetime(2026, 11, 22, tzinfo=UTC)
    for message in messages:
        if message.id:
            known = old.get(message.id)
            catalog.add(message.id, known.string if known else "", flags=message.flags)
    with path.open("wb") as file:
        write_po(file, catalog, width=100, sort_output=True, no_location=True, include_lineno=False)
    with (folder / "gcs.mo").open("wb") as file:
        write_mo(file, catalog)
    return sum(1 for message in catalog if message.id and not is_translated(message))


def is_translated(message: Message) -> bool:
    """Whether every form of a message has a translation."""
    forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return bool(forms) and all(forms)


if __name__ == "__main__":
    messages = collected()
    for language in LANGUAGES:
        if language != "en":
            missing = update(language, messages)
            print(f"{language}: {len(messages)} messages, {missing} not translated")
