"""What is counted from ratings that are in memory; `gcs_data.counts` says what, and of files."""

import pandas as pd

from gcs_data import counts


def rating_counts(ratings: pd.DataFrame) -> pd.DataFrame:
    """The dataset `rating_counts`, sorted by its key; see `counts.rating_counts`."""
    return counts.from_frame("rating_counts", ratings)


def rating_pairs(ratings: pd.DataFrame) -> pd.DataFrame:
    """The dataset `rating_pairs`, sorted by its key; see `counts.rating_pairs`."""
    return counts.from_frame("rating_pairs", ratings)
