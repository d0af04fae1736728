"""Asking Spark, which runs in a process of its own.

Not in ours: where PySpark can be imported, pandera imports all of it and changes pandas by it. So
PySpark is installed in a folder beside the other packages, `.venv/spark`, and the Java machine and
its memory are gone when the answer is there.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
from pyarrow import feather

from gcs_data.errors import KEPT, GcsDataError

CHILD = Path(__file__).with_name("spark_child.py")
PACKAGES = Path(sys.prefix, "spark")
INSTALL = "-r requirements-spark.txt --target .venv/spark"
LONGEST = 3600.0  # Seconds. An hour is far more than ten million ratings take.


def answers(sql: Mapping[str, str], view: str, files: Sequence[Path]) -> dict[str, pa.Table]:
    """What Spark answers to questions about Parquet files, which it sees as one view.

    Raises:
        GcsDataError: If PySpark or Java is not installed, or Spark breaks down.
    """
    with TemporaryDirectory(prefix="gcs-spark-", ignore_cleanup_errors=True) as folder:
        asked = {
            "sql": dict(sql),
            "view": view,
            "files": [str(file.absolute()) for file in files],
            "folder": folder,
            "packages": str(PACKAGES),
        }
        try:
            done = subprocess.run(
                # -P: or modules of ours would stand before those of Python with the same name.
                [sys.executable, "-P", str(CHILD)],
                input=json.dumps(asked),
                capture_output=True,
                text=True,
                check=False,
                cwd=folder,
                timeout=LONGEST,
            )
        except subprocess.TimeoutExpired:
            raise _error("engine_failed", f"it took longer than {LONGEST:.0f} seconds") from None
        if done.returncode:
            raise _error(**_said(done))
        return {
            name: feather.read_table(Path(folder, f"{name}.arrow"), use_threads=False)
            for name in sql
        }


def _said(done: "subprocess.CompletedProcess[str]") -> dict[str, str]:
    """The code and the reason that the process printed, whatever Spark printed before them."""
    try:
        said = json.loads(done.stdout.strip().rsplit("\n", 1)[-1])
        return {"code": said["code"], "reason": said["reason"]}
    except (ValueError, KeyError, TypeError):
        last = done.stderr.strip().rsplit("\n", 1)[-1][:300]
        return {"code": "engine_failed", "reason": last or f"it ended with {done.returncode}"}


def _error(code: str, reason: str) -> GcsDataError:
    values = {"reason": reason.rstrip("."), "package": reason, "engine": "pyspark"}
    return GcsDataError(code, **values, install=INSTALL, kept=KEPT)
