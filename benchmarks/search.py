"""How long a search takes: `python benchmarks/search.py`.

2,000 stories of 60 words from 20,000 different ones, 5,000 partners and 25,000 replications: more
words than real stories have, so slower than real ones. The time is the processor's, per search,
so that what else the machine does counts little; the median and the slowest of 15 are printed.
"""

import random
import sys
from pathlib import Path
from time import process_time

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from gcs_data.facets import facet_values, facets, selected
from gcs_data.schema import KINDS
from gcs_data.search import index, search

STORIES, PARTNERS, REPLICATIONS = 2_000, 5_000, 25_000
ASKED = ("", "c", "cyber", "natonal security indx", "estnia", "zxqwvutr", "a b c d e f g h i j k l")
DATA = Path(__file__).resolve().parent.parent / "data"

chance = random.Random(1)
real, countries = (pd.read_parquet(DATA / f"{name}.parquet") for name in ("stories", "countries"))
words = sorted({word for summary in real["summary"] for word in summary.split()}) * 6
words += [
    "".join(chance.choice("bcdfglmnprstv") + chance.choice("aeiou") for _ in range(syllables))
    for syllables in (chance.randint(2, 6) for _ in range(20_000))
]


def text(length):
    """Some words, drawn by chance."""
    return " ".join(chance.choices(words, k=length))


ids = [f"story-{place}" for place in range(STORIES)]
stories = pd.concat([real] * (STORIES // len(real) + 1), ignore_index=True).iloc[:STORIES]
stories = stories.assign(
    story_id=ids,
    title=[f"{title} {text(3)}" for title in stories["title"]],
    summary=[text(60) for _ in ids],
    lead_organisation=[text(5) for _ in ids],
)
partners = pd.DataFrame(
    {
        "story_id": chance.choices(ids, k=PARTNERS),
        "partner": [text(4) for _ in range(PARTNERS)],
    }
)
replications = pd.DataFrame(
    {
        "story_id": chance.choices(ids, k=REPLICATIONS),
        "country_iso3": chance.choices(countries["country_iso3"].tolist(), k=REPLICATIONS),
        "kind": chance.choices(KINDS, k=REPLICATIONS),
    }
)
names = dict(zip(countries["country_iso3"], countries["name_en"], strict=True))


def timed(what, work, times=15):
    """Print how long some work takes, and return what it makes."""
    taken = []
    for _ in range(times):
        start = process_time()
        result = work()
        taken.append(1000 * (process_time() - start))
    taken.sort()
    print(f"{what:32} median {taken[times // 2]:7.1f} ms   slowest {taken[-1]:7.1f} ms")
    return result


built = timed(
    "build the index",
    lambda: index(stories, partners, replications, countries, country_names=names, topic_labels={}),
    times=3,
)
for asked in ASKED:
    timed(f"search “{asked}”", lambda asked=asked: search(built, asked))
values = timed("values of all facets", lambda: facet_values(stories, replications, countries), 5)
chosen = {"topic": ["norms"], "kind": ["adopted"]}
timed("narrow the list", lambda: selected(values, ids, chosen))
timed("count all facets", lambda: facets(values, ids, chosen))
