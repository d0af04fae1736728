"""Every figure that the README claims: `make bench`; a part: `python -m benchmarks [--short] PART`.

Each family runs ours and its peers side by side. Servers have one core, visitors another. The table
goes to benchmarks/RESULTS.md with the versions and the machine; a family alone only prints.
"""

import argparse
import os
import platform
import sys
import time
import traceback
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import distributions, version
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from servers import BENCH  # noqa: E402
from table import Row, table  # noqa: E402

FAMILIES = {
    "interaction": "An interaction",
    "first_visit": "A first visit",
    "data_size": "Many ratings",
    "releases": "Many releases",
    "memory": "Memory and start",
    "scripts": "What has a command of its own",
}
PACKAGES = ("streamlit", "plotly", "pandas", "starlette", "uvicorn", "duckdb")
RESULTS = HERE / "RESULTS.md"


def main():
    """Measure, print, and write the table when everything was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("families", nargs="*", metavar="FAMILY", help=", ".join(FAMILIES))
    parser.add_argument("--short", action="store_true", help="fewer rounds: to see that all runs")
    wanted = parser.parse_args()
    if unknown := set(wanted.families) - set(FAMILIES):
        parser.error(f"There is no family {', '.join(unknown)}, but {', '.join(FAMILIES)}.")
    cores = sorted(os.sched_getaffinity(0))
    parts, began = [_machine(wanted.short)], time.perf_counter()
    for name in wanted.families or FAMILIES:
        rows = _measured(name, cores, wanted.short)
        parts.append(f"## {FAMILIES[name]}\n\n{table(rows)}")
        print(f"\n{parts[-1]}", flush=True)
    parts += _printed()
    minutes = (time.perf_counter() - began) / 60
    parts.insert(1, f"All of it took {minutes:.0f} minutes.")
    if not wanted.families:
        RESULTS.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
        print(f"\nWritten to {RESULTS}.")


def _measured(name, cores, short):
    """The rows of a family; one that fails is a row as well, so that the others are seen."""
    try:
        return import_module(name).rows(cores[0], cores[-1], short)
    except Exception as problem:
        traceback.print_exc()
        return [Row(name, "did not run", "", False, type(problem).__name__)]


def _machine(short):
    """Where and with what this was measured."""
    cpu = next(
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    (dash,) = distributions(name="dash", path=[str(BENCH)])
    kind = "A short run, only to see that everything runs.\n\n" if short else ""
    return (
        f"# What was measured\n\nWritten by `make bench` on {datetime.now(UTC):%-d %B %Y}. "
        f"What each row means is in the module of its family, and why figures are what they are in "
        f"[NOTES.md](NOTES.md).\n\n{kind}{os.cpu_count()} cores ({cpu}), {memory:.0f} GB, "
        f"{platform.system()}, Python {platform.python_version()}, {versions}, dash {dash.version}."
    )


def _printed():
    """What the commands of their own have printed, whole."""
    scripts = sys.modules.get("scripts")
    printed = scripts.PRINTED if scripts else {}
    return [f"### {name}.py\n\n```\n{text}\n```" for name, text in printed.items()]


if __name__ == "__main__":
    main()
