"""The example row of every template, and how an import recognises it.

A template's first row below the headers is `EXAMPLES[dataset]`, with the headers as columns. Its
first cell is `EXAMPLE_ID`: a name that no row of ours may bear, that fits every id's pattern, that
needs no extra column, and that stays recognisable in every format, in any language and after
sorting. An import skips such a row while its other cells are as below. A row that was filled in and
kept that name is a problem, not skipped: nothing is left out silently.
"""

from collections.abc import Mapping

EXAMPLE_ID = "example-row-not-imported"

_PAGE = "https://example.org/page"

# Values as text, by column; a column that is not named is empty. Every dataset that people write.
EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "stories": {
        "story_id": EXAMPLE_ID,
        "title": "Cyber clinics for small towns",
        "title_original": "Cliniques cyber pour les petites villes",
        "language": "en",
        "summary": "Students help town halls to find and close holes in their systems.",
        "theme": "Cybersecurity;Education",
        "target_groups": "Local government;Students",
        "year_started": "2021",
        "lead_organisation": "University of Example",
        "lead_type": "academia",
        "lead_country_iso3": "Côte d’Ivoire",
        "topics": "capacity_building",
        "official": "false",
        "website": "https://example.org",
        "source_url": _PAGE,
    },
    "genes": {
        "gene_id": EXAMPLE_ID,
        "name": "Patience",
        "letter": "P",
        "definition": "Those involved take the time that it takes.",
        "position": "99",
        "in_default_dna": "false",
        "source_url": _PAGE,
    },
    "published_dna": {
        "story_id": EXAMPLE_ID,
        "gene_id": "diversity",
        "position": "1",
        "dominant": "true",
        "source_url": _PAGE,
    },
    "gene_ratings": {
        "rating_id": EXAMPLE_ID,
        "story_id": "glacy",
        "gene_id": "diversity",
        "score": "7",
        "scale": "0-10",
        "rater_id": "Amina Example",
        "stakeholder_group": "civil_society",
        "occasion_id": "nairobi-2026",
        "rated_on": "2026-05-14",
        "provenance": "workshop",
    },
    "occasions": {
        "occasion_id": EXAMPLE_ID,
        "title": "Workshop in Nairobi",
        "held_on": "2026-05-14",
        "city": "Nairobi",
        "country_iso3": "Kenya",
        "round": "1",
    },
    "replications": {
        "story_id": EXAMPLE_ID,
        "country_iso3": "Kenya",
        "kind": "adopted",
        "year": "2024",
        "note": "What the source says.",
        "source_url": _PAGE,
    },
    "partners": {
        "story_id": EXAMPLE_ID,
        "partner": "Ministry of Example",
        "partner_type": "government",
        "country_iso3": "Kenya",
        "source_url": _PAGE,
    },
    "events": {
        "event_id": EXAMPLE_ID,
        "title": "Summit of good cyber stories",
        "year": "2025",
        "city": "Nairobi",
        "country_iso3": "Kenya",
        "source_url": _PAGE,
    },
    "layers": {
        "layer_id": EXAMPLE_ID,
        "country_iso3": "Kenya",
        "year": "2024",
        "value": "40.8",
        "unit": "% of people",
        "label": "People online",
        "source_url": _PAGE,
    },
}
