"""The house's plan, as a test: which layer never imports what."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = {"dashboard", "exports", "figures", "gcs_data", "pages", "server", "settings", "ui"}
LAYERS |= {"words", "workshop"}
STORAGE = {"pyarrow", "obstore", "duckdb", "sqlalchemy"}

NEVER_IMPORTS = {
    "gcs_data": {"streamlit", "plotly", "starlette"} | LAYERS - {"gcs_data"},
    "figures": {"streamlit", "starlette", "gcs_data", "settings"},
    "exports": {"streamlit", "ui", "pages"},
    "server": {"streamlit", "ui", "pages"},
    "workshop": {"streamlit", "ui", "pages"},
    "ui": {"pages"},
    "pages": {"plotly", "starlette", "settings", "pages"} | STORAGE,
    "dashboard.py": {"pandas", "plotly", "gcs_data", "pages"},
    "settings.py": LAYERS,
    "words.py": LAYERS | {"streamlit", "plotly", "starlette"},
}
# The command line is where the data module meets the settings, and the files and words it writes.
# Nothing imports it.
ALLOWED = {("gcs_data/__main__.py", name) for name in ("settings", "exports", "words")}


def modules():
    for layer in NEVER_IMPORTS:
        place = ROOT / layer
        yield from ((layer, path) for path in ([place] if place.is_file() else place.rglob("*.py")))


def imports(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "Relative imports hide which layer is meant."
            yield node.module.split(".")[0]
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "import_module":
            yield node.args[0].value.split(".")[0]


@pytest.mark.parametrize(
    ("layer", "path"), [pytest.param(*m, id=m[1].relative_to(ROOT).as_posix()) for m in modules()]
)
def test_a_layer_never_imports_what_it_must_not_know(layer, path):
    name = path.relative_to(ROOT).as_posix()
    forbidden = set(imports(path.read_text(encoding="utf-8"))) & NEVER_IMPORTS[layer]

    assert {module for module in forbidden if (name, module) not in ALLOWED} == set()


def test_an_import_inside_a_function_counts():
    source = "def f():\n    import streamlit as st\n    from gcs_data.store import load\n"

    assert list(imports(source)) == ["streamlit", "gcs_data"]
