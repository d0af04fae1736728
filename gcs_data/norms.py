"""Norms and duties: the initiative's topics, and the norms of the Global Commission."""

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from gcs_data.facts_file import SOURCE_URL, Column, read

# The initiative's own topics; stories have others besides.
DUTIES = (
    "due_diligence",
    "critical_infrastructure_protection",
    "supply_chain_security",
    "non_proliferation_of_malicious_ict",
    "information_exchange",
    "mutual_assistance",
    "criminal_justice",
    "vulnerability_disclosure",
    "confidence_building",
    "capacity_building",
)
# The Singapore package of the Global Commission on the Stability of Cyberspace, November 2018.
NORMS = (
    "no_tampering",
    "no_commandeering",
    "vulnerability_equities",
    "reduce_vulnerabilities",
    "basic_hygiene",
    "no_private_offence",
)
NORMS_SOURCE = (
    "https://cyberstability.org/news/request-for-consultation-norm-package-singapore.html"
)
FILE = "norm_stories.csv"


def norm_stories(path: Path, story_ids: Collection[str]) -> pd.DataFrame:
    """Which stories act on which norm, where a source says so. Never inferred from topics.

    Args:
        path: The file of facts; it may be missing.
        story_ids: The stories that there are.

    Returns:
        Columns norm_id, story_id, note, source_url.

    Raises:
        FactsFileError: If a cell is not allowed.
    """
    columns = [
        Column("norm_id", known=NORMS),
        Column("story_id", known=story_ids),
        Column("note", required=False),
        SOURCE_URL,
    ]
    return pd.DataFrame(read(path, columns), columns=[column.name for column in columns])
