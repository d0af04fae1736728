"""The process that Spark runs in; `gcs_data.spark` starts it. It imports nothing of ours.

It reads a JSON object from its standard input: SQL by name, the Parquet files that are the view
`view`, a folder for the answers and whatever Spark writes, and where PySpark may be installed
beside the usual places. It exits with 0, or prints a code and a reason as JSON.
"""

import json
import sys
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import feather


def main() -> int:
    """Answer the questions."""
    asked = json.load(sys.stdin)
    sys.path.append(asked["packages"])
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql.utils import is_remote
    except ImportError as error:
        return _failed("engine_missing", error.name or str(error))
    try:
        session = _session(asked["folder"], is_remote())
    except (PySparkException, RuntimeError, OSError) as error:
        return _failed("engine_java" if "JAVA" in str(error) else "engine_failed", error)
    except ImportError as error:  # What Spark Connect needs besides.
        return _failed("engine_missing", error.name or str(error))
    try:
        if is_remote():  # A Spark elsewhere does not see this machine's files.
            tables = [pq.ParquetFile(file).read(use_threads=False) for file in asked["files"]]
            ratings = session.createDataFrame(pa.concat_tables(tables))
        else:
            ratings = session.read.parquet(*asked["files"])
        ratings.createOrReplaceTempView(asked["view"])
        for name, sql in asked["sql"].items():
            answer = session.sql(sql).toArrow()
            feather.write_feather(answer, f"{asked['folder']}/{name}.arrow")
    except (PySparkException, OSError) as error:
        return _failed("engine_failed", error)
    finally:
        session.stop()
    return 0


def _session(folder: str, remote: bool) -> Any:
    """A Spark of our own on all cores, unless SPARK_REMOTE names one elsewhere."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder
    if not remote:
        ours = {
            "spark.master": "local[*]",
            "spark.ui.enabled": "false",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.local.dir": folder,
            "spark.sql.warehouse.dir": folder,
            # 200 parts, which is the usual, would each be nearly empty.
            "spark.sql.shuffle.partitions": "8",
        }
        for name, value in ours.items():
            builder = builder.config(name, value)
    return builder.getOrCreate()


def _failed(code: str, reason: object) -> int:
    said = {"code": code, "reason": str(reason).strip().split("\n")[0][:300]}
    sys.stdout.write(f"{json.dumps(said)}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
