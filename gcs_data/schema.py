"""Every dataset and every column, defined once.

From here come the checks of uploads and builds, the column list in `data/README.md` and on the
page "Methods and data". A dataset is a sheet: text, whole numbers, numbers and yes/no only, and a
list is written `a;b`. Missing is an empty cell, never 0 and never an empty text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandera.pandas as pa

SCHEMA_VERSION = 1
RATING_MIN, RATING_MAX = 1, 5
SMALLEST_GROUP = 5  # Fewer people than this are never shown, or recoverable, by themselves.

# Weakest to strongest claim. The four are never added up.
KINDS = ("participated", "adopted", "scaled_up", "replicated")
STAKEHOLDER_GROUPS = (
    "government",
    "intergovernmental",
    "private_sector",
    "civil_society",
    "academia",
    "technical_community",
)
PROVENANCES = ("illustrative", "expert", "workshop")
COUNTED_GROUPS = (*STAKEHOLDER_GROUPS, "other", "all")  # "all": groups were too small to keep.

SLUG = r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$"
# A web page, or the file name of a document the facts were taken from.
SOURCE = r"^(?:https?://\S+|[\w.-]+\.txt)$"
WEB = r"^https?://\S+$"
ISO3 = r"^[A-Z]{3}$"
DATE = r"^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$"
LETTER = r"^[A-Z]$"
LANGUAGE = r"^[a-z]{2}$"
PSEUDONYM = r"^r-[0-9A-HJKMNP-TV-Z]{20}$"

DTYPES = {"text": "str", "list": "str", "whole": "Int64", "number": "float64", "flag": "boolean"}


def _column(
    kind: str,
    about: str,
    *,
    required: bool = False,
    choices: Sequence[str] = (),
    pattern: str = "",
    span: tuple[float, float] | None = None,
    refers: str = "",
) -> pa.Column:
    """One column: its kind, what it says, and what it allows.

    `refers` names the dataset whose key the value must be; pandera sees one table at a time, so
    `gcs_data.checks` follows it.
    """
    checks = []
    if choices:
        checks.append(pa.Check.isin(list(choices), name="choice"))
    if pattern:
        checks.append(pa.Check.str_matches(pattern, name="pattern"))
    if span:
        checks.append(pa.Check.in_range(*span, name="span"))
    return pa.Column(
        DTYPES[kind],
        checks=checks,
        nullable=not required,
        description=about,
        metadata={
            "kind": kind,
            "choices": list(choices),
            "pattern": pattern,
            "span": list(span or ()),
            "refers": refers,
        },
    )


def _text(about: str, **rules: Any) -> pa.Column:
    return _column("text", about, **rules)


def _id(about: str, refers: str = "", *, required: bool = True) -> pa.Column:
    return _column("text", about, required=required, pattern=SLUG, refers=refers)


def _country(about: str, *, required: bool = False) -> pa.Column:
    return _column("text", about, required=required, pattern=ISO3, refers="countries")


def _year(about: str) -> pa.Column:
    return _column("whole", about, span=(1950, 2100))


def _source(required: bool = True) -> pa.Column:
    return _text(
        "The public page, or the name of the document, that says so.",
        required=required,
        pattern=SOURCE,
    )


@dataclass(frozen=True)
class Dataset:
    """One sheet of the data: what a row says, what identifies it, and its columns."""

    name: str
    about: str
    key: tuple[str, ...]
    columns: Mapping[str, pa.Column]
    unique: tuple[tuple[str, ...], ...] = ()  # What besides the key may stand there only once.
    public: bool = True
    derived: bool = False  # Computed at publish, never written by hand.

    @property
    def schema(self) -> pa.DataFrameSchema:
        """The pandera schema: types, ranges and choices; columns in order, none besides."""
        return pa.DataFrameSchema(dict(self.columns), name=self.name, strict=True, ordered=True)

    @property
    def dtypes(self) -> dict[str, str]:
        """The pandas dtype of every column, in order."""
        return {name: DTYPES[rules(column)["kind"]] for name, column in self.columns.items()}


def rules(column: pa.Column) -> dict[str, Any]:
    """What a column allows: kind, choices, pattern, span and the dataset it refers to."""
    return column.metadata or {}


_GROUP = "The stakeholder group the rater belongs to."
_PROVENANCE = "illustrative (made up), expert, or workshop. Never mixed."

DATASETS: dict[str, Dataset] = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            "stories",
            "One initiative that does good in cyberspace.",
            ("story_id",),
            {
                "story_id": _id("The story's name in links and in other datasets."),
                "title": _text("The title in English.", required=True),
                "title_original": _text("The title in the story's own language."),
                "language": _text("The language of title and summary.", pattern=LANGUAGE),
                "summary": _text("Two or three sentences on what it does.", required=True),
                "reach": _text("How far it reaches, as published."),
                "theme": _column("list", "Its themes, as published."),
                "focus": _text("Its focus, as published."),
                "target_groups": _column("list", "Whom it is for, as published."),
                "year_started": _year("The year it began."),
                "year_ended": _year("The year it ended; empty while it goes on or is unknown."),
                "lead_organisation": _text("Who leads it.", required=True),
                "lead_type": _text(
                    "What kind of organisation leads it; our own classification.",
                    choices=STAKEHOLDER_GROUPS,
                ),
                "lead_country_iso3": _country("The country that leads it, if one does."),
                "topics": _column("list", "What it works on; our own classification."),
                "edition": _text("The edition of Good Cyber Stories that lists it."),
                "official": _column(
                    "flag", "Whether Good Cyber Stories itself lists it.", required=True
                ),
                "replication_guidance": _text("What to know before doing the same elsewhere."),
                "lessons": _text("What those who did it learned."),
                "contact_url": _text("Where to ask.", pattern=WEB),
                "website": _text("The initiative's own page.", pattern=WEB),
                "source_url": _source(),
            },
        ),
        Dataset(
            "genes",
            "One trait that stories are described by. A new gene is a new row, nothing else.",
            ("gene_id",),
            {
                "gene_id": _id("The gene's name in links and in other datasets."),
                "name": _text("What the gene is called; empty where nobody has said."),
                "letter": _text("Its letter in a published sequence.", pattern=LETTER),
                "letter_basis": _text("How we know the letter."),
                "definition": _text("What the gene means, in one sentence."),
                "definition_basis": _text("Where the definition comes from."),
                "position": _column(
                    "whole", "Its place round the radar.", required=True, span=(1, 1000)
                ),
                "in_default_dna": _column(
                    "flag", "Whether it is drawn unless somebody chooses others.", required=True
                ),
                "source_url": _source(),
            },
        ),
        Dataset(
            "published_dna",
            "One gene in the DNA that Good Cyber Stories published for a story: an order, "
            "no score.",
            ("story_id", "gene_id"),
            {
                "story_id": _id("The story.", "stories"),
                "gene_id": _id("The gene.", "genes"),
                "position": _column(
                    "whole", "Its place in the published sequence.", span=(1, 1000)
                ),
                "dominant": _column(
                    "flag", "Whether it is one of the three dominant genes.", required=True
                ),
                "source_url": _source(),
            },
        ),
        Dataset(
            "gene_ratings",
            "One person's rating of one gene of one story. For staff only.",
            ("rating_id",),
            {
                "rating_id": _text("The rating's own name.", required=True),
                "story_id": _id("The story.", "stories"),
                "gene_id": _id("The gene.", "genes"),
                "score": _column(
                    "whole",
                    "From 1 (absent) to 5 (defining).",
                    required=True,
                    span=(RATING_MIN, RATING_MAX),
                ),
                "score_as_given": _column("number", "The score before it was converted."),
                "scale": _text("The scale it was given on.", choices=("1-5", "0-10", "0-100")),
                "rater_id": _text(
                    "A pseudonym that no name can be read from.", required=True, pattern=PSEUDONYM
                ),
                "stakeholder_group": _text(_GROUP, choices=STAKEHOLDER_GROUPS),
                "occasion_id": _id("When and where it was given.", "occasions"),
                "rated_on": _text("The day, as 2026-05-14.", pattern=DATE),
                "provenance": _text(_PROVENANCE, required=True, choices=PROVENANCES),
            },
            unique=(("story_id", "gene_id", "rater_id", "occasion_id"),),
            public=False,
        ),
        Dataset(
            "occasions",
            "One workshop, survey or example in which ratings were given.",
            ("occasion_id",),
            {
                "occasion_id": _id("The occasion's name in other datasets."),
                "title": _text("What it was.", required=True),
                "held_on": _text("The day, as 2026-05-14.", pattern=DATE),
                "city": _text("Where it was held."),
                "country_iso3": _country("The country it was held in."),
                "round": _column("whole", "Which round of voting.", span=(1, 9)),
                "note": _text("Anything a reader must know."),
            },
        ),
        Dataset(
            "replications",
            "A story reached a country. A missing country proves nothing.",
            ("story_id", "country_iso3", "kind"),
            {
                "story_id": _id("The story.", "stories"),
                "country_iso3": _country("The country it reached.", required=True),
                "kind": _text(
                    "participated, adopted, scaled_up or replicated; never added up.",
                    required=True,
                    choices=KINDS,
                ),
                "year": _year("The year, where the source gives one."),
                "copy_story_id": _id(
                    "The copy, where it is a story of its own.", "stories", required=False
                ),
                "note": _text("What the source says."),
                "source_url": _source(),
            },
        ),
        Dataset(
            "partners",
            "An organisation that works with a story's lead.",
            ("story_id", "partner"),
            {
                "story_id": _id("The story.", "stories"),
                "partner": _text("The partner's name.", required=True),
                "partner_type": _text("What kind of organisation.", choices=STAKEHOLDER_GROUPS),
                "country_iso3": _country("The partner's country, if it has one."),
                "source_url": _source(),
            },
        ),
        Dataset(
            "events",
            "A summit, workshop or launch.",
            ("event_id",),
            {
                "event_id": _id("Event, year and city as one name."),
                "title": _text("What it was.", required=True),
                "year": _year("The year."),
                "city": _text("The city."),
                "country_iso3": _country("The country."),
                "story_id": _id("The story it belongs to, if any.", "stories", required=False),
                "source_url": _source(),
            },
        ),
        Dataset(
            "countries",
            "A country or territory with an ISO 3166-1 code. Built from packages, not by hand.",
            ("country_iso3",),
            {
                "country_iso3": _column("text", "ISO 3166-1 alpha-3.", required=True, pattern=ISO3),
                "name_en": _text("Name in English (Unicode CLDR).", required=True),
                "name_fr": _text("Name in French (Unicode CLDR).", required=True),
                "name_es": _text("Name in Spanish (Unicode CLDR).", required=True),
                "region": _id("UN M49 region, as a slug; empty for Antarctica.", required=False),
                "sub_region": _id("UN M49 sub-region, as a slug.", required=False),
                "lat": _column("number", "Centre, degrees north.", span=(-90, 90)),
                "lon": _column("number", "Centre, degrees east.", span=(-180, 180)),
                "small_state": _column(
                    "flag", "Whether the world map's shapes leave it out.", required=True
                ),
            },
        ),
        Dataset(
            "layers",
            "One figure on one country, to lay under the map.",
            ("layer_id", "country_iso3", "year"),
            {
                "layer_id": _id("The layer's name in links."),
                "country_iso3": _country("The country.", required=True),
                "year": _column("whole", "The year.", required=True, span=(1950, 2100)),
                "value": _column("number", "The figure.", required=True),
                "unit": _text("What it counts.", required=True),
                "label": _text("What the layer is called.", required=True),
                "source_url": _source(),
            },
        ),
        Dataset(
            "rating_counts",
            "How often each score was given to a gene of a story, per group and occasion.",
            (
                "story_id",
                "gene_id",
                "stakeholder_group",
                "provenance",
                "occasion_id",
                "score",
            ),
            {
                "story_id": _id("The story.", "stories"),
                "gene_id": _id("The gene.", "genes"),
                "stakeholder_group": _text(
                    "A group of five people or more; smaller ones are in “other”, and "
                    "“all” where even those are fewer than five.",
                    required=True,
                    choices=COUNTED_GROUPS,
                ),
                "provenance": _text(_PROVENANCE, required=True, choices=PROVENANCES),
                "occasion_id": _id("When and where they were given.", "occasions"),
                "score": _column(
                    "whole",
                    "From 1 (absent) to 5 (defining).",
                    required=True,
                    span=(RATING_MIN, RATING_MAX),
                ),
                "n": _column("whole", "How many gave it.", required=True, span=(1, 10**9)),
            },
            derived=True,
        ),
        Dataset(
            "rating_pairs",
            "How two genes of a story were rated by the same people: sums of their differences.",
            ("story_id", "gene_a", "gene_b", "provenance", "occasion_id"),
            {
                "story_id": _id("The story.", "stories"),
                "gene_a": _id("One gene; before gene_b in the alphabet of ids.", "genes"),
                "gene_b": _id("The other gene.", "genes"),
                "provenance": _text(_PROVENANCE, required=True, choices=PROVENANCES),
                "occasion_id": _id("When and where they were given.", "occasions"),
                "n": _column("whole", "People who rated both.", required=True, span=(1, 10**9)),
                "sum_of_differences": _column(
                    "whole", "Sum over those people of score a minus score b.", required=True
                ),
                "sum_of_squares": _column(
                    "whole", "Sum of the squared differences.", required=True
                ),
            },
            # Beside the counts, a pair can give away the sum of the few who rated one gene only.
            # Pages say no more from it than which genes can be told apart.
            public=False,
            derived=True,
        ),
    )
}
PUBLIC_DATASETS = tuple(name for name, dataset in DATASETS.items() if dataset.public)
RATINGS = "gene_ratings"
# Kept as one file per occasion, so that a room adds a file and rewrites nothing.
PER_OCCASION = (RATINGS, "rating_counts", "rating_pairs")
