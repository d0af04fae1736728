"""What is done once, before the first visitor: imports, data and the first page's caches."""

import logging
import threading

from gcs_data import query, store
from gcs_data.errors import GcsDataError
from gcs_data.schema import PUBLIC_DATASETS
from ui import datasets, spread
from words import LANGUAGES

LOG = logging.getLogger("gcs.store")


def warm() -> None:
    """Load what every visit needs, so that nobody waits for it, and have the store looked over.

    Data that cannot be loaded stop nothing here: every page says so in its own sentence.
    """
    try:
        number = datasets.today()
        for name in PUBLIC_DATASETS:
            datasets.frame(name, number)
        for language in LANGUAGES:
            spread.picture(spread.View(number, language, query.Selection(), height=400))
    except GcsDataError as error:
        LOG.error("%s", error)
    threading.Thread(target=look_over, name="look over the store", daemon=True).start()


def look_over() -> None:
    """Say in the log what is damaged in the store, and whether it can be published to."""
    try:
        for finding in store.verify(datasets.store()):
            LOG.error("Release %s: %s", finding.release, finding)
        store.writable(datasets.store())
    except GcsDataError as error:
        LOG.warning("%s", error)
