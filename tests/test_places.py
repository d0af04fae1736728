"""Country names in three languages, and what is asked instead of guessed."""

import pycountry
import pytest
from babel import Locale

from gcs_data.incoming import places
from gcs_data.incoming.places import meaning


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("CIV", "CIV"),
        ("civ", "CIV"),
        ("CI", "CIV"),
        ("Côte d’Ivoire", "CIV"),
        ("Côte d'Ivoire", "CIV"),
        ("COTE D'IVOIRE", "CIV"),
        ("cote divoire", "CIV"),
        ("Ivory Coast", "CIV"),
        ("Republic of Côte d'Ivoire", "CIV"),
        ("République de Côte d'Ivoire", "CIV"),
        ("Allemagne", "DEU"),
        ("Alemania", "DEU"),
        ("Federal Republic of Germany", "DEU"),
        ("Etats-Unis", "USA"),
        ("EE. UU.", "USA"),
        ("U.S.A.", "USA"),
        ("US", "USA"),
        ("UK", "GBR"),
        ("Great Britain", "GBR"),
        ("The Netherlands", "NLD"),
        ("Netherlands, The", "NLD"),
        ("Pays-Bas", "NLD"),
        ("Holland", "NLD"),
        ("Korea, Rep.", "KOR"),
        ("Rep. of Korea", "KOR"),
        ("Korea, Dem. People's Rep.", "PRK"),
        ("Congo, Dem. Rep.", "COD"),
        ("DRC", "COD"),
        ("Republic of the Congo", "COG"),
        ("Bahamas, The", "BHS"),
        ("Trinidad & Tobago", "TTO"),
        ("St. Lucia", "LCA"),
        ("Swaziland", "SWZ"),
        ("Burma", "MMR"),
        ("Cape Verde", "CPV"),
        ("Turkey", "TUR"),
        ("Türkiye", "TUR"),
        ("Lao PDR", "LAO"),
        ("Guinea", "GIN"),
        ("Guinée équatoriale", "GNQ"),
        ("Guinea-Bissau", "GNB"),
        ("Namibia", "NAM"),
        ("  Kenya ", "KEN"),
    ],
)
def test_a_name_that_can_mean_one_country_only_is_that_country(written, code):
    assert (meaning(written).value, meaning(written).candidates) == (code, ())


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("Congo", ("COD", "COG")),
        ("congo", ("COD", "COG")),
        ("Corée", ("KOR", "PRK")),
        ("Virgin Islands", ("VGB", "VIR")),
        ("Islas Vírgenes", ("VGB", "VIR")),
        ("St. Martin", ("MAF", "SXM")),
        ("Czechoslovakia", ("CZE", "SVK")),
        ("SA", ("SAU", "ZAF")),
        ("CH", ("CHE", "CHN")),
    ],
)
def test_a_name_of_several_countries_lists_them_and_takes_none(written, codes):
    found = meaning(written)

    assert (found.value, found.candidates, found.several) == ("", codes, True)


@pytest.mark.parametrize(
    ("written", "first"),
    [
        ("Ivori Coast", "CIV"),
        ("Estonai", "EST"),
        ("Jamiaca", "JAM"),
        ("Unitd States", "USA"),
        ("KNE", "KEN"),
        ("England", "GBR"),
        ("New Guinea", "PNG"),
        ("ke", "KEN"),
        ("NA", "NAM"),
        ("NO", "NOR"),
    ],
)
def test_a_near_miss_or_a_part_is_a_suggestion_and_not_taken(written, first):
    found = meaning(written)

    assert (found.value, found.candidates[0], found.several) == ("", first, False)


@pytest.mark.parametrize(
    "written", ["", " ", "the", "Kosovo", "EU", "XX", "ZZZ", "Global", "Mal", "Kenya; Uganda", "12"]
)
def test_what_is_no_country_is_nothing(written):
    assert meaning(written) == places.NOTHING


def test_near_misses_are_not_looked_for_where_nobody_would_be_asked():
    assert meaning("Estonai", near=False) == places.NOTHING
    assert meaning("Estonie", near=False).value == "EST"


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_every_country_is_known_by_its_name_in_each_language(language):
    names = Locale(language).territories
    wrong = {
        names[country.alpha_2]: meaning(names[country.alpha_2])
        for country in pycountry.countries
        if meaning(names[country.alpha_2]).value != country.alpha_3
    }

    # CLDR calls the French part of the island, and one Congo, by the name of both.
    shared = {"en": {"St. Martin"}, "fr": {"Saint-Martin"}, "es": {"San Martín", "Congo"}}
    assert set(wrong) == shared[language]
    assert all(len(found.candidates) == 2 for found in wrong.values())


def test_every_code_and_official_name_is_known():
    for country in pycountry.countries:
        assert meaning(country.alpha_3).value == country.alpha_3
        assert meaning(country.alpha_3.lower()).value == country.alpha_3
        official = getattr(country, "official_name", country.alpha_3)
        assert meaning(official).value == country.alpha_3, official
        if country.alpha_2 not in places.DOUBTFUL:
            assert meaning(country.alpha_2).value == country.alpha_3


def test_no_alias_is_another_country_and_every_code_of_the_tables_exists():
    for code, names in (*places.ALIASES.items(), *places.PARTS.items()):
        assert pycountry.countries.get(alpha_3=code)
        for name in names:
            found = meaning(name)
            assert code in (found.value, *found.candidates), name
    for codes, names in places.SEVERAL.items():
        assert all(pycountry.countries.get(alpha_3=code) for code in codes)
        assert all(meaning(name).candidates == codes for name in names)
