"""What is done once, before the first visitor: imports, data and the first page's caches."""

from gcs_data import query
from gcs_data.schema import PUBLIC_DATASETS
from ui import datasets, spread
from words import LANGUAGES


def warm() -> None:
    """Load what every visit needs, so that nobody waits for it."""
    number = datasets.today()
    for name in PUBLIC_DATASETS:
        datasets.frame(name, number)
    for language in LANGUAGES:
        spread.picture(spread.View(number, language, query.Selection(), height=400))
