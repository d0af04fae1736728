"""Datasets in the data API: what there is, pages of rows, and whole files."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from gcs_data import query
from gcs_data.schema import DATASETS, PUBLIC_DATASETS, Dataset, rules
from server import api_data, api_shapes
from server.api_asking import FORMAT_RULE, FORMATS, RELEASE, ROOT, Asked, Endpoint, Parameter
from server.api_problems import Problem, unknown
from server.api_shapes import TEXT, WHOLE, enveloped, many, obj, ref

MOST_ROWS, ROWS = 1000, 100
LIMIT = Parameter(
    "limit",
    "How many rows a page holds.",
    {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": ROWS},
    json_only=True,
)
OFFSET = Parameter(
    "offset",
    "How many rows come before the page.",
    {"type": "integer", "minimum": 0, "maximum": 10**9, "default": 0},
    json_only=True,
)


def index(asked: Asked) -> Mapping[str, Any]:
    """Every public dataset of a release, with its columns."""
    listed = [_described(DATASETS[name], asked.release) for name in PUBLIC_DATASETS]
    return {**api_data.envelope(asked.release), "datasets": listed}


def _described(dataset: Dataset, number: int) -> dict[str, Any]:
    frame = api_data.frame(dataset.name, number)
    pinned = f"?release={number}"
    address = f"{ROOT}/datasets/{dataset.name}"
    return {
        "name": dataset.name,
        "about": dataset.about,
        "key": list(dataset.key),
        "derived": dataset.derived,
        "rows": len(frame),
        "provenance": api_data.provenances_in(frame),
        "columns": [_column(name, column) for name, column in dataset.columns.items()],
        "links": {name: f"{address}.{name}{pinned}" for name in FORMATS},
    }


def _column(name: str, column: Any) -> dict[str, Any]:
    rule = rules(column)
    low, high = rule["span"] or (None, None)
    return {
        "name": name,
        "kind": rule["kind"],
        "about": column.description,
        "required": not column.nullable,
        "choices": rule["choices"],
        "pattern": rule["pattern"] or None,
        "minimum": low,
        "maximum": high,
        "refers_to": rule["refers"] or None,
    }


def page(asked: Asked) -> Mapping[str, Any]:
    """One page of a dataset.

    Raises:
        Problem: 404 where the page begins past the last row; the first page is always there.
    """
    name, limit, offset = asked.endpoint.name, asked.values["limit"], asked.values["offset"]
    fitting = rows(asked)
    total = len(fitting)
    if offset and offset >= total:
        last = asked.link(limit=limit, offset=max(0, (total - 1) // limit * limit))
        raise Problem(
            404,
            "past_the_end",
            f"Only {total} rows fit, so there is no page from row {offset} on. "
            "The last page is at “last”.",
            last=last,
        )
    after = offset + limit
    return {
        **api_data.envelope(asked.release, api_data.provenances_in(fitting)),
        "dataset": name,
        "total": total,
        "limit": limit,
        "offset": offset,
        "next": asked.link(limit=limit, offset=after) if after < total else None,
        "rows": api_data.dataset_records(name, fitting.iloc[offset:after]),
    }


def file(asked: Asked) -> bytes:
    """All rows that fit, as a file."""
    name = asked.endpoint.name
    if not _filters(asked):
        return api_data.dataset_file(name, asked.release, asked.format)
    return api_data.written(rows(asked), name, asked.format)


def rows(asked: Asked) -> pd.DataFrame:
    """The rows that fit every filter."""
    table = api_data.frame(asked.endpoint.name, asked.release)
    lists = api_data.list_columns(asked.endpoint.name)
    for column, values in _filters(asked).items():
        table = table[_is_any_of(table[column], values, column in lists)]
    return table.reset_index(drop=True)


def _filters(asked: Asked) -> dict[str, Sequence[Any]]:
    columns = DATASETS[asked.endpoint.name].columns
    return {name: values for name, values in asked.values.items() if name in columns and values}


def _is_any_of(column: pd.Series, values: Sequence[Any], is_list: bool) -> pd.Series:
    wanted = [value for value in values if value is not None]
    if is_list:
        fits = [not set(wanted).isdisjoint(query.items(text)) for text in column]
        found = pd.Series(fits, index=column.index, dtype=bool)
    else:
        found = column.isin(wanted)
    return found | column.isna() if None in values else found


def no_such_dataset(name: str) -> Problem:
    """What is said of a dataset that is not public, whether there is one or not."""
    stem = name.partition(".")[0]
    sentence = (
        f"There is no dataset “{name}” here. {FORMAT_RULE}"
        if stem in PUBLIC_DATASETS
        else f"There is no dataset “{name}” here. All are listed at {ROOT}/datasets."
    )
    return unknown(404, "unknown_dataset", sentence, stem, PUBLIC_DATASETS)


def page_shape(name: str) -> dict[str, Any]:
    """The JSON Schema of a page."""
    return enveloped(
        {
            "dataset": {"type": "string", "const": name},
            "total": WHOLE | {"description": "How many rows fit."},
            "limit": WHOLE,
            "offset": WHOLE,
            "next": {
                "type": ["string", "null"],
                "description": "The next page, of the same release; null on the last one.",
            },
            "rows": many(ref(name)),
        }
    )


def _endpoint(dataset: Dataset) -> Endpoint:
    filters = [api_shapes.filter_by(n, column) for n, column in dataset.columns.items()]
    return Endpoint(
        f"{ROOT}/datasets/{dataset.name}",
        dataset.name,
        f"{dataset.about} JSON comes in pages; CSV and Parquet hold every row that fits.",
        page,
        page_shape(dataset.name),
        [LIMIT, OFFSET, RELEASE, *filters],
        file=file,
        provenances=lambda asked: api_data.provenances_in(rows(asked)),
        formats=tuple(FORMATS),
    )


_COLUMN = {
    "name": TEXT,
    "kind": {"type": "string", "enum": list(api_shapes.TYPES)},
    "about": TEXT,
    "required": {"type": "boolean"},
    "choices": many(TEXT),
    "pattern": {"type": ["string", "null"]},
    "minimum": {"type": ["number", "null"]},
    "maximum": {"type": ["number", "null"]},
    "refers_to": {"type": ["string", "null"]},
}
_INDEX = {
    "name": {"type": "string", "enum": list(PUBLIC_DATASETS)},
    "about": TEXT,
    "key": many(TEXT),
    "derived": {"type": "boolean", "description": "Computed at publish, not written by people."},
    "rows": WHOLE,
    "provenance": many(TEXT),
    "columns": many(obj(_COLUMN)),
    "links": obj(dict.fromkeys(FORMATS, TEXT)),
}
ENDPOINTS = (
    Endpoint(
        f"{ROOT}/datasets",
        "datasets",
        "Every public dataset: what a row says, its key, its columns and how many rows it has.",
        index,
        enveloped({"datasets": many(obj(_INDEX))}),
    ),
    *(_endpoint(DATASETS[name]) for name in PUBLIC_DATASETS),
)
