"""What counts ratings: DuckDB in this process, or Spark. Only what is asked for is imported.

Ibis writes a question down in the SQL of an engine, and the engine reads the Parquet files. Neither
needs the network: DuckDB reads Parquet without an extension, Spark without another jar.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pyarrow as pa

from gcs_data import spark
from gcs_data.errors import KEPT, GcsDataError
from gcs_data.schema import DATASETS, RATINGS

if TYPE_CHECKING:
    import duckdb
    from ibis.expr.types import Table

ENGINES = ("duckdb", "pyspark")
DEFAULT = ENGINES[0]
Question = Callable[["Table"], "Table"]
_MEMORY = "400MB"  # What DuckDB may hold; beyond that it uses the disk.
_TYPES = {"str": "string", "Int64": "int64"}


def over_files(
    questions: Mapping[str, Question], files: Sequence[Path], engine: str = DEFAULT
) -> dict[str, pa.Table]:
    """Ask questions about the ratings in Parquet files. The answers have the questions' names.

    Raises:
        GcsDataError: If there is no such engine, something that it needs is not installed, or it
            breaks down. Nothing was changed.
    """
    if engine not in ENGINES:
        raise GcsDataError("engine_unknown", name=engine, known=", ".join(ENGINES))
    sql = {name: _sql(question, engine) for name, question in questions.items()}
    return spark.answers(sql, RATINGS, files) if engine == "pyspark" else _by_duckdb(sql, files)


def over_table(question: Question, ratings: pa.Table) -> pa.Table:
    """Ask DuckDB a question about ratings in memory."""
    sql = _sql(question, DEFAULT)
    with _duckdb() as connection:
        connection.register(RATINGS, ratings)
        return connection.sql(sql).to_arrow_table()


@cache
def _sql(question: Question, engine: str) -> str:
    """A question in the SQL of an engine. It is about columns, so it is the same for all files."""
    try:
        import ibis
        from ibis.backends.sql import compilers
    except ImportError as error:
        raise _missing(error) from error
    # Not `ibis.to_sql`: that would import the engine, which for Spark is another process's work.
    compiler = getattr(compilers, engine).compiler
    # Only what is counted: for other types, the compiler for Spark asks for PySpark's options.
    dtypes = DATASETS[RATINGS].dtypes.items()
    types = {name: _TYPES[dtype] for name, dtype in dtypes if dtype in _TYPES}
    ratings = ibis.table(types, name=RATINGS)
    return str(compiler.to_sqlglot(question(ratings)).sql(dialect=compiler.dialect))


def _by_duckdb(sql: Mapping[str, str], files: Sequence[Path]) -> dict[str, pa.Table]:
    with _duckdb() as connection:
        connection.read_parquet([str(file) for file in files]).create_view(RATINGS)
        return {name: connection.sql(text).to_arrow_table() for name, text in sql.items()}


@contextmanager
def _duckdb() -> "Iterator[duckdb.DuckDBPyConnection]":
    """A database in memory that spills to the disk and never asks the network for anything."""
    try:
        import duckdb
    except ImportError as error:
        raise _missing(error) from error
    with TemporaryDirectory(prefix="gcs-duckdb-") as folder:
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": _MEMORY,
            "temp_directory": folder,
            "preserve_insertion_order": "false",
            "autoinstall_known_extensions": "false",
            # It makes a sum over a window a join of the question with itself: two scans for one.
            "disabled_optimizers": "window_self_join",
        }
        try:
            with duckdb.connect(config=config) as connection:
                yield connection
        except duckdb.Error as error:
            reason = str(error).split("\n", 1)[0].rstrip(".")
            raise GcsDataError("engine_failed", engine=DEFAULT, reason=reason, kept=KEPT) from error


def _missing(error: ImportError) -> GcsDataError:
    install = "-r requirements.txt"
    package = error.name or str(error)
    return GcsDataError(
        "engine_missing", engine=DEFAULT, package=package, install=install, kept=KEPT
    )
