from pathlib import Path

import pandas as pd
import pycountry
import pytest

from gcs_data import countries as module
from gcs_data.countries import countries, region_names
from gcs_data.schema import DATASETS

ROOT = Path(__file__).parents[1]
SHAPES = ROOT / "assets" / "topojson"


@pytest.fixture(scope="module")
def built():
    return countries(SHAPES).set_index("country_iso3")


def test_every_iso_code_has_a_row_in_order_and_fits_the_schema():
    frame = countries(SHAPES)

    assert list(frame["country_iso3"]) == sorted(c.alpha_3 for c in pycountry.countries)
    assert len(frame) == 249
    assert frame.dtypes.astype(str).to_dict() == DATASETS["countries"].dtypes
    DATASETS["countries"].schema.validate(frame, lazy=True)


def test_building_twice_gives_the_same_rows(built):
    pd.testing.assert_frame_equal(countries(SHAPES).set_index("country_iso3"), built)


@pytest.mark.parametrize(
    ("code", "english", "french", "spanish", "region", "sub_region"),
    [
        ("TUR", "Türkiye", "Turquie", "Turquía", "asia", "western_asia"),
        ("CIV", "Côte d’Ivoire", "Côte d’Ivoire", "Côte d’Ivoire", "africa", "western_africa"),
        ("FSM", "Micronesia", "Micronésie", "Micronesia", "oceania", "micronesia"),
        ("TWN", "Taiwan", "Taïwan", "Taiwán", "asia", "eastern_asia"),
        (
            "PSE",
            "Palestinian Territories",
            "Territoires palestiniens",
            "Territorios Palestinos",
            "asia",
            "western_asia",
        ),
        (
            "VAT",
            "Vatican City",
            "État de la Cité du Vatican",
            "Ciudad del Vaticano",
            "europe",
            "southern_europe",
        ),
        ("NAM", "Namibia", "Namibie", "Namibia", "africa", "southern_africa"),
        ("NRU", "Nauru", "Nauru", "Nauru", "oceania", "micronesia"),
        # Not in Asia, as country_converter's continents have it.
        (
            "CXR",
            "Christmas Island",
            "Île Christmas",
            "Isla de Navidad",
            "oceania",
            "australia_and_new_zealand",
        ),
    ],
)
def test_names_and_regions(built, code, english, french, spanish, region, sub_region):
    row = built.loc[code]

    assert (row["name_en"], row["name_fr"], row["name_es"]) == (english, french, spanish)
    assert (row["region"], row["sub_region"]) == (region, sub_region)


def test_only_antarctica_has_no_region(built):
    assert list(built.index[built["region"].isna()]) == ["ATA"]
    assert list(built.index[built["sub_region"].isna()]) == ["ATA"]
    assert built["region"].value_counts().to_dict() == {
        "africa": 60,
        "americas": 57,
        "asia": 51,
        "europe": 51,
        "oceania": 29,
    }


def test_every_country_in_the_facts_has_a_centre_and_five_others_have_none(built):
    facts = set(pd.read_csv(ROOT / "data/source/replications.csv")["country_iso3"])
    facts |= set(pd.read_csv(ROOT / "data/source/stories.csv")["lead_country_iso3"].dropna())

    unplaced = set(built.index[built["lat"].isna() | built["lon"].isna()])

    assert unplaced == {"IOT", "SMR", "UMI", "VAT", "WLF"}
    assert not facts & unplaced


def test_a_centre_is_that_of_the_largest_piece_not_of_an_island(built):
    assert tuple(built.loc["ESP", ["lat", "lon"]]) == (40.39, -3.55)  # Not the Canaries.
    assert tuple(built.loc["PRT", ["lat", "lon"]]) == (39.7, -7.96)  # Not Madeira.
    assert tuple(built.loc["PSE", ["lat", "lon"]]) == (31.94, 35.26)  # The West Bank, not Gaza.
    assert tuple(built.loc["TUV", ["lat", "lon"]]) == (-8.5, 179.18)


def test_small_states_are_those_that_the_world_map_leaves_out(built):
    small = built.index[built["small_state"]]

    assert len(small) == 60
    assert {"SGP", "MLT", "TUV", "BHR", "BRB", "MDV"} <= set(small)
    assert not {"LUX", "FJI", "KEN", "TWN"} & set(small)


def test_a_correction_that_is_no_longer_needed_stops_the_build(monkeypatch):
    monkeypatch.setattr(module, "CORRECTIONS", {"KEN": ("Polynesia", "Eastern Africa")})

    with pytest.raises(ValueError, match="expects KEN in Polynesia, and it is in Eastern Africa"):
        countries(SHAPES)


@pytest.mark.parametrize(
    ("language", "africa", "east_asia", "polynesia"),
    [
        ("en", "Africa", "Southeast Asia", "Micronesian Region"),
        ("fr", "Afrique", "Asie du Sud-Est", "Région micronésienne"),
        ("es", "África", "Sudeste asiático", "Región de Micronesia"),
    ],
)
def test_every_region_in_the_data_has_a_name(built, language, africa, east_asia, polynesia):
    names = region_names(language)

    assert set(built["region"].dropna()) | set(built["sub_region"].dropna()) == set(names)
    assert (names["africa"], names["south_eastern_asia"]) == (africa, east_asia)
    assert names["micronesia"] == polynesia
