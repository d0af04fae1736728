import pickle

import numpy as np
import pytest

from words import LANGUAGES, words

EN, FR, ES = (words(language) for language in ("en", "fr", "es"))


@pytest.mark.parametrize(
    ("value", "decimals", "english", "french"),
    [
        (0, 0, "0", "0"),
        (1234567, 0, "1,234,567", "1\u202f234\u202f567"),
        (4.25, 1, "4.3", "4,3"),  # Halves up, as the browser's tables do…
        (4.35, 1, "4.3", "4,3"),  # …and this is a little less than a half.
        (2.5, 0, "3", "3"),
        (-0.25, 1, "-0.3", "-0,3"),
        (3, 1, "3.0", "3,0"),
        (np.int64(1000), 0, "1,000", "1\u202f000"),
        (np.float64(4.75), 1, "4.8", "4,8"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(value, decimals, english, french):
    assert EN.number(value, decimals) == english
    assert FR.number(value, decimals) == french


@pytest.mark.parametrize(
    ("items", "english", "french", "spanish"),
    [
        ([], "", "", ""),
        (["a"], "a", "a", "a"),
        (["a", "b"], "a and b", "a et b", "a y b"),
        (["a", "b", "c"], "a, b and c", "a, b et c", "a, b y c"),
    ],
)
def test_lists_are_joined_as_a_sentence_does(items, english, french, spanish):
    assert (EN.listed(items), FR.listed(items), ES.listed(items)) == (english, french, spanish)


@pytest.mark.parametrize(("n", "said"), [(0, "0 raters"), (1, "1 rater"), (2000, "2,000 raters")])
def test_a_plural_depends_on_its_number(n, said):
    assert EN.plural("{n} rater", "{n} raters", n) == said


def test_values_are_filled_in_after_translating_and_their_braces_are_not_fields():
    assert EN("{a} of {b}", a="{b}", b="x{0}") == "{b} of x{0}"
    assert EN("no fields {here}") == "no fields {here}"


def test_an_empty_message_is_empty_and_not_the_catalogues_header():
    assert [words(language)("") for language in LANGUAGES] == ["", "", ""]


def test_an_unknown_language_is_refused_not_guessed():
    with pytest.raises(KeyError):
        words("xx")


def test_words_survive_a_cache_as_the_same_language():
    assert pickle.loads(pickle.dumps(FR)) is FR
