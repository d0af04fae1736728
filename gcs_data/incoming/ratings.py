"""What is special about a sheet of ratings: names become pseudonyms, scores one scale."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gcs_data import scales
from gcs_data.checks import Broken
from gcs_data.incoming.notes import Note
from gcs_data.incoming.verdicts import Verdict
from gcs_data.pseudonym import is_pseudonym

Pseudonyms = Callable[[Iterable[str]], Mapping[str, str]]
# What was meant to be a pseudonym: no name looks like that.
LIKE_A_PSEUDONYM = re.compile(r"(?i)r[-‐‑–—_][0-9A-Z]{12,28}")


def rater(text: str, near: bool) -> Verdict:
    """A pseudonym that is right, or one that is not; a name is taken as it is."""
    if is_pseudonym(text) or not LIKE_A_PSEUDONYM.fullmatch(text):
        return Verdict(text)
    like = "r-" + text[2:].upper()
    return Verdict(rule="bad_pseudonym", suggestions=(like,) if is_pseudonym(like) else ())


def with_pseudonyms(raters: pd.Series, pseudonyms: Pseudonyms) -> tuple[pd.Series, int]:
    """Raters, as `rater` took them, by pseudonym only; and how many different names there were."""
    codes, different = pd.factorize(raters)
    # What looks like a pseudonym is one: a wrong one was not taken.
    names = [name for name in different.tolist() if not LIKE_A_PSEUDONYM.fullmatch(name)]
    given = pseudonyms(names) if names else {}
    values = np.array([given.get(name, name) for name in [*different.tolist(), None]], dtype=object)
    return pd.Series(values[codes], index=raters.index, dtype="str"), len(names)


@dataclass(frozen=True)
class Scores:
    """The three columns that say what somebody answered, and what is wrong with them.

    `undeclared` are the rows with a score and no scale: neither the row nor the uploader names one.
    """

    score: pd.Series
    score_as_given: pd.Series
    scale: pd.Series
    undeclared: np.ndarray
    broken: list[Broken]
    notes: list[Note]


def scores(
    given: pd.Series, as_given: pd.Series, scale: pd.Series, declared: str, unread: np.ndarray
) -> Scores:
    """Bring scores to the scale from 1 to 5.

    Args:
        given: The column score (float64).
        as_given: The column score_as_given (float64). A row that has one was converted before, as
            in a file that we exported: its score is looked at, not converted again.
        scale: The column scale; where it is missing, `declared` counts, if that is not empty.
        declared: The scale that the uploader declared.
        unread: Rows of which nothing can be said, because their scale was refused.
    """
    scale = scale.where(scale.notna() | unread, declared or None)
    given, as_given = given.mask(unread), as_given.mask(unread)
    undeclared = (given.notna() | as_given.notna()) & scale.isna()
    before = as_given.notna() & scale.notna()
    fresh = given.notna() & as_given.isna() & scale.notna()
    whole = given == np.floor(given)
    off = fresh & ~scales.on_scale(given, scale)
    # On our own scale, 3.5 is no outlier but half an answer.
    half = (off & (scale == scales.OURS) & ~whole) | (before & given.notna() & ~whole)
    foreign = fresh & ~off & (scale != scales.OURS)
    score = given.where(before & whole).where(~fresh, scales.converted(given, scale).astype(float))
    score = score.where(~(before & given.isna()), scales.converted(as_given, scale).astype(float))

    def say(row: int) -> tuple[object, dict[str, object], tuple[str, ...]]:
        return f"{given.iloc[row]:g}", {"scale": scale.iloc[row]}, ()

    broken = [
        Broken("score", "not_whole", np.flatnonzero(half), say),
        Broken("score", "off_scale", np.flatnonzero(off & ~half), say),
    ]
    return Scores(
        score=score.astype("Int64"),
        score_as_given=as_given.where(~foreign, given),
        scale=scale,
        undeclared=undeclared.to_numpy(),
        broken=broken,
        notes=_notes(scale[foreign]),
    )


def _notes(scale: pd.Series) -> list[Note]:
    """How many scores were converted from each scale, and by which rule."""
    notes = []
    for name, count in scale.value_counts(sort=False).items():
        low, high = scales.SCALES[str(name)]
        notes.append(Note("scores_converted", {"scale": str(name), "count": int(count)}))
        notes.append(Note("scale_rule", {"low": low, "high": high, "width": high - low}))
    return notes
