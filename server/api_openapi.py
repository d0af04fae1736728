"""`/api/v1/openapi.json`: the data API described in OpenAPI 3.1.

Written from the table of endpoints and from `gcs_data/schema.py`; examples are the first values of
the release, so that each can be tried.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from gcs_data.schema import DATASETS, PUBLIC_DATASETS
from server import api_data, api_shapes
from server.api_asking import FORMAT_RULE, FORMATS, RELEASE, ROOT, Asked, Endpoint, Parameter
from server.api_datasets import LIMIT, OFFSET, page
from server.api_problems import MEDIA_TYPE, Problem
from server.api_shapes import TEXT, Shape, obj, ref

VERSION = "1.0.0"
ABOUT = (
    "The public data of Good Cyber Stories, to read. Nothing is written here and nobody signs in. "
    f"{FORMAT_RULE} Every answer names the release it was read from; with “release” an old one "
    "stays readable, which is what a citation points to. Answers have an ETag: send it back as "
    "If-None-Match, and 304 says that nothing changed. HEAD answers as GET without the body. "
    "Missing is null in JSON and an empty cell in CSV, never 0; a list is a list in JSON and “a;b” "
    "in CSV and Parquet. A CSV cell that a spreadsheet would run as a formula begins with a "
    f"single quotation mark. {api_data.NOTE}"
)
STATUSES = {
    304: "What you have is still right.",
    400: "A parameter is unknown or its value not allowed; the sentence says what is.",
    404: "There is no such thing in this release, or no such page.",
    406: "The Accept header takes nothing that is offered here.",
    500: "Our mistake. The sentence has a number to quote.",
    503: "The release, or the place where releases are kept, cannot be read just now.",
}
HEADERS: dict[str, Shape] = {
    "ETag": {"description": "Changes with the answer.", "schema": TEXT},
    "GCS-Release": {"description": "The release that was read.", "schema": TEXT},
    "Link": {"description": "This description, and the next page.", "schema": TEXT},
}
SHARED = (RELEASE, LIMIT, OFFSET)
# Where a question's parameter finds an example.
EXAMPLES = {
    "story": ("stories", "story_id"),
    "story_id": ("stories", "story_id"),
    "topic": ("stories", "topics"),
    "iso3": ("replications", "country_iso3"),
    "kind": ("replications", "kind"),
    "year": ("replications", "year"),
}


def description(endpoints: Sequence[Endpoint], number: int) -> Mapping[str, Any]:
    """The whole document, for a release."""
    schemas = {name: api_shapes.row(DATASETS[name]) for name in PUBLIC_DATASETS}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Good Cyber Stories data", "version": VERSION, "description": ABOUT},
        "servers": [{"url": "/"}],
        "tags": [
            {"name": "datasets", "description": "Whole datasets, by page or by file."},
            {"name": "questions", "description": "One story, one country, one chart."},
        ],
        "paths": {
            address: {"get": _operation(endpoint, address, format, number)}
            for endpoint in endpoints
            for address, format in endpoint.addresses()
        },
        "components": {
            "schemas": schemas | {"Problem": _problem()},
            "parameters": _parameters(endpoints, number),
            "responses": {
                str(status): _response(status, about) for status, about in STATUSES.items()
            },
            "headers": HEADERS,
        },
    }


def _operation(endpoint: Endpoint, address: str, format: str | None, number: int) -> dict[str, Any]:
    parameters = endpoint.parameters_for(format)
    if endpoint.path_parameter:
        parameters = [endpoint.path_parameter, *parameters]
    statuses = [status for status in STATUSES if format is None or status != 406]
    return {
        "operationId": endpoint.name if format is None else f"{endpoint.name}_{format}",
        "tags": ["datasets" if address.startswith(f"{ROOT}/datasets") else "questions"],
        "summary": endpoint.about,
        "parameters": [
            {"$ref": f"#/components/parameters/{_key(endpoint, parameter)}"}
            for parameter in parameters
        ],
        "responses": {
            "200": {
                "description": endpoint.about,
                "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS},
                "content": {
                    FORMATS[name]: _content(endpoint, name, number)
                    for name in (endpoint.formats if format is None else [format])
                },
            },
            **{str(s): {"$ref": f"#/components/responses/{s}"} for s in statuses},
        },
    }


def _content(endpoint: Endpoint, format: str, number: int) -> dict[str, Any]:
    if format == "csv":
        return {"schema": TEXT | {"description": "UTF-8 with a byte order mark; a heading line."}}
    if format == "parquet":
        return {}
    content: dict[str, Any] = {"schema": endpoint.shape}
    if endpoint.document is page:
        asked = Asked(endpoint, "json", number, {"limit": 1, "offset": 0}, [("limit", "1")])
        content["example"] = page(asked)
    return content


def _parameters(endpoints: Sequence[Endpoint], number: int) -> dict[str, Any]:
    """Every parameter once: four addresses of a dataset share theirs."""
    described = {}
    for endpoint in endpoints:
        for parameter in endpoint.parameters:
            described[_key(endpoint, parameter)] = _parameter(parameter, "query", number, endpoint)
        if path := endpoint.path_parameter:
            described[_key(endpoint, path)] = _parameter(path, "path", number, endpoint)
    return described


def _key(endpoint: Endpoint, parameter: Parameter) -> str:
    return parameter.name if parameter in SHARED else f"{endpoint.name}.{parameter.name}"


def _parameter(parameter: Parameter, place: str, number: int, endpoint: Endpoint) -> dict[str, Any]:
    value = dict(parameter.rule)
    if parameter.or_missing:
        value = {"anyOf": [value, {"type": "string", "const": ""}]}
    described: dict[str, Any] = {
        "name": parameter.name,
        "in": place,
        "description": parameter.about,
        "required": parameter.required,
        "schema": value,
    }
    if parameter.many:
        listed: Shape = {"type": "array", "items": value, "maxItems": parameter.most}
        if parameter.required:
            listed |= {"minItems": 1, "uniqueItems": True}
        described |= {"schema": listed, "style": "form", "explode": True}
    example = _example(parameter, number, endpoint)
    if example is not None:
        described["example"] = [example] if parameter.many else example
    return described


def _example(parameter: Parameter, number: int, endpoint: Endpoint) -> Any:
    """The first value of the release that this parameter could take."""
    if parameter.name == "release":
        return number
    if "default" in parameter.rule:
        return parameter.rule["default"]
    dataset, column = EXAMPLES.get(parameter.name, (endpoint.name, parameter.name))
    if endpoint.name in PUBLIC_DATASETS:
        dataset, column = endpoint.name, parameter.name
    known = api_data.frame(dataset, number)[[column]].dropna().head(1)
    first = next(iter(api_data.dataset_records(dataset, known)), {}).get(column)
    return first[0] if isinstance(first, list) else first


def _response(status: int, about: str) -> dict[str, Any]:
    if status == 304:
        return {"description": about}
    return {"description": about, "content": {MEDIA_TYPE: {"schema": ref("Problem")}}}


def _problem() -> Shape:
    members = {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "code": TEXT | {"description": "The same for programs."},
        "detail": TEXT | {"description": "What is wrong, what is allowed, and the next step."},
    }
    more = {
        "parameter": TEXT | {"description": "The parameter that is meant."},
        "allowed": {"type": "array", "items": TEXT},
        "did_you_mean": {"type": "array", "items": TEXT},
        "pattern": TEXT,
        "last": TEXT | {"description": "The last page."},
        "incident": TEXT,
    }
    shape = obj(members, "RFC 9457, application/problem+json.")
    shape["properties"] = members | more
    example = Problem(404, "unknown_story", "There is no story “x” in release 0.").as_json()
    return shape | {"examples": [example]}
