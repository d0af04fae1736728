"""Country names in English, French and Spanish as ISO 3166-1 alpha-3 codes.

Names are those of CLDR (babel) and of ISO (pycountry, with its own translations): official, short
and common. Case, accents, punctuation, articles and the order of words make no difference, so
"Korea, Rep." is "Republic of Korea". `ALIASES` has what neither package knows. A name of several
countries lists them, and a near miss is a suggestion; neither is ever taken silently.
"""

import gettext
from collections.abc import Callable, Iterator, Mapping
from functools import cache

import pycountry
from babel import Locale

from gcs_data.folding import folded
from gcs_data.incoming.meanings import NOTHING, Meaning, nearest

LANGUAGES = ("en", "fr", "es")

# Everyday and former names, with one country each.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "ARE": ("UAE", "Emirates", "Émirats", "EAU", "Emiratos"),
    "ATG": ("Antigua",),
    "BEN": ("Dahomey",),
    "BFA": ("Upper Volta", "Haute-Volta", "Alto Volta"),
    "BIH": ("Bosnia", "Bosnie", "BiH"),
    "BLR": ("Byelorussia", "Belorussia"),
    "CAF": ("CAR", "RCA"),
    "CHN": ("PR China", "PRC", "Mainland China", "RPC"),
    "CIV": ("Ivory Coast",),
    "COD": (
        "DR Congo", "DRC", "RDC", "RD Congo", "RD del Congo", "Democratic Republic Congo", "Zaire",
        "Zaïre", "Congo Kinshasa",
    ),
    "COG": ("Congo Brazzaville",),
    "CPV": ("Cape Verde",),
    "CZE": ("Czech Rep",),
    "FLK": ("Falklands", "Malouines", "Malvinas"),
    "FSM": ("FSM", "Micronesia Fed Sts"),
    "GBR": ("UK", "Britain", "Great Britain", "Grande-Bretagne", "Gran Bretaña"),
    "IRL": ("Republic of Ireland", "République d’Irlande", "República de Irlanda", "Eire"),
    "IRN": ("Persia", "Perse"),
    "KHM": ("Kampuchea", "Kampuchéa"),
    "KNA": ("St Kitts", "Saint Kitts"),
    "KOR": ("ROK", "S Korea"),
    "LAO": ("Lao PDR", "Lao"),
    "LKA": ("Ceylon", "Ceylan", "Ceilán"),
    "MKD": ("Macedonia", "Macédoine", "FYROM", "FYR Macedonia", "ARYM"),
    "MMR": ("Burma",),
    "MUS": ("Île Maurice", "Isla Mauricio"),
    "NLD": ("Holland", "Hollande", "Holanda"),
    "PRK": ("DPRK", "N Korea", "RPDC"),
    "PSE": (
        "Palestine", "Palestina", "West Bank and Gaza", "Palestinian Authority",
        "Occupied Palestinian Territory",
    ),
    "RUS": ("Russian Fed",),
    "STP": ("Sao Tome", "Sao Tomé"),
    "SWZ": ("Swaziland", "Souaziland", "Swazilandia", "Suazilandia"),
    "THA": ("Siam",),
    "TLS": ("East Timor",),
    "TUR": ("Turkey",),
    "USA": ("US", "USA", "United States of America", "EUA", "EE UU", "EEUU"),
    "VAT": ("Vatican", "Holy See", "Vaticano"),
    "VCT": ("St Vincent", "Saint Vincent"),
    "VEN": ("Venezuela RB",),
    "ZAF": ("RSA",),
    "ZWE": ("Rhodesia", "Rhodésie", "Rodesia"),
}  # fmt: skip
# Names of more than one country, also where a package gives the name to one of them.
SEVERAL: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("COD", "COG"): ("Congo", "The Congo", "Le Congo"),
    ("KOR", "PRK"): ("Korea", "Corée", "Corea"),
    ("VGB", "VIR"): ("Virgin Islands", "Îles Vierges", "Islas Vírgenes"),
    ("MAF", "SXM"): ("Saint Martin", "St Martin", "San Martín"),
    ("CZE", "SVK"): ("Czechoslovakia", "Tchécoslovaquie", "Checoslovaquia"),
    ("MNE", "SRB"): ("Serbia and Montenegro", "Serbie-et-Monténégro", "Serbia y Montenegro"),
    ("BIH", "HRV", "MKD", "MNE", "SRB", "SVN"): ("Yugoslavia", "Yougoslavie"),
    ("BES", "CUW", "SXM"): ("Netherlands Antilles", "Antilles néerlandaises"),
    ("CHN", "TWN"): ("Republic of China", "République de Chine", "República de China"),
}
# Parts of a country: what was meant is likely, and not ours to decide.
PARTS: Mapping[str, tuple[str, ...]] = {
    "GBR": (
        "England", "Scotland", "Wales", "Northern Ireland", "Angleterre", "Écosse",
        "Pays de Galles", "Irlande du Nord", "Inglaterra", "Escocia", "Gales", "Irlanda del Norte",
    ),
    "PNG": ("New Guinea", "Nouvelle-Guinée", "Nueva Guinea"),
    "PSE": ("Gaza", "West Bank", "Cisjordanie", "Cisjordania"),
    "TLS": ("Timor",),
    "TZA": ("Zanzibar",),
}  # fmt: skip
# Two capitals that stand for something else as readily: not available, no, and South Africa and
# China by the first letters of other names.
DOUBTFUL = {"NA": ("NAM",), "NO": ("NOR",), "SA": ("SAU", "ZAF"), "CH": ("CHE", "CHN")}

ARTICLES = frozenset(
    ("the", "and", "of", "la", "le", "les", "et", "du", "des", "d", "l")
    + ("el", "los", "las", "y", "e", "de", "del")
)
SHORT = {
    "st": "saint", "ste": "sainte", "sta": "santa", "rep": "republic", "dem": "democratic",
    "fed": "federated", "is": "islands", "isl": "islands",
}  # fmt: skip


def meaning(text: str, near: bool = True) -> Meaning:
    """The country that a text certainly names, or those that it may name.

    Without `near`, names that are only spelt much like this one are not looked for.
    """
    word = text.strip()
    if word in DOUBTFUL:
        return Meaning(candidates=DOUBTFUL[word], several=len(DOUBTFUL[word]) > 1)
    if len(word) == 2 and word.isascii() and word.isalpha() and word.lower() not in _names():
        known = pycountry.countries.get(alpha_2=word.upper())
        if known is None:
            return NOTHING
        # In small letters it may be a language or a word.
        return Meaning(known.alpha_3) if word.isupper() else Meaning(candidates=(known.alpha_3,))
    codes = _names().get(_spelled(word)) or _shuffled().get(_loose(word)) or ()
    if codes:
        return Meaning(codes[0]) if len(codes) == 1 else Meaning(candidates=codes, several=True)
    if part := _parts().get(_loose(word)):
        return Meaning(candidates=part)
    return Meaning(candidates=nearest(_spelled(word), _names())) if near else NOTHING


def _spelled(name: str) -> str:
    return "".join(folded(name))


def _loose(name: str) -> str:
    """The words that matter, in the order of the alphabet."""
    return " ".join(sorted(SHORT.get(word, word) for word in folded(name) if word not in ARTICLES))


@cache
def _names() -> Mapping[str, tuple[str, ...]]:
    """Codes by a name's letters alone; several codes where a name has several."""
    return _index(_spelled)


@cache
def _shuffled() -> Mapping[str, tuple[str, ...]]:
    """Codes by the words of a name, without articles and in any order."""
    return _index(_loose)


def _index(fold: Callable[[str], str]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for name, code in _known_names():
        found.setdefault(fold(name), set()).add(code)
    index = {name: tuple(sorted(codes)) for name, codes in found.items() if name}
    return index | {fold(name): codes for codes, names in SEVERAL.items() for name in names}


@cache
def _parts() -> Mapping[str, tuple[str, ...]]:
    return {_loose(part): (code,) for code, parts in PARTS.items() for part in parts}


def _known_names() -> Iterator[tuple[str, str]]:
    """Every name and code of a single country, and its code."""
    cldr = [Locale(language).territories for language in LANGUAGES]
    iso = [
        gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language]).gettext
        for language in LANGUAGES
        if language != "en"
    ]
    for country in pycountry.countries:
        code = country.alpha_3
        yield code, code
        yield from ((names[country.alpha_2], code) for names in cldr)
        for form in ("name", "common_name", "official_name"):
            if name := getattr(country, form, ""):
                yield name, code
                yield from ((translated(name), code) for translated in iso)
    yield from ((name, code) for code, names in ALIASES.items() for name in names)
