"""What pages read instead of ratings: counts per score, and paired differences between genes.

With scores from 1 to 5, counts give every statistic of one gene exactly, and pairs give the
differences between genes rated by the same people; so a page costs the same for a thousand ratings
and for ten million. Each is one Ibis expression, which an engine reads the ratings' files with; see
`gcs_data.engines`. Each occasion is computed by itself: a new one changes no other's rows.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from gcs_data import engines, releases
from gcs_data.folder import Folder
from gcs_data.manifest import Release
from gcs_data.releases import Store
from gcs_data.schema import DATASETS, RATINGS, SMALLEST_GROUP

if TYPE_CHECKING:
    from ibis.expr.types import Table

_OCCASION = ("story_id", "provenance", "occasion_id")
_GROUP = (*_OCCASION, "stakeholder_group")


def rating_counts(ratings: "Table") -> "Table":
    """Count how often each score was given.

    Args:
        ratings: The dataset `gene_ratings`. A rating without a group counts as "other".

    Returns:
        The dataset `rating_counts`. Only scores that were given have a row. A group stays by
        itself only if, in this story and occasion, every gene it rated has at least five ratings
        from it; the others are "other". If "other" would hold fewer than five for some gene, the
        story's occasion has no groups and all of it is "all": otherwise the total less the groups
        shown would give those few people away.
    """
    import ibis
    from ibis import _

    group = _.stakeholder_group
    key = [*_GROUP, "gene_id", "score"]
    # From here on, there is a row for each score that was given, however many people gave it.
    given = ratings.group_by(key).agg(n=_.count())
    counted = _with_fewest(given.mutate(stakeholder_group=group.fill_null("other")))
    merged = counted.mutate(
        stakeholder_group=ibis.ifelse(_.fewest >= SMALLEST_GROUP, group, "other")
    )
    small_other = (group == "other") & (_.fewest < SMALLEST_GROUP)
    hidden = _with_fewest(merged).mutate(small_other=small_other.cast("int8"))
    hidden = hidden.group_by(_OCCASION).mutate(no_groups=_.small_other.max())
    safe = hidden.mutate(stakeholder_group=ibis.ifelse(_.no_groups == 1, "all", group))
    return safe.group_by(key).agg(n=_.n.sum())


def _with_fewest(counted: "Table") -> "Table":
    """Say in every row how few ratings some gene got from the group of the row."""
    from ibis import _

    per_gene = counted.group_by([*_GROUP, "gene_id"]).mutate(of_gene=_.n.sum())
    return per_gene.group_by(_GROUP).mutate(fewest=_.of_gene.min()).drop("of_gene")


def rating_pairs(ratings: "Table") -> "Table":
    """Sum the differences between two genes over the people who rated both.

    Args:
        ratings: The dataset `gene_ratings`; one person rates a gene of a story once an occasion.

    Returns:
        The dataset `rating_pairs`. Pairs rated by fewer than five people are left out: with one
        person, the sum is that person's difference.
    """
    from ibis import _

    person = [*_OCCASION, "rater_id"]
    first = ratings.select(*person, gene_a="gene_id", score_a="score")
    second = ratings.select(*person, gene_b="gene_id", score_b="score")
    both = first.join(second, [*person, first.gene_a < second.gene_b])
    return (
        both.mutate(apart=_.score_a - _.score_b)
        .group_by([*_OCCASION, "gene_a", "gene_b"])
        .agg(
            n=_.count(),
            sum_of_differences=_.apart.sum(),
            sum_of_squares=(_.apart * _.apart).sum(),
        )
        .filter(_.n >= SMALLEST_GROUP)
    )


DERIVED: Mapping[str, Callable[["Table"], "Table"]] = {
    "rating_counts": rating_counts,
    "rating_pairs": rating_pairs,
}


def from_files(
    files: Sequence[Path], engine: str = engines.DEFAULT, names: Iterable[str] = tuple(DERIVED)
) -> dict[str, pd.DataFrame]:
    """Derived datasets, from the Parquet files of ratings; they are never in memory as a whole.

    Args:
        files: What `gene_ratings` consists of, or those files of it that are to be counted.
        engine: One of `engines.ENGINES`.
        names: Which datasets: `rating_counts`, `rating_pairs` or both.

    Returns:
        Each dataset with its dtypes, sorted by its key.

    Raises:
        GcsDataError: If the engine cannot be used; it says what to install.
    """
    answers = engines.over_files({name: DERIVED[name] for name in names}, files, engine)
    return {name: _shaped(name, answer) for name, answer in answers.items()}


def from_frame(name: str, ratings: pd.DataFrame) -> pd.DataFrame:
    """The same from ratings in memory, always by DuckDB. Columns that are not counted may lack."""
    dtypes = DATASETS[RATINGS].dtypes
    columns = [column for column in dtypes if column in ratings]
    table = pa.Table.from_pandas(
        ratings[columns].astype({column: dtypes[column] for column in columns}),
        preserve_index=False,
    )
    return _shaped(name, engines.over_table(DERIVED[name], table))


def of_release(store: Store, number: int, engine: str | None = None) -> dict[str, pd.DataFrame]:
    """Both derived datasets, counted anew from the files of ratings that a release names.

    Args:
        store: Where the release is.
        number: Which release.
        engine: One of `engines.ENGINES`; None is the store's own.

    Raises:
        UnknownReleaseError, DamagedReleaseError, StoreError: As `releases.release`.
        GcsDataError: As `from_files`.
    """
    found = releases.release(store, number)
    if found.damaged is not None:
        raise releases.damaged_error(found.damaged)
    with _at_hand(store, found) as files:
        return from_files(files, engine or store.engine)


@contextmanager
def _at_hand(store: Store, release: Release) -> Iterator[list[Path]]:
    """The files of a release's ratings on this machine's disk.

    Those of an object store are copied: DuckDB and Spark would each have to download an extension
    before they speak to one, and would need its keys in words of their own.
    """
    files = release.datasets[RATINGS]["files"] if RATINGS in release.datasets else []
    place = store.place
    if release.number == 0 or isinstance(place, Folder):
        root = place.root if release.number and isinstance(place, Folder) else store.shipped
        yield [root / file["path"] for file in files]
        return
    contents = (releases.content(store, release.number, file) for file in files)
    with written(contents) as copies:
        yield copies


@contextmanager
def written(contents: Iterable[bytes]) -> Iterator[list[Path]]:
    """Parquet files that are in no folder yet, in one that is gone afterwards."""
    with TemporaryDirectory(prefix="gcs-ratings-") as folder:
        files = []
        for number, content in enumerate(contents):
            files.append(Path(folder, f"{number:06d}.parquet"))
            files[-1].write_bytes(content)
        yield files


def _shaped(name: str, answer: pa.Table) -> pd.DataFrame:
    """Give an answer the columns, dtypes and order of a dataset."""
    dataset = DATASETS[name]
    frame: pd.DataFrame = answer.select(list(dataset.columns)).to_pandas()
    return frame.astype(dataset.dtypes).sort_values(list(dataset.key), ignore_index=True)
