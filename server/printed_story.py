"""What a story's print page shows: facts, pictures as SVG, and the sentences that go with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

import gcs_data
import labels
import settings
from figures.geography import origin_lines
from figures.sentences import dna_sentence, whose_ratings
from figures.svg import dots_svg, map_svg, radar_svg
from figures.world_sentences import no_origin_sentence, world_sentence
from gcs_data import query
from server import api_data
from words import Words, words

# Pixels that the pictures are drawn at. The page shows them a little smaller, or, on a phone, the
# narrow map.
RADAR, DOTS, WIDE, NARROW = 380, 460, 640, 343


@dataclass(frozen=True)
class Sheet:
    """What is printed. Without ratings, provenance and occasion are empty."""

    release: int
    story_id: str
    provenance: str
    occasion_id: str
    default_only: bool
    language: str

    @property
    def illustrative(self) -> bool:
        return self.provenance == "illustrative"

    def frame(self, name: str) -> pd.DataFrame:
        """A dataset of the release. It is shared: never change it."""
        return api_data.frame(name, self.release)

    def mine(self, name: str) -> pd.DataFrame:
        """The rows of a dataset that are about the story."""
        return api_data.fitting(self.frame(name), story_id=self.story_id)

    def facts(self) -> pd.Series:
        """The story's row of `stories`."""
        return self.mine("stories").iloc[0]

    def country_names(self) -> Mapping[str, str]:
        """What each country is called."""
        countries = self.frame("countries").set_index("country_iso3")
        return {str(code): name for code, name in countries[f"name_{self.language}"].items()}


@dataclass(frozen=True)
class Dna:
    """The DNA in one series of ratings: two pictures, what they say, and whose the ratings are."""

    radar: str
    dots: str
    sentence: str
    whose: str


@dataclass(frozen=True)
class Spread:
    """Where the story is on record: the map for paper and for a phone, and what it says."""

    wide: str
    narrow: str
    sentence: str


def dna(sheet: Sheet) -> Dna | None:
    """The DNA of a story; None where nobody has rated it."""
    return _dna(api_data.store(), settings.illustrative(), sheet) if sheet.provenance else None


def spread(sheet: Sheet) -> Spread | None:
    """Where a story is on record; None where no country is."""
    return _spread(api_data.store(), sheet)


def published(sheet: Sheet, t: Words) -> pd.DataFrame:
    """The DNA that was published for the story, with the names of the genes; may be empty."""
    rows = query.published_dna(sheet.frame("published_dna"), sheet.frame("genes"), sheet.story_id)
    return rows.assign(name=rows["gene_id"].map(labels.genes(sheet.frame("genes"), t)))


@lru_cache(maxsize=128)
def _dna(_place: gcs_data.Store, _illustrative: bool, sheet: Sheet) -> Dna:
    t = words(sheet.language)
    title, name = sheet.facts()["title"], labels.provenances(t)[sheet.provenance]
    profile = _profile(sheet, t)
    sentence = dna_sentence(profile, title=title, illustrative=sheet.illustrative, t=t)
    watermark = name if sheet.illustrative else ""
    occasions = sheet.frame("occasions").set_index("occasion_id")["title"]
    return Dna(
        # The page's own headings say what is drawn, and its notes whose ratings they are.
        radar_svg(
            profile.assign(name=title),
            title="",
            t=t,
            watermark=watermark,
            width=RADAR,
            alt=sentence,
        ),
        dots_svg(profile, title="", t=t, watermark=watermark, width=DOTS, alt=sentence),
        sentence,
        whose_ratings(
            int(profile["n"].max()),
            illustrative=sheet.illustrative,
            name=name,
            occasion=str(occasions.get(sheet.occasion_id, sheet.occasion_id)),
            t=t,
        ),
    )


def _profile(sheet: Sheet, t: Words) -> pd.DataFrame:
    genes = sheet.frame("genes")
    table = query.gene_profile(
        sheet.frame("rating_counts"),
        sheet.story_id,
        query.genes_in_order(genes, default_only=sheet.default_only),
        provenance=sheet.provenance,
        occasion_id=sheet.occasion_id,
    )
    table.insert(1, "gene", table["gene_id"].map(labels.genes(genes, t)))
    return table


@lru_cache(maxsize=128)
def _spread(_place: gcs_data.Store, sheet: Sheet) -> Spread | None:
    t, rows = words(sheet.language), sheet.mine("replications")
    if rows.empty:
        return None
    marks = query.marks(rows)
    countries = sheet.frame("countries").set_index("country_iso3")
    countries = countries.assign(name=countries[f"name_{sheet.language}"])
    origin = sheet.facts()["lead_country_iso3"]
    led = isinstance(origin, str)
    sentence = world_sentence(
        marks,
        countries=countries,
        labels=labels.kinds(t),
        undated=int(rows["year"].isna().sum()),
        t=t,
    )
    wide, narrow = (
        map_svg(
            marks,
            countries=countries,
            labels=labels.kinds(t),
            title="",
            t=t,
            lines=origin_lines(marks, origin, countries) if led else None,
            notes=[] if led else [no_origin_sentence(t)],
            width=width,
            alt=sentence,
        )
        for width in (WIDE, NARROW)
    )
    return Spread(wide, narrow, sentence)
