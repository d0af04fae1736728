import csv
import runpy
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_shipped_layers_are_what_the_package_says():
    tool = runpy.run_path(str(ROOT / "tools" / "factbook_layers.py"))

    with (ROOT / "data" / "source" / "layers.csv").open(encoding="utf-8", newline="") as file:
        header, *shipped = map(tuple, csv.reader(file))

    assert header == tool["COLUMNS"]
    assert shipped == list(tool["rows"]())
    figures = {row[:4] for row in shipped}
    assert ("internet_users", "KEN", "2023", "35") in figures
    assert ("electricity_access", "KEN", "2022", "76") in figures
    assert not [row for row in shipped if int(row[2]) < 2015 or not 0 <= float(row[3]) <= 100]
