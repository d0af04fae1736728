"""`without_ratings.py FOLDER`: take every single rating out of the shipped datasets.

For a container image, which anybody may look into. The dataset stays, with its columns and no rows,
so that a store that begins there can be published to; the counts, which pages read, stay as they
are.
"""

import sys
from pathlib import Path

from gcs_data import parquet
from gcs_data.schema import DATASETS, RATINGS


def main(folder: str) -> None:
    """Empty the dataset in this folder."""
    path = Path(folder) / f"{RATINGS}.parquet"
    empty = parquet.from_bytes(path.read_bytes()).iloc[:0]
    path.write_bytes(parquet.to_bytes(empty[list(DATASETS[RATINGS].columns)], RATINGS))


if __name__ == "__main__":
    main(*sys.argv[1:])
