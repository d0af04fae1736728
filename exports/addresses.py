"""Addresses that lead out of the dashboard: to a source, and to whoever takes reports of mistakes.

A record is named by its dataset and its key, `replications/x-road/FIN/replicated`.
"""

import re
from urllib.parse import quote, urlsplit

from words import Words

# Also the names of what a report's address may have filled in; see GCS_REPORT_URL.
FILLED_IN = re.compile(r"\{(record|release|page)\}")


def web_host(address: object) -> str:
    """The host of a web address; empty for a document's file name and anything else."""
    try:
        parts = urlsplit(address) if isinstance(address, str) else None
        host = parts.hostname if parts and parts.scheme in ("http", "https") else None
    except ValueError:
        return ""
    return host or ""


def source_name(address: str, t: Words) -> str:
    """What a source is called: its host; a document that has no web address by its file name."""
    return web_host(address) or t("a document without a web address: {name}", name=address)


def record_id(dataset: str, *key: str) -> str:
    """What a record is called in a report.

    Args:
        dataset: The dataset's name.
        key: The values of the dataset's key columns, in their order.
    """
    return "/".join((dataset, *key))


def report_address(template: str, *, record: str, release: int, page: str) -> str:
    """Where a mistake in a record is reported; empty where no address is set.

    Args:
        template: GCS_REPORT_URL.
        record: As `record_id` names it.
        release: The release that shows the mistake.
        page: The full address of the page that shows it.

    Each value is written so that it can be nothing but a value, whatever letters it has; the
    address keeps its form. Values are filled in at once: one that looks like a placeholder stays.
    """
    values = {"record": record, "release": str(release), "page": page}
    return FILLED_IN.sub(lambda found: quote(values[found[1]], safe="", errors="replace"), template)
