"""What closed values are called, in a visitor's language. Data stores ids; people read these."""

from typing import Any

import pandas as pd

from words import Words


def kinds(t: Words) -> dict[str, str]:
    """The four kinds of replication, from the weakest claim to the strongest."""
    return {
        "participated": t("Took part"),
        "adopted": t("Adopted"),
        "scaled_up": t("Scaled up"),
        "replicated": t("Replicated"),
    }


def kind_definitions(t: Words) -> dict[str, str]:
    """What each kind claims, to stand after its name."""
    return {
        "participated": t("joined, was assessed, sent trainees or hosted"),
        "adopted": t("took the rule, standard or agreement on as its own"),
        "scaled_up": t("the same project grew into this country"),
        "replicated": t("somebody built their own copy here"),
    }


def groups(t: Words) -> dict[str, str]:
    """Stakeholder groups: of raters, of partners and of lead organisations."""
    return {
        "government": t("Government"),
        "intergovernmental": t("Intergovernmental organisation"),
        "private_sector": t("Private sector"),
        "civil_society": t("Civil society"),
        "academia": t("Academia"),
        "technical_community": t("Technical community"),
        "other": t("Other groups"),
        "all": t("All raters"),
    }


def provenances(t: Words) -> dict[str, str]:
    """Where ratings come from; never mixed."""
    return {
        "illustrative": t("Illustrative ratings"),
        "expert": t("Expert ratings"),
        "workshop": t("Workshop ratings"),
    }


def agreement(t: Words) -> dict[str, str]:
    """How far raters agree on a gene, as part of a sentence."""
    return {
        "agreed": t("raters agree"),
        "spread": t("ratings are spread"),
        "two_camps": t("two camps"),
        "too_few": t("too few ratings to say"),
    }


def datasets(t: Words) -> dict[str, str]:
    """What the datasets that people write are called."""
    return {
        "stories": t("Stories"),
        "genes": t("Genes"),
        "published_dna": t("Published DNA"),
        "gene_ratings": t("Ratings"),
        "occasions": t("Occasions"),
        "replications": t("Replications"),
        "partners": t("Partners"),
        "events": t("Events"),
        "countries": t("Countries"),
        "layers": t("Map layers"),
    }


def columns(t: Words) -> dict[str, str]:
    """What the columns of stories, replications and partners are called."""
    return {
        "story_id": t("Story id"),
        "title": t("Title"),
        "title_original": t("Original title"),
        "language": t("Language"),
        "summary": t("Summary"),
        "lead_organisation": t("Led by"),
        "lead_type": t("Kind of lead"),
        "lead_country_iso3": t("Lead country"),
        "year_started": t("Began"),
        "year_ended": t("Ended"),
        "reach": t("Reach"),
        "theme": t("Themes"),
        "focus": t("Focus"),
        "target_groups": t("For whom"),
        "topics": t("Topics"),
        "edition": t("Edition"),
        "official": t("Listed by Good Cyber Stories"),
        "replication_guidance": t("Guidance"),
        "lessons": t("Lessons learned"),
        "contact_url": t("Where to ask"),
        "website": t("Website"),
        "source_url": t("Source"),
        "country_iso3": t("Country"),
        "kind": t("Kind"),
        "year": t("Year"),
        "copy_story_id": t("The copy, where it is a story of its own"),
        "note": t("Note"),
        "partner": t("Partner"),
        "partner_type": t("Kind of partner"),
    }


def topics(t: Words) -> dict[str, str]:
    """What stories work on; a topic that is not here is shown by its id."""
    return {
        "awareness": t("Awareness"),
        "capacity_building": t("Capacity building"),
        "confidence_building": t("Confidence building"),
        "criminal_justice": t("Criminal justice"),
        "critical_infrastructure_protection": t("Critical infrastructure protection"),
        "due_diligence": t("Due diligence"),
        "inclusion": t("Inclusion"),
        "information_exchange": t("Information exchange"),
        "mutual_assistance": t("Mutual assistance"),
        "non_proliferation_of_malicious_ict": t("Non-proliferation of malicious tools"),
        "norms": t("Norms"),
        "research_and_measurement": t("Research and measurement"),
        "supply_chain_security": t("Supply chain security"),
        "vulnerability_disclosure": t("Vulnerability disclosure"),
    }


def sources(t: Words) -> dict[str, str]:
    """How a source wants to be named, with its terms; another is named by its host."""
    return {
        "https://www.cia.gov/the-world-factbook/": t("CIA World Factbook, public domain"),
    }


def genes(rows: pd.DataFrame, t: Words) -> dict[str, str]:
    """What each gene is called, in the order of the axes; a nameless one by its letter.

    Args:
        rows: The dataset `genes`.
        t: The words of the visitor's language.
    """
    ordered: Any = rows.sort_values("position").itertuples(index=False)
    return {
        gene.gene_id: t(gene.name) if isinstance(gene.name, str) else nameless(gene.letter, t)
        for gene in ordered
    }


def nameless(letter: object, t: Words) -> str:
    """What a gene is called that nobody has named in public."""
    return (
        t("gene {letter} (no public name)", letter=letter)
        if isinstance(letter, str)
        else t("no public name")
    )


def label(labels: dict[str, str], value: str) -> str:
    """The label of a value, or the value made readable where nobody has named it yet."""
    return labels.get(value) or value.replace("_", " ").replace("-", " ").capitalize()
