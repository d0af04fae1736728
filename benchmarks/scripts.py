"""The figures that have a command of their own: what each prints, and its line in the table."""

import re
import subprocess
import sys
from pathlib import Path

from table import Row, at_most

HERE = Path(__file__).resolve().parent
# Script, its arguments in short and in full, and what of its print is held against a target.
SCRIPTS = {
    "counting": (["1000000"], []),
    "upload": ([], []),
    "search": ([], []),
    "ballots": (["--seconds", "5"], ["--seconds", "20"]),
}
PRINTED: dict[str, str] = {}


def rows(_core, _visitors_core, short):
    """The rows of the table. What was printed stays in `PRINTED`."""
    table = []
    for name, (quick, full) in SCRIPTS.items():
        command = [sys.executable, HERE / f"{name}.py", *(quick if short else full)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        PRINTED[name] = done.stdout.strip()
        if done.returncode:
            table.append(Row(f"{name}.py", "did not run", "", False, done.stderr.strip()[-200:]))
        else:
            table += _read(name, done.stdout)
    return table


def _read(name, printed):
    """The rows that a script's print stands for."""
    if name == "counting":
        ratio = float(re.search(r"ratio ([\d.]+)", printed)[1])
        return [at_most("counting ratings, to DuckDB's own time", ratio, 1.5)]
    if name == "upload":
        times, seconds = re.search(r"([\d.]+) times calamine.*; ([\d.]+) s", printed).groups()
        return [
            at_most("100,000 ratings uploaded, to calamine alone", float(times), 5.0),
            at_most("100,000 ratings uploaded", float(seconds), 30.0, "s"),
        ]
    if name == "search":
        slowest = max(float(each) for each in re.findall(r"search .* slowest +([\d.]+)", printed))
        return [Row("slowest search among 2,000 stories", f"{slowest:.0f} ms of processor")]
    cost = re.search(r"costs it ([\d.]+) ms", printed)[1]
    rate = re.search(r"as many as it takes, ([\d.]+) a second", printed)[1]
    late = re.search(r"saved +p50 +[\d.]+ ms +p99 +([\d.]+) ms", printed)[1]
    exact = re.search(r"counts in the store are (\w+)", printed)[1]
    said = f"{cost} ms of processor each, at most {rate} a second, p99 {late} ms at 1,000 a second"
    return [Row("durable ballots of seven genes", said), Row("their counts in the store", exact)]
