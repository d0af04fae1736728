"""Countries from well-kept packages: codes, names, UN regions, and centres from the map's shapes.

Needed when the datasets are built; a running dashboard asks only what regions are called.
"""

import csv
import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
import pycountry
from babel import Locale

from gcs_data.schema import DATASETS

# UN M49: the sub-regions of each region, as country_converter spells them. Its own continents
# differ from M49 for islands: Christmas Island is "Asia" there.
SUB_REGIONS = {
    "africa": {
        "Northern Africa": "015",
        "Western Africa": "011",
        "Middle Africa": "017",
        "Eastern Africa": "014",
        "Southern Africa": "018",
    },
    "americas": {
        "Northern America": "021",
        "Caribbean": "029",
        "Central America": "013",
        "South America": "005",
    },
    "asia": {
        "Western Asia": "145",
        "Central Asia": "143",
        "Southern Asia": "034",
        "Eastern Asia": "030",
        "South-eastern Asia": "035",
    },
    "europe": {
        "Northern Europe": "154",
        "Western Europe": "155",
        "Southern Europe": "039",
        "Eastern Europe": "151",
    },
    "oceania": {
        "Australia and New Zealand": "053",
        "Melanesia": "054",
        "Micronesia": "057",
        "Polynesia": "061",
    },
}
REGIONS = {"africa": "002", "americas": "019", "asia": "142", "europe": "150", "oceania": "009"}
# Where country_converter 1.3.2 differs from M49: what it says, what M49 says. A correction that the
# package has made itself stops the build, so that the line goes.
CORRECTIONS = {"NRU": ("Polynesia", "Micronesia")}
NO_REGION = "Antarctica"  # M49 lists it under no region.

Point = tuple[float, float]


def countries(shapes: Path) -> pd.DataFrame:
    """The dataset `countries`: every country and territory with an ISO 3166-1 code.

    Args:
        shapes: The folder with the map's shapes, world_110m.json and world_50m.json.

    Returns:
        One row per code, sorted by code. Names are CLDR's; `sub_region` is the finest level of UN
        M49. A centre is that of the largest piece in the 50 m shapes and is missing for the five
        codes that have none there: IOT, SMR, UMI, VAT and WLF. `small_state` says that the 110 m
        shapes, which the world map draws, leave it out.

    Raises:
        KeyError: If a package knows a code or a sub-region that another one does not.
        ValueError: If a correction is no longer needed.
    """
    drawn = {shape["id"] for shape in _shapes(shapes / "world_110m.json")["shapes"]}
    centres = _centres(_shapes(shapes / "world_50m.json"))
    names = {language: Locale(language).territories for language in ("en", "fr", "es")}
    sub_regions = _sub_regions()
    regions = {name: region for region, parts in SUB_REGIONS.items() for name in parts}
    rows = []
    for country in pycountry.countries:
        code, sub_region = country.alpha_3, sub_regions[country.alpha_3]
        lon, lat = centres.get(code, (None, None))
        rows.append(
            {
                "country_iso3": code,
                **{f"name_{lang}": known[country.alpha_2] for lang, known in names.items()},
                "region": None if sub_region == NO_REGION else regions[sub_region],
                "sub_region": None if sub_region == NO_REGION else slug(sub_region),
                "lat": lat,
                "lon": lon,
                "small_state": code not in drawn,
            }
        )
    frame = pd.DataFrame(rows).astype(DATASETS["countries"].dtypes)
    return frame.sort_values("country_iso3", ignore_index=True)


def region_names(language: str) -> dict[str, str]:
    """What each region and sub-region is called in a language (CLDR), by slug, in M49's groups."""
    known = Locale(language).territories
    numbers: dict[str, str] = {}
    for region, parts in SUB_REGIONS.items():
        numbers[region] = REGIONS[region]
        numbers |= {slug(name): number for name, number in parts.items()}
    # CLDR writes some inside a sentence, "région micronésienne"; here they are headings.
    return {name: known[number][:1].upper() + known[number][1:] for name, number in numbers.items()}


def slug(name: str) -> str:
    """A region's name as an id: "South-eastern Asia" is "south_eastern_asia"."""
    return name.lower().replace("-", "_").replace(" ", "_")


def _sub_regions() -> dict[str, str]:
    # The package's own reader takes Namibia's code NA for a missing value under pandas 3; its table
    # is plain text.
    table = files("country_converter") / "country_data.tsv"
    with table.open(encoding="utf-8") as lines:
        known = {row["ISO3"]: row["UNregion"] for row in csv.DictReader(lines, delimiter="\t")}
    for code, (said, right) in CORRECTIONS.items():
        if known[code] != said:
            raise ValueError(f"CORRECTIONS expects {code} in {said}, and it is in {known[code]}.")
        known[code] = right
    return known


def _shapes(path: Path) -> dict[str, Any]:
    topology = json.loads(path.read_text(encoding="utf-8"))
    return {"arcs": topology["arcs"], "shapes": topology["objects"]["countries"]["geometries"]}


def _centres(topology: dict[str, Any]) -> dict[str, Point]:
    """Longitude and latitude of each country: of its largest shape, where it has several."""
    largest: dict[str, float] = {}
    centres: dict[str, Point] = {}
    for shape in topology["shapes"]:
        code = shape["id"]
        area = max(_area(ring, topology["arcs"]) for ring in _outer_rings(shape))
        if area > largest.get(code, -1):
            lon, lat = shape["properties"]["ct"]
            largest[code], centres[code] = area, (float(lon), float(lat))
    return centres


def _outer_rings(shape: dict[str, Any]) -> Iterator[list[int]]:
    polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
    return (polygon[0] for polygon in polygons)


def _area(ring: list[int], arcs: list[list[list[int]]]) -> float:
    """The area inside a ring of TopoJSON arcs, in squares of its grid (the shoelace formula)."""
    points: list[Point] = []
    for index in ring:
        arc = arcs[index if index >= 0 else ~index]  # A negative index is an arc run backwards.
        x = y = 0
        steps = [(x := x + dx, y := y + dy) for dx, dy in arc]  # Arcs are kept as differences.
        points += steps if index >= 0 else reversed(steps)
    following = points[1:] + points[:1]
    pairs = zip(points, following, strict=True)
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) / 2
