"""One story whole, one country whole, the releases, and what the data API offers."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from gcs_data import query
from gcs_data.schema import ISO3, KINDS, PUBLIC_DATASETS, SLUG
from gcs_data.similar import Similar, similar_stories
from gcs_data.statistics import METHOD
from server import api_charts, api_data
from server.api_asking import FORMAT_RULE, ROOT, TEXT_RULE, Asked, Endpoint, Parameter
from server.api_problems import shown, unknown
from server.api_shapes import (
    CODE,
    GENE_FIGURES,
    SERIES,
    TEXT,
    WHOLE,
    Shape,
    enveloped,
    many,
    obj,
    part_of_row,
    ref,
)

MOST_SIMILAR = 3


def story(asked: Asked) -> Mapping[str, Any]:
    """Everything on record on one story."""
    story_id, number = asked.path_values["story_id"], asked.release
    facts = api_charts.known_story(story_id, number)
    stories, genes, countries, published = (
        api_data.frame(name, number) for name in ("stories", "genes", "countries", "published_dna")
    )
    series = [_series(story_id, number, *each) for each in api_charts.series_of(story_id, number)]
    found = similar_stories(story_id, stories, countries, published, most=MOST_SIMILAR)
    replications = _of("replications", number, story_id=story_id)
    return {
        **api_data.envelope(number, sorted({each["provenance"] for each in series})),
        "story": facts,
        "published_dna": api_data.records(query.published_dna(published, genes, story_id)),
        "dna": series,
        "replications": api_data.records(query.dated_list(replications)),
        "partners": api_data.records(_of("partners", number, story_id=story_id)),
        "events": api_data.records(_of("events", number, story_id=story_id)),
        "similar": [_reasons(each) for each in found],
    }


def _reasons(found: Similar) -> dict[str, Any]:
    """Why a story is similar, as codes; null for what is not shared."""
    return asdict(found) | {"lead_type": found.lead_type or None, "region": found.region or None}


def _series(
    story_id: str, number: int, provenance: str, occasion_id: str, raters: int
) -> dict[str, Any]:
    """One series of ratings: all genes, and the code of the default ones and of all."""
    default, all_genes = (
        api_charts.profile(story_id, provenance, occasion_id, number, default_only=only)
        for only in (True, False)
    )
    return {
        "provenance": provenance,
        "occasion_id": occasion_id,
        "raters": raters,
        "method": METHOD,
        "dna_code": api_charts.code(default, story_id, number),
        "dna_code_all_genes": api_charts.code(all_genes, story_id, number),
        "genes": api_data.records(all_genes.drop(columns=["provenance", "occasion_id", "method"])),
    }


def country(asked: Asked) -> Mapping[str, Any]:
    """Everything on record in one country.

    Raises:
        Problem: 404, with codes that look alike.
    """
    code, number = asked.path_values["iso3"], asked.release
    facts = api_data.one("countries", number, country_iso3=code)
    if facts is None:
        sentence = f"There is no country “{shown(code)}”. Countries go by ISO 3166-1 alpha-3."
        codes = api_data.frame("countries", number)["country_iso3"]
        raise unknown(404, "unknown_country", sentence, code.upper(), codes)
    here = query.dated_list(_of("replications", number, country_iso3=code))
    led = _of("stories", number, lead_country_iso3=code)
    return {
        **api_data.envelope(number),
        "country": facts,
        "leads": api_data.records(led[LED].sort_values("title")),
        "replications": {
            kind: api_data.records(api_data.fitting(here, kind=kind)) for kind in KINDS
        },
        "partners": api_data.records(_of("partners", number, country_iso3=code)),
        "events": api_data.records(_of("events", number, country_iso3=code)),
    }


def _of(name: str, number: int, **wanted: str) -> Any:
    return api_data.fitting(api_data.frame(name, number), **wanted)


def releases(asked: Asked) -> Mapping[str, Any]:
    """The releases up to the one asked for, newest first."""
    listed = [
        {
            "release": each.number,
            "opens": each.damaged is None,
            "made_from": each.base,
            "when": each.when or None,
            "who": each.who or None,
            "why": each.why or None,
            "schema_version": each.schema_version,
            "rows": {
                name: each.datasets[name]["rows"]
                for name in PUBLIC_DATASETS
                if name in each.datasets
            },
        }
        for each in api_data.history()
        if each.number <= asked.release
    ]
    return {**api_data.envelope(asked.release), "releases": listed}


def index(asked: Asked) -> Mapping[str, Any]:
    """What there is."""
    links = {
        "releases": f"{ROOT}/releases",
        "datasets": f"{ROOT}/datasets",
        "dataset": f"{ROOT}/datasets/{{name}}",
        "story": f"{ROOT}/stories/{{story_id}}",
        "country": f"{ROOT}/countries/{{iso3}}",
        "dna_chart": f"{ROOT}/charts/dna?story={{story_id}}",
        "map_chart": f"{ROOT}/charts/map",
        "openapi": f"{ROOT}/openapi.json",
    }
    return {
        **api_data.envelope(asked.release),
        "name": "Good Cyber Stories data",
        "about": "Cyber projects that do good, their DNA, and where they spread. Read only.",
        "formats": FORMAT_RULE,
        "links": links,
    }


LED = ["story_id", "title", "lead_organisation", "source_url"]
_PUBLISHED = part_of_row("genes", ["gene_id", "name", "letter"]) | part_of_row(
    "published_dna", ["position", "dominant", "source_url"]
)
_ROWS: dict[str, Shape] = {name: many(ref(name)) for name in PUBLIC_DATASETS}
_SIMILAR: dict[str, Shape] = {
    "story_id": TEXT,
    "points": {"type": "number"},
    "topics": many(TEXT, "Topics in common."),
    "lead_type": {"type": ["string", "null"], "description": "The same kind of lead."},
    "region": {"type": ["string", "null"], "description": "The same region of the lead country."},
    "dominant_genes": many(TEXT, "Published dominant genes in common."),
}
_RELEASE: dict[str, Shape] = {
    "release": WHOLE,
    "opens": {"type": "boolean", "description": "false: damaged."},
    "made_from": {"type": ["integer", "null"]},
    **dict.fromkeys(("when", "who", "why"), {"type": ["string", "null"]}),
    "schema_version": WHOLE,
    "rows": {"type": "object", "additionalProperties": WHOLE},
}
ENDPOINTS = (
    Endpoint(
        ROOT,
        "index",
        "What there is.",
        index,
        enveloped(
            {
                "name": TEXT,
                "about": TEXT,
                "formats": TEXT,
                "links": {"type": "object", "additionalProperties": TEXT},
            }
        ),
    ),
    Endpoint(
        f"{ROOT}/releases",
        "releases",
        "Every release up to the one asked for, newest first: who published it, when and why.",
        releases,
        enveloped({"releases": many(obj(_RELEASE))}),
    ),
    Endpoint(
        f"{ROOT}/stories/{{story_id}}",
        "story",
        "One story whole: facts, published DNA, DNA by series of ratings, where it spread, "
        "partners, events, and similar stories with the reasons.",
        story,
        enveloped(
            {
                "story": ref("stories"),
                "published_dna": many(obj(_PUBLISHED)),
                "dna": many(
                    obj(
                        SERIES
                        | {
                            "dna_code": CODE,
                            "dna_code_all_genes": CODE,
                            "genes": many(obj(GENE_FIGURES)),
                        }
                    )
                ),
                **{name: _ROWS[name] for name in ("replications", "partners", "events")},
                "similar": many(obj(_SIMILAR)),
            }
        ),
        path_parameter=Parameter(
            "story_id", "The story's id.", dict(TEXT_RULE) | {"pattern": SLUG}, required=True
        ),
    ),
    Endpoint(
        f"{ROOT}/countries/{{iso3}}",
        "country",
        "One country whole: the stories it leads, what reached it by kind, partners, events. "
        "No record does not mean no.",
        country,
        enveloped(
            {
                "country": ref("countries"),
                "leads": many(obj(part_of_row("stories", LED))),
                "replications": obj({kind: _ROWS["replications"] for kind in KINDS}),
                "partners": _ROWS["partners"],
                "events": _ROWS["events"],
            }
        ),
        path_parameter=Parameter(
            "iso3", "ISO 3166-1 alpha-3.", {"type": "string", "pattern": ISO3}, required=True
        ),
    ),
)
