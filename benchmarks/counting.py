"""How long ten million ratings take to count: `python benchmarks/counting.py [RATINGS]`.

Seeded ratings are written as one Parquet file for each of 20 workshops, as a release has them, and
counted in turn by `gcs_data.counts` (with the rule for small groups, as a sorted pandas frame with
the dataset's dtypes) and by DuckDB with the shortest SQL that counts the same files. Medians of the
runs and their ratio are printed; the target is at most 1.5. A process of its own counts once more,
to see how much memory that takes beyond what the imports need.
"""

import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import duckdb
import pandas as pd
from stores import OCCASIONS, SHIPPED, made_up

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from gcs_data import counts, parquet

RUNS = 5
TARGET = 1.5
SHORTEST = """
SELECT story_id, gene_id, stakeholder_group, provenance, occasion_id, score, count(*) AS n
FROM read_parquet(?) GROUP BY ALL
"""


def written(folder: Path, ratings: int) -> list[Path]:
    """One file of ratings for each workshop, written one after the other."""
    stories = pd.read_parquet(SHIPPED / "stories.parquet")["story_id"].tolist()
    genes = pd.read_parquet(SHIPPED / "genes.parquet").dropna(subset="name")["gene_id"].tolist()
    files = []
    for number in range(OCCASIONS):
        rows = made_up(number, ratings // OCCASIONS, stories[number % len(stories)], genes)
        files.append(folder / f"{number:02d}.parquet")
        files[-1].write_bytes(parquet.to_bytes(rows, "gene_ratings"))
    return files


def ours(files: list[Path]) -> pd.DataFrame:
    """What a release's counts are."""
    return counts.from_files(files, names=["rating_counts"])["rating_counts"]


def theirs(files: list[Path]) -> pd.DataFrame:
    """DuckDB as anybody would ask it."""
    with duckdb.connect() as connection:
        return connection.execute(SHORTEST, [[str(file) for file in files]]).df()


def timed(work, files: list[Path]) -> float:
    """Seconds by the clock."""
    start = perf_counter()
    work(files)
    return perf_counter() - start


def memory(name: str, files: list[Path]) -> tuple[float, float]:
    """Megabytes at the peak of a process that counts, and of them what the imports took."""
    run = [sys.executable, __file__, "--memory", name, *map(str, files)]
    printed = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    imports, peak = map(float, printed.split())
    return peak, imports


def _peak() -> float:
    """On Linux. Not `getrusage`, which also counts what the parent held when it started this."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def main(ratings: int) -> None:
    """Write, count, print."""
    with TemporaryDirectory() as name:
        files = written(Path(name), ratings)
        size = sum(file.stat().st_size for file in files) // 2**20
        print(f"{ratings} ratings in {len(files)} files, {size} MB, DuckDB {duckdb.__version__}")
        assert ours(files)["n"].sum() == theirs(files)["n"].sum() == ratings
        taken = [(timed(ours, files), timed(theirs, files)) for _ in range(RUNS)]
        mine, other = (median(column) for column in zip(*taken, strict=True))
        ratio = median(a / b for a, b in taken)
        print(f"ours {mine:.3f} s, DuckDB's shortest {other:.3f} s (medians of {RUNS})")
        print(f"ratio {ratio:.2f} (median of pairs), target at most {TARGET}")
        pairs = timed(lambda paths: counts.from_files(paths, names=["rating_pairs"]), files)
        print(f"pairs of genes: {pairs:.1f} s")
        for question in counts.DERIVED:
            peak, imports = memory(question, files)
            print(f"{question}: peak {peak:.0f} MB, of which {imports:.0f} MB are imports")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--memory"]:
        before = _peak()
        counts.from_files([Path(each) for each in sys.argv[3:]], names=[sys.argv[2]])
        print(before, _peak())
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 10_000_000)
