import math

import pandas as pd
import pytest

from figures.sentences import code_sentence, dna_sentence
from words import words

T = words()


def gene(name, n, mean=math.nan, low=math.nan, high=math.nan, agreement="agreed", sd=1.0):
    return {
        "gene": name, "n": n, "mean": mean, "low": low, "high": high,
        "agreement": agreement, "sd": sd,
    }  # fmt: skip


def sentence(*genes, illustrative=False):
    return dna_sentence(pd.DataFrame(genes), title="GLACY", illustrative=illustrative, t=T)


TRUST = gene("Trust", 1200, 4.25, 3.98, 4.52)


@pytest.mark.parametrize(
    ("genes", "said"),
    [
        (
            [gene("Funding", 30, 3.1, 2.9, 3.3), TRUST],
            "The strongest gene of “GLACY” is Trust, at 4.3 of 5 (4.0 to 4.5; n = 1,200).",
        ),
        (
            # Four people say 5: too few to be called the strongest.
            [gene("Funding", 4, 5.0), TRUST],
            "The strongest gene of “GLACY” is Trust, at 4.3 of 5 (4.0 to 4.5; n = 1,200).",
        ),
        (
            [
                TRUST,
                gene("Funding", 9, 3.0, 2.0, 4.0, "two_camps"),
                gene("Law", 9, 3.0, 2.0, 4.0, "two_camps"),
                gene("Press", 9, 3.0, 2.0, 4.0, "spread"),
                gene("Money", 0),
            ],
            "The strongest gene of “GLACY” is Trust, at 4.3 of 5 (4.0 to 4.5; n = 1,200); "
            "raters fall into two camps on Funding and Law; ratings are most spread on Press; "
            "not rated: Money.",
        ),
        (
            [gene("Trust", 4, 5.0), gene("Funding", 3, 1.0)],
            "Only 4 people have rated “GLACY”, too few to say which gene is strongest.",
        ),
        (
            [gene("Trust", 1, 5.0)],
            "Only 1 person has rated “GLACY”, too few to say which gene is strongest.",
        ),
        ([gene("Trust", 0)], "Nobody has rated the genes of “GLACY” yet."),
        ([gene("{t}", 5, 4.0, 3.0, 5.0)],
         "The strongest gene of “GLACY” is {t}, at 4.0 of 5 (3.0 to 5.0; n = 5)."),
    ],
)  # fmt: skip
def test_the_sentence_says_what_the_numbers_say(genes, said):
    assert sentence(*genes) == said


def test_at_most_three_genes_are_called_most_spread():
    genes = [gene(name, 9, 3.0, 2.0, 4.0, "spread", sd=sd) for sd, name in enumerate("abcde", 1)]

    assert "most spread on e, d and c." in sentence(*genes)


def test_made_up_ratings_are_one_sentence_that_says_so_from_its_first_word():
    said = sentence(TRUST, gene("Funding", 9, 3.0, 2.0, 4.0, "two_camps"), illustrative=True)

    assert said == (
        "In made-up example ratings, the strongest gene of “GLACY” is Trust, at 4.3 of 5 "
        "(4.0 to 4.5; n = 1,200); raters fall into two camps on Funding."
    )


@pytest.mark.parametrize(
    ("bands", "said"),
    [
        ([], "There are too few ratings for a DNA code."),
        ([["Trust"], ["Law", "Money"]], "From strongest to weakest: Trust; then Law and Money."),
        ([["Law", "Money", "Trust"]], "These genes cannot be told apart: Law, Money and Trust."),
    ],
)
def test_the_code_in_words_names_genes_that_cannot_be_told_apart_together(bands, said):
    assert code_sentence(bands, T) == said
