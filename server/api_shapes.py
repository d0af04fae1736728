"""JSON Schemas from `gcs_data/schema.py`: what a cell may hold, and what it may be filtered by."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from gcs_data.schema import DATASETS, PROVENANCES, Dataset, rules
from server.api_asking import TEXT_RULE, Parameter

Shape = dict[str, Any]

# What counts as a space or a letter differs between Python and JSON Schema (ECMA-262).
DIALECTS = re.compile(r"\\[SswW]")
TYPES = {
    "text": "string",
    "list": "array",
    "whole": "integer",
    "number": "number",
    "flag": "boolean",
}
TEXT: Shape = {"type": "string"}
WHOLE: Shape = {"type": "integer", "minimum": 0}
FIGURE: Shape = {"type": ["number", "null"], "description": "null where there is nothing to say."}


def obj(properties: Mapping[str, Shape], about: str = "") -> Shape:
    """An object with exactly these members."""
    shape: Shape = {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }
    return shape | ({"description": about} if about else {})


def many(items: Shape, about: str = "") -> Shape:
    """A list."""
    return {"type": "array", "items": items} | ({"description": about} if about else {})


def ref(name: str) -> Shape:
    """A shape that is defined once."""
    return {"$ref": f"#/components/schemas/{name}"}


def enveloped(properties: Mapping[str, Shape]) -> Shape:
    """What every answer carries, and what this one adds."""
    return obj(
        {
            "release": WHOLE | {"description": "The release that was read."},
            "provenance": many(
                {"type": "string", "enum": list(PROVENANCES)},
                "Whose ratings these are; empty where there are none. Never mixed.",
            ),
            "note": TEXT | {"description": "Sources, terms, and what must be known to read it."},
            **properties,
        }
    )


def row(dataset: Dataset) -> Shape:
    """One row of a dataset."""
    return obj({name: cell(column) for name, column in dataset.columns.items()}, dataset.about)


def part_of_row(name: str, columns: Iterable[str]) -> dict[str, Shape]:
    """Some columns of a dataset."""
    return {column: cell(DATASETS[name].columns[column]) for column in columns}


def cell(column: Any) -> Shape:
    """What one column holds in JSON."""
    rule = rules(column)
    kind = TYPES[rule["kind"]]
    shape: Shape = {"type": [kind, "null"] if column.nullable else kind}
    shape["description"] = column.description
    if kind == "array":
        shape["items"] = TEXT
    if rule["choices"]:
        shape["enum"] = [*rule["choices"], *([None] if column.nullable else [])]
    if rule["pattern"]:
        shape["pattern"] = rule["pattern"]
    if rule["span"]:
        shape["minimum"], shape["maximum"] = rule["span"]
    return shape


def filter_by(name: str, column: Any) -> Parameter:
    """The parameter that keeps the rows with some values in a column."""
    rule = rules(column)
    kind = "string" if rule["kind"] == "list" else TYPES[rule["kind"]]
    value: Shape = dict(TEXT_RULE) if kind == "string" else {"type": kind}
    if rule["choices"]:
        value = {"type": kind, "enum": rule["choices"]}
    elif rule["pattern"] and not DIALECTS.search(rule["pattern"]):
        value["pattern"] = rule["pattern"]
    if rule["span"]:
        value["minimum"], value["maximum"] = rule["span"]
    elif kind in {"integer", "number"}:
        value["minimum"], value["maximum"] = -(10**12), 10**12
    says = "lists" if rule["kind"] == "list" else "is"
    about = f"Only rows whose {name} {says} this; repeated, any of them. {column.description}"
    if column.nullable:
        about += " An empty value asks for rows where nothing is on record."
    return Parameter(name, about, value, many=True, or_missing=column.nullable)


GENE_FIGURES: dict[str, Shape] = {
    "gene_id": TEXT,
    "gene": TEXT | {"description": "What the gene is called."},
    "n": WHOLE | {"description": "How many rated it. 0: not rated, which is not a score."},
    "mean": FIGURE,
    "median": FIGURE,
    "sd": FIGURE,
    "low": FIGURE | {"description": "Lower end of the 95 % interval; null below five ratings."},
    "high": FIGURE | {"description": "Upper end of the 95 % interval; null below five ratings."},
    **{f"n_{score}": WHOLE | {"description": f"How many gave {score}."} for score in range(1, 6)},
    "agreement": {"type": "string", "enum": ["too_few", "two_camps", "agreed", "spread"]},
}
CODE = many(many(TEXT), "Bands of genes that cannot be told apart, strongest first.")
SERIES: dict[str, Shape] = {
    "provenance": TEXT,
    "occasion_id": TEXT,
    "raters": WHOLE | {"description": "The most that rated any one gene."},
    "method": TEXT,
}
