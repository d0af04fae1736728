"""What may be asked of the data API, and reading it: parameters, formats, addresses.

A parameter's rule is a JSON Schema. The same rule checks what was sent and stands in the
description at `/api/v1/openapi.json`, so that the two cannot disagree.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from server.api_problems import Problem, did_you_mean, shown, unknown

ROOT = "/api/v1"
LONGEST = 500
MOST_VALUES = 100
FORMATS = {
    "json": "application/json",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
}
FORMAT_RULE = (
    "The ending of the address decides: .json, .csv or .parquet. Without one, the Accept header "
    "does, and JSON is sent where it leaves the choice."
)
# Written for JSON Schema and for Python alike: no cell holds a NUL.
TEXT_RULE: Mapping[str, Any] = {"type": "string", "maxLength": LONGEST, "pattern": r"^[^\u0000]*$"}
WHOLE = re.compile(r"-?[0-9]{1,15}")
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?")


@dataclass(frozen=True)
class Parameter:
    """One query parameter. `rule` is the JSON Schema of one value.

    `many` values mean any of them. `or_missing`: an empty value asks for what is not on record.
    """

    name: str
    about: str
    rule: Mapping[str, Any]
    many: bool = False
    required: bool = False
    or_missing: bool = False
    json_only: bool = False
    most: int = MOST_VALUES

    def read(self, texts: Sequence[str]) -> Any:
        """The value, or the values of a parameter that takes many; its default for none.

        Raises:
            Problem: 400, with what is allowed.
        """
        if self.required and not texts:
            raise self._wrong(f"“{self.name}” is missing. {self.about}")
        if self.many:
            if len(texts) > self.most:
                raise self._wrong(f"“{self.name}” takes at most {self.most} values.")
            return [self._one(text) for text in texts]
        if not texts:
            return self.rule.get("default")
        if len(texts) > 1:
            raise self._wrong(f"“{self.name}” is given {len(texts)} times; it takes one value.")
        return self._one(texts[0])

    def _one(self, text: str) -> Any:
        if self.or_missing and not text:
            return None
        kind = self.rule["type"]
        if kind == "string":
            return self._text(text)
        if kind == "boolean":
            if text not in {"true", "false"}:
                raise self._refused(text, "must be true or false", allowed=["true", "false"])
            return text == "true"
        pattern = WHOLE if kind == "integer" else NUMBER
        value = float(text) if pattern.fullmatch(text) else math.nan
        low, high = self.rule.get("minimum", -math.inf), self.rule.get("maximum", math.inf)
        if not (math.isfinite(value) and low <= value <= high):
            a_number = "a whole number" if kind == "integer" else "a number"
            span = f" from {low} to {high}" if "maximum" in self.rule else ""
            raise self._refused(text, f"must be {a_number}{span}")
        return int(text) if kind == "integer" else value

    def _text(self, text: str) -> str:
        if choices := self.rule.get("enum"):
            if text not in choices:
                raise self._refused(text, f"must be one of {', '.join(choices)}", allowed=choices)
        elif "\0" in text:
            raise self._refused(text, "holds a NUL byte, which no text on record does")
        elif len(text) > LONGEST:
            raise self._refused(text, f"has {len(text)} characters; at most {LONGEST} are read")
        elif not re.fullmatch(self.rule["pattern"], text, re.ASCII):
            pattern = self.rule["pattern"]
            raise self._refused(text, f"does not have the form {pattern}", pattern=pattern)
        return text

    def _refused(self, text: str, why: str, **more: Any) -> Problem:
        question, similar = did_you_mean(text, more.get("allowed", ()))
        sentence = f"“{self.name}” is “{shown(text)}”: it {why}.{question}"
        return self._wrong(sentence, did_you_mean=similar, **more)

    def _wrong(self, sentence: str, **more: Any) -> Problem:
        return Problem(400, "wrong_value", sentence, parameter=self.name, **more)


RELEASE = Parameter(
    "release",
    "The number of a release; without it, the newest.",
    {"type": "integer", "minimum": 0, "maximum": 999_999_999},
)


@dataclass(frozen=True)
class Asked:
    """A request that was understood. `values` holds every parameter; `query` what was sent."""

    endpoint: "Endpoint"
    format: str
    release: int
    values: Mapping[str, Any]
    query: Sequence[tuple[str, str]] = ()
    path_values: Mapping[str, str] = field(default_factory=dict)

    def link(self, **changes: object) -> str:
        """The same question with other values, of this release: pages of two never mix."""
        changes = {"release": self.release, **changes}
        kept = [(name, text) for name, text in self.query if name not in changes]
        return f"{self.endpoint.path}?{urlencode(kept + list(changes.items()))}"


@dataclass(frozen=True)
class Endpoint:
    """One address: what it answers, to what, and how that is described.

    `document` makes the JSON. `file` makes the bytes of the other formats, where there are any;
    `provenances` says whose ratings an answer holds. `shape` is the JSON Schema of the document.
    """

    path: str
    name: str
    about: str
    document: Callable[[Asked], Mapping[str, Any]]
    shape: Mapping[str, Any]
    parameters: Sequence[Parameter] = (RELEASE,)
    file: Callable[[Asked], bytes] | None = None
    provenances: Callable[[Asked], Sequence[str]] = lambda _asked: ()
    formats: Sequence[str] = ("json",)
    path_parameter: Parameter | None = None

    def addresses(self) -> list[tuple[str, str | None]]:
        """Every address with the format its ending stands for; None asks the Accept header."""
        if self.formats == ("json",):
            return [(self.path, "json")]
        return [(self.path, None), *((f"{self.path}.{name}", name) for name in self.formats)]

    def parameters_for(self, format: str | None) -> list[Parameter]:
        """The parameters that an address takes; a whole file has no pages."""
        return [p for p in self.parameters if not p.json_only or format in {None, "json"}]


def read_query(endpoint: Endpoint, format: str, sent: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The value of every parameter.

    Raises:
        Problem: 400, for the first name or value that is not allowed.
    """
    known = {parameter.name: parameter for parameter in endpoint.parameters_for(format)}
    for name, _ in sent:
        if name in known:
            continue
        if any(parameter.name == name for parameter in endpoint.parameters):
            sentence = (
                f"“{name}” is for pages of JSON. A {format} file always holds every row that fits: "
                "leave it out."
            )
        else:
            sentence = f"There is no parameter “{shown(name)}” here."
        raise unknown(400, "unknown_parameter", sentence, name, known)
    return {
        name: parameter.read([text for key, text in sent if key == name])
        for name, parameter in known.items()
    }


def accepted(accept: str, offered: Sequence[str]) -> str:
    """The format that an Accept header asks for (RFC 9110, section 12.5.1).

    Raises:
        Problem: 406 where it takes none of those offered.
    """
    wishes = dict(_wish(part) for part in accept.lower().split(",") if part.strip())
    if not wishes:
        return offered[0]

    def wish(name: str) -> float:
        media = FORMATS[name]
        ranges = (media, f"{media.partition('/')[0]}/*", "*/*")
        return next((wishes[each] for each in ranges if each in wishes), 0.0)

    best = max(offered, key=wish)
    if wish(best) <= 0:
        kinds = [FORMATS[name] for name in offered]
        raise Problem(
            406,
            "not_acceptable",
            f"None of what the Accept header names is offered here. Ask for {' or '.join(kinds)}.",
            allowed=kinds,
        )
    return best


def _wish(part: str) -> tuple[str, float]:
    media, *parameters = [each.strip() for each in part.split(";")]
    weight = next((each[2:] for each in parameters if each.startswith("q=")), "1")
    try:
        return media, float(weight)
    except ValueError:
        return media, 0.0
