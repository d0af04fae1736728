"""What a text may mean in a column whose values are known: taken if certain, else suggested."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from gcs_data.folding import folded
from gcs_data.incoming.synonyms import FLAGS, VALUES

FURTHEST = 2  # Letters by which a suggestion may differ.
MOST_SUGGESTED = 3


@dataclass(frozen=True)
class Meaning:
    """Either the value that a text certainly means, or what it may mean, best first.

    `several` says that the text is a name, but of more than one thing.
    """

    value: str = ""
    candidates: tuple[str, ...] = ()
    several: bool = False


Resolver = Callable[[str], Meaning]
NOTHING = Meaning()


def plain(text: str) -> str:
    """A text without case, accents and punctuation; words stay apart, as 1-5 is not 15."""
    return " ".join(folded(text))


class Names:
    """Values by what they are called, ids first: an exact id beats a name, a name a near miss."""

    def __init__(self, values: Iterable[str], names: Iterable[tuple[str, str]] = ()) -> None:
        self.values = frozenset(values)
        self._called: dict[str, dict[str, None]] = {}  # A set in the order of what was given.
        for name, value in [*((value, value) for value in self.values), *names]:
            if words := plain(name):
                self._called.setdefault(words, {})[value] = None

    def meaning(self, text: str, near: bool = True) -> Meaning:
        """What a text means; without `near`, only what is certain is looked for."""
        if text in self.values:
            return Meaning(text)
        called = tuple(self._called.get(plain(text), ()))
        if len(called) == 1:
            return Meaning(called[0])
        if called:
            return Meaning(candidates=tuple(sorted(called)), several=True)
        return Meaning(candidates=nearest(plain(text), self._called)) if near else NOTHING


def nearest(words: str, names: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """The values of the names at an edit distance of at most 2, nearest first."""
    near = process.extract(
        words, names.keys(), scorer=OSA.distance, score_cutoff=FURTHEST, limit=20
    )
    found: dict[str, None] = {}
    for name, distance, _ in near:
        # Of a short word, two letters may be half of it; of a code, another order is a slip.
        short = min(len(words), len(name))
        if 2 * distance < short and (short > 3 or sorted(words) == sorted(name)):
            found |= dict.fromkeys(names[name])
    return tuple(found)[:MOST_SUGGESTED]


@cache
def choice(allowed: tuple[str, ...]) -> Names:
    """The resolver of a column that allows these values only."""
    return Names(allowed, ((name, v) for v in allowed for name in VALUES.get(v, ())))


@cache
def flag() -> Names:
    """The resolver of yes and no."""
    return Names(FLAGS, ((name, value) for value, names in FLAGS.items() for name in names))
