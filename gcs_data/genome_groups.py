"""Groups of stories that are alike, from facts and from real ratings; made-up ratings never count.

The rule, shown on the page. Two stories are apart by Gower's distance (J. C. Gower, “A general
coefficient of similarity and some of its properties”, Biometrics 27, 1971): the weighted mean, over
the facts that both have on record, of 1 - the share of values in common. Weights are those of
similar stories: topics 2, kind of lead 1, region of the lead ½; kinds of spread 1 and kinds of
partners 1; genes 2 where both have ratings of the same kind by five people or more. Stories join by
average linkage, which knows no chance. Of two to ten groups the number is taken whose mean
silhouette (P. J. Rousseeuw, J. Comput. Appl. Math. 20, 1987) is largest, the smaller on a tie.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from gcs_data.query import items
from gcs_data.query import rows as rows_of
from gcs_data.schema import RATING_MAX, RATING_MIN
from gcs_data.statistics import FEWEST_FOR_INTERVAL

Floats = npt.NDArray[np.float64]
Facts = Mapping[str, Sequence[frozenset[str]]]

WEIGHTS = {"topic": 2.0, "lead_type": 1.0, "region": 0.5, "kind": 1.0, "partner_type": 1.0}
GENE_WEIGHT = 2.0
FEWEST_STORIES, MOST_GROUPS = 4, 10
# L. Kaufman and P. J. Rousseeuw, Finding Groups in Data (1990), table 4 of chapter 2.
UNCERTAIN, WEAK, REASONABLE = 0.25, 0.5, 0.7
SHUFFLES, SEED, MOST_SHUFFLED = 19, 20260514, 300
SHARED_BY = 0.5  # What holds a group together is shared by half of it or more…
MORE_OFTEN = 0.2  # …and is by 20 points more frequent than elsewhere.


@dataclass(frozen=True)
class Groups:
    """The groups of some stories, and how far they can be trusted.

    Attributes:
        of_story: The number of each story's group, from 1, the largest group first.
        silhouettes: The mean silhouette (-1 to 1) of each number of groups that was tried.
        shuffled: The best that as many groups of the same facts gave when these were dealt out
            anew by chance, 19 times; NaN where there are too many stories to try.
        standing: "uncertain", "weak", "reasonable" or "strong"; "too_few" without any groups.
    """

    of_story: dict[str, int]
    silhouettes: dict[int, float]
    shuffled: float
    standing: str

    @property
    def number(self) -> int:
        """How many groups there are."""
        return max(self.of_story.values(), default=0)


def story_facts(
    stories: pd.DataFrame,
    replications: pd.DataFrame,
    partners: pd.DataFrame,
    countries: pd.DataFrame,
) -> dict[str, list[frozenset[str]]]:
    """What is on record of each story in each of `WEIGHTS`; an empty set is "not on record"."""
    ids = stories["story_id"].tolist()
    placed = countries.dropna(subset="region")
    region = dict(zip(placed["country_iso3"], placed["region"], strict=True))
    kinds = replications.groupby("story_id")["kind"].agg(frozenset).to_dict()
    types = partners.dropna(subset="partner_type")
    partner_types = types.groupby("story_id")["partner_type"].agg(frozenset).to_dict()
    leads = [region.get(code) for code in stories["lead_country_iso3"].tolist()]
    return {
        "topic": [frozenset(items(text)) for text in stories["topics"].tolist()],
        "lead_type": [_one(value) for value in stories["lead_type"].tolist()],
        "region": [_one(value) for value in leads],
        "kind": [kinds.get(story, frozenset()) for story in ids],
        "partner_type": [partner_types.get(story, frozenset()) for story in ids],
    }


def _one(value: object) -> frozenset[str]:
    return frozenset([value]) if isinstance(value, str) else frozenset()


def distances(facts: Facts, cells: pd.DataFrame, story_ids: Sequence[str]) -> Floats:
    """How far apart every two stories are, 0 to 1; 1 where nothing of both is on record.

    Args:
        facts: As `story_facts` returns them.
        cells: As `genome.genome` returns them; made-up ratings in it are not looked at.
        story_ids: The stories, in the order of `facts`.
    """
    n = len(story_ids)
    apart, weight = np.zeros((n, n)), np.zeros((n, n))
    for name, factor in WEIGHTS.items():
        known, shared = _shared(facts[name])
        apart += factor * np.where(known, 1 - shared, 0)
        weight += factor * known
    known, mean = _genes_apart(cells, story_ids)
    apart += GENE_WEIGHT * np.where(known, mean, 0)
    weight += GENE_WEIGHT * known
    found = np.divide(apart, weight, out=np.ones((n, n)), where=weight > 0)
    np.fill_diagonal(found, 0)
    return found


def _shared(sets: Sequence[frozenset[str]]) -> tuple[npt.NDArray[np.bool_], Floats]:
    """Of every two sets: whether both have values, and the share of their values in common."""
    place = {value: at for at, value in enumerate(sorted(frozenset().union(*sets)))}
    has = np.zeros((len(sets), len(place)))
    for row, values in enumerate(sets):
        has[row, [place[value] for value in values]] = 1
    both = has @ has.T
    size = has.sum(axis=1)
    either = size[:, None] + size[None, :] - both
    shared = np.divide(both, either, out=np.zeros_like(both), where=either > 0)
    return (size[:, None] > 0) & (size[None, :] > 0), shared


def _genes_apart(
    cells: pd.DataFrame, story_ids: Sequence[str]
) -> tuple[npt.NDArray[np.bool_], Floats]:
    """Of every two stories: whether their ratings can be compared, and how far they are apart."""
    n = len(story_ids)
    apart, genes = np.zeros((n, n)), np.zeros((n, n))
    real = cells[(cells["provenance"] != "illustrative") & (cells["n"] >= FEWEST_FOR_INTERVAL)]
    for _, of_kind in real.groupby("provenance"):
        means = of_kind.pivot(index="story_id", columns="gene_id", values="mean")
        for column in means.reindex(list(story_ids)).to_numpy(dtype="float64").T:
            both = np.isfinite(column)[:, None] & np.isfinite(column)[None, :]
            far = np.abs(column[:, None] - column[None, :]) / (RATING_MAX - RATING_MIN)
            apart += np.where(both, far, 0)
            genes += both
    return genes > 0, np.divide(apart, genes, out=np.zeros((n, n)), where=genes > 0)


def silhouette(apart: Floats, labels: npt.NDArray[np.int64]) -> float:
    """The mean silhouette of a grouping; a story alone in its group counts 0.

    Args:
        apart: Distances of every two stories.
        labels: The group of each, from 0.
    """
    member = np.eye(int(labels.max()) + 1)[labels]
    sizes, rows = member.sum(axis=0), np.arange(len(labels))
    total = apart @ member
    own = total[rows, labels] / np.maximum(sizes[labels] - 1, 1)
    mean = total / sizes
    mean[rows, labels] = np.inf
    other = mean.min(axis=1)
    widest = np.maximum(own, other)
    score = np.divide(other - own, widest, out=np.zeros_like(own), where=widest > 0)
    return float(np.where(sizes[labels] > 1, score, 0).mean())


def _tried(apart: Floats) -> dict[int, tuple[float, npt.NDArray[np.int64]]]:
    """Every number of groups that there can be, with its silhouette and the groups."""
    tree = linkage(squareform(apart, checks=False), "average")
    found = {}
    for number in range(2, min(MOST_GROUPS, len(apart) - 1) + 1):
        labels = np.asarray(fcluster(tree, number, "maxclust"), dtype="int64") - 1
        if labels.max() == number - 1:  # Ties can leave fewer groups than asked for.
            found[number] = silhouette(apart, labels), labels
    return found


def groups(facts: Facts, cells: pd.DataFrame, story_ids: Sequence[str]) -> Groups:
    """Find groups of stories that are alike; arguments as for `distances`."""
    if len(story_ids) < FEWEST_STORIES:
        return Groups({}, {}, float("nan"), "too_few")
    tried = _tried(distances(facts, cells, story_ids))
    if not tried:
        return Groups({}, {}, float("nan"), "too_few")
    best = max(tried, key=lambda number: (round(tried[number][0], 9), -number))
    value, labels = tried[best]
    shuffled = _shuffled(facts, cells, story_ids, best)
    largest = np.argsort(-np.bincount(labels), kind="stable")
    number = {int(label): place for place, label in enumerate(largest, 1)}
    of_story = {story: number[int(label)] for story, label in zip(story_ids, labels, strict=True)}
    silhouettes = {tried_number: score for tried_number, (score, _) in tried.items()}
    return Groups(of_story, silhouettes, shuffled, standing(value, shuffled))


def _shuffled(facts: Facts, cells: pd.DataFrame, story_ids: Sequence[str], number: int) -> float:
    """The best silhouette of so many groups when each kind of fact is dealt out anew.

    Only groups of facts that go together are lost in a deal: that is what is tried.
    """
    if len(story_ids) > MOST_SHUFFLED:
        return float("nan")
    chance, best = np.random.default_rng(SEED), []
    for _ in range(SHUFFLES):
        dealt = {
            name: [sets[place] for place in chance.permutation(len(sets))]
            for name, sets in facts.items()
        }
        tried = _tried(distances(dealt, cells, list(chance.permutation(list(story_ids)))))
        best.append(tried[number][0] if number in tried else -1.0)
    return max(best)


def standing(silhouette: float, shuffled: float) -> str:
    """How far groups can be trusted, by the bands of Kaufman and Rousseeuw.

    No better than the best of 19 deals by chance is "uncertain" whatever the band: one in twenty
    such would be better by luck.
    """
    if silhouette < UNCERTAIN or silhouette <= shuffled:
        return "uncertain"
    if silhouette < WEAK:
        return "weak"
    return "reasonable" if silhouette < REASONABLE else "strong"


def traits(facts: Facts, story_ids: Sequence[str], found: Groups) -> pd.DataFrame:
    """How frequent each fact is in each group, and which facts hold a group together.

    Returns:
        One row per group, kind of fact and value that any story of the group has: group, fact,
        value, n (stories with it), known (stories of the group with this kind of fact on record),
        share (n of known), elsewhere (the share in the other groups, NaN if unknown) and holds:
        shared by half or more, and 20 points more frequent than elsewhere. Per group, the most
        telling first.
    """
    rows = []
    for fact, sets in facts.items():
        of_group = pd.Series([found.of_story[story] for story in story_ids])
        known = pd.Series([bool(values) for values in sets])
        everybody = of_group[known].value_counts()
        exploded = pd.DataFrame({"group": of_group, "value": [sorted(v) for v in sets]})
        counted = exploded.explode("value").dropna().value_counts(["value", "group"])
        totals = counted.groupby(level="value").sum()
        for row in rows_of(counted.rename("n").reset_index()):
            here = int(everybody[row.group])
            others = int(everybody.sum()) - here
            elsewhere = (int(totals[row.value]) - row.n) / others if others else float("nan")
            rows.append((row.group, fact, row.value, row.n, here, row.n / here, elsewhere))
    columns = ["group", "fact", "value", "n", "known", "share", "elsewhere"]
    table = pd.DataFrame(rows, columns=columns)
    more = (table["share"] - table["elsewhere"]).astype("float64")
    table["holds"] = (table["share"] >= SHARED_BY) & (more >= MORE_OFTEN) & (table["n"] > 1)
    ordered = table.assign(more=more).sort_values(
        ["group", "holds", "more", "fact", "value"], ascending=[True, False, False, True, True]
    )
    return ordered.drop(columns="more").reset_index(drop=True)
