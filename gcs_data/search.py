"""Search over stories, as a visitor types: accents, case and small spelling errors do not matter.

The rule, the same everywhere. A text is words; every word must be found somewhere in the story. A
word is found where it is a word of the story, the beginning of one, or (from three letters on, or
in a script without spaces) part of one. Words of four letters or more may have one error, words of
eight or more two: a letter wrong, missing, too many, or two swapped. Where some story holds a word
as typed, or a word that begins like that, it is no error and only finds other spellings of itself,
with the same first three letters (defence, defense). A country's name is taken at its word: Iran is
not a misspelt Iraq. “cybersecurity” also finds “cyber security”.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA

from gcs_data.folding import folded
from gcs_data.query import items

# What is searched, and how much a word found there counts.
FIELDS = {"title": 10, "organisation": 6, "country": 6, "partner": 5, "topic": 5, "summary": 3}
# Fields are kept as bits: which they are, and what the best of them counts.
NAMES = [
    tuple(field for bit, field in enumerate(FIELDS) if bits >> bit & 1)
    for bits in range(1 << len(FIELDS))
]
WEIGHTS = np.array([max((FIELDS[field] for field in names), default=0) for names in NAMES])
# How well a word is found, by the way it is found.
EXACT, BEGINNING, SPLIT, PART, MISSPELT_BEGINNING = 1.0, 0.75, 0.6, 0.5, 0.2
MISSPELT = {1: 0.4, 2: 0.3}
LONGEST, MOST_WORDS = 200, 12  # Letters and words that are read of what was typed.
SHORTEST_PART = SAME_BEGINNING = 3
# Thai, Lao, Burmese, Khmer, Japanese and Chinese have no spaces between words.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff"
    "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


@dataclass(frozen=True)
class Hit:
    """One story found: how well, and in which of `FIELDS`."""

    story_id: str
    score: float
    where: tuple[str, ...] = ()


@dataclass(frozen=True)
class Index:
    """The words of all stories of a release in one language, and where each of them stands.

    The places of `words[i]` are `starts[i]` to `starts[i + 1]` of `stories` (a place in
    `story_ids`) and `fields` (one bit for each of `FIELDS`).
    """

    story_ids: tuple[str, ...]
    words: tuple[str, ...]  # Sorted.
    lengths: npt.NDArray[np.int64]
    all_words: str  # One to a line, in which a part is found ten times as fast.
    line_ends: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    stories: npt.NDArray[np.int64]
    fields: npt.NDArray[np.uint8]
    names: frozenset[str]  # Words of countries' names, which are never taken for a misspelling.


@dataclass(frozen=True)
class _Found:
    """How well each story matches a word, 0 where it does not, and in which fields (bits)."""

    scores: npt.NDArray[np.float64]
    fields: npt.NDArray[np.uint8]


def index(
    stories: pd.DataFrame,
    partners: pd.DataFrame,
    replications: pd.DataFrame,
    countries: pd.DataFrame,
    *,
    country_names: Mapping[str, str],
    topic_labels: Mapping[str, str],
) -> Index:
    """Read all stories once, so that searching is quick. Build one per release and language.

    Args:
        stories, partners, replications, countries: The datasets of those names. A story's place in
            `stories` is its place among others that are found equally well.
        country_names: What each country is called in the visitor's language, by ISO code. The
            codes themselves are found as well.
        topic_labels: What each topic is called; one without a label is found by its id.
    """
    place = {story_id: at for at, story_id in enumerate(stories["story_id"])}
    places: dict[str, dict[int, int]] = {}
    texts = _texts(stories, partners, replications, country_names, topic_labels)
    for bit, field in enumerate(FIELDS):
        for story_id, text in texts[field]:
            if story_id in place:
                at = place[story_id]
                for word in folded(text):
                    stands = places.setdefault(word, {})
                    stands[at] = stands.get(at, 0) | 1 << bit
    words = sorted(places)
    lengths = np.array([len(word) for word in words], dtype="int64")
    known = [country_names.get(code, "") for code in countries["country_iso3"]]
    return Index(
        story_ids=tuple(stories["story_id"]),
        words=tuple(words),
        lengths=lengths,
        all_words="\n".join(words),
        line_ends=np.cumsum(lengths + 1) - 1,
        starts=np.cumsum([0, *(len(places[word]) for word in words)]),
        stories=np.array([at for word in words for at in places[word]], dtype="int64"),
        fields=np.array([bits for word in words for bits in places[word].values()], dtype="uint8"),
        names=frozenset(word for name in known for word in folded(name)),
    )


def _texts(
    stories: pd.DataFrame,
    partners: pd.DataFrame,
    replications: pd.DataFrame,
    country_names: Mapping[str, str],
    topic_labels: Mapping[str, str],
) -> dict[str, list[tuple[str, object]]]:
    """The texts of each field, with the story they belong to; some are missing."""

    def pairs(frame: pd.DataFrame, column: str) -> list[tuple[str, object]]:
        return list(zip(frame["story_id"].tolist(), frame[column].tolist(), strict=True))

    reached = pairs(stories, "lead_country_iso3") + pairs(replications, "country_iso3")
    return {
        "title": pairs(stories, "title") + pairs(stories, "title_original"),
        "organisation": pairs(stories, "lead_organisation"),
        "country": [
            (story_id, f"{country_names.get(code, '')} {code}")
            for story_id, code in dict.fromkeys(reached)
            if isinstance(code, str)
        ],
        "partner": pairs(partners, "partner"),
        "topic": [
            (story_id, topic_labels.get(topic, topic))
            for story_id, topics in pairs(stories, "topics")
            for topic in items(topics)
        ],
        "summary": pairs(stories, "summary"),
    }


def search(index: Index, text: str) -> list[Hit]:
    """The stories in which every word of a text is found, the best first.

    Ties stay in the order of the stories that the index was made from. A text without a letter or
    digit asks for nothing in particular: every story, in that order, with score 0. Of a very long
    text, the first `LONGEST` characters and `MOST_WORDS` different words are read.
    """
    total = np.zeros(len(index.story_ids))
    fields = np.zeros(len(index.story_ids), dtype="uint8")
    everywhere = np.ones(len(index.story_ids), dtype=bool)
    for word in list(dict.fromkeys(folded(text[:LONGEST])))[:MOST_WORDS]:
        found = _found(index, word)
        everywhere &= found.scores > 0
        if not everywhere.any():
            return []
        total += found.scores
        fields |= found.fields
    scores = np.round(total, 6)  # So that ties are ties, whatever the order of adding up.
    best_first = np.argsort(-scores, kind="stable")
    return [
        Hit(index.story_ids[at], float(scores[at]), NAMES[fields[at]])
        for at in best_first[everywhere[best_first]]
    ]


def _found(index: Index, word: str) -> _Found:
    """Where a word is found, as typed, misspelt or as two words; the best way counts."""
    ways = dict(_as_typed(index, word))
    for at, quality in _misspelt(index, word):
        ways.setdefault(at, quality)
    if not ways:
        ways = dict.fromkeys(_misspelt_beginning(index, word), MISSPELT_BEGINNING)
    found = _stories(index, ways)
    for cut in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
        left, right = _at(index, word[:cut]), _at(index, word[cut:])
        if left is not None and right is not None:
            found = _better(found, _stories(index, {left: SPLIT}), _stories(index, {right: SPLIT}))
    return found


def _better(whole: _Found, left: _Found, right: _Found) -> _Found:
    """A word found as a whole or as two words, both of which the story must hold."""
    both = np.minimum(left.scores, right.scores)
    fields = np.where(both > 0, left.fields | right.fields, 0).astype("uint8")
    return _Found(np.maximum(whole.scores, both), whole.fields | fields)


def _stories(index: Index, ways: Mapping[int, float]) -> _Found:
    """The stories that hold any of some words, given how well each of them matches."""
    quality = np.zeros(len(index.words))
    quality[list(ways)] = list(ways.values())
    per_place = np.repeat(quality, np.diff(index.starts))
    hit = np.flatnonzero(per_place)
    at, bits = index.stories[hit], index.fields[hit]
    scores = np.zeros(len(index.story_ids))
    fields = np.zeros(len(index.story_ids), dtype="uint8")
    np.maximum.at(scores, at, per_place[hit] * WEIGHTS[bits])
    np.bitwise_or.at(fields, at, bits)
    return _Found(scores, fields)


def _at(index: Index, word: str) -> int | None:
    at = bisect_left(index.words, word)
    return at if at < len(index.words) and index.words[at] == word else None


def _starting(index: Index, word: str) -> range:
    # No word holds the last code point: it is none of letter, mark and digit.
    return range(bisect_left(index.words, word), bisect_left(index.words, word + chr(0x10FFFF)))


def _as_typed(index: Index, word: str) -> Iterator[tuple[int, float]]:
    if len(word) >= SHORTEST_PART or UNSPACED.search(word):
        place = index.all_words.find(word)
        while place >= 0:
            at = int(np.searchsorted(index.line_ends, place))
            yield at, PART
            place = index.all_words.find(word, int(index.line_ends[at]))
    for at in _starting(index, word):
        yield at, EXACT if len(index.words[at]) == len(word) else BEGINNING


def errors_allowed(word: str) -> int:
    """How many errors a word may have: none with a digit in it, a year is not another year."""
    if any(unicodedata.category(letter)[0] == "N" for letter in word):
        return 0
    return 2 if len(word) >= 8 else 1 if len(word) >= 4 else 0


def _near(index: Index, word: str, others: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Which other words are the word with errors in it, and with how many."""
    most = errors_allowed(word)
    if not most or word in index.names:
        return
    # “Optimal string alignment”: Levenshtein's distance, where swapped neighbours are one error.
    (distances,) = process.cdist(
        [word], others, scorer=OSA.distance, score_cutoff=most, dtype=np.uint8
    )
    for at in np.flatnonzero(distances <= most):
        if 0 < distances[at] <= errors_allowed(others[int(at)]):  # “for” is no misspelt “form”.
            yield int(at), int(distances[at])


def _misspelt(index: Index, word: str) -> Iterator[tuple[int, float]]:
    beginning = word[:SAME_BEGINNING] if _starting(index, word) else ""
    as_long = np.flatnonzero(np.abs(index.lengths - len(word)) <= errors_allowed(word))
    for near, errors in _near(index, word, [index.words[at] for at in as_long]):
        at = int(as_long[near])
        if index.words[at].startswith(beginning):
            yield at, MISSPELT[errors]


def _misspelt_beginning(index: Index, word: str) -> Iterator[int]:
    """Words whose beginning is the word with an error: somebody is still typing it.

    The first letter must be right. Whoever goes on typing finds the word without that, and
    looking at all beginnings of all words would take ten times as long.
    """
    most = errors_allowed(word)
    lengths = range(len(word) - most, len(word) + most + 1)
    same_letter = [index.words[at] for at in _starting(index, word[:1])]
    beginnings = sorted({known[:length] for known in same_letter for length in lengths})
    for near, _ in _near(index, word, beginnings):
        yield from _starting(index, beginnings[near])
