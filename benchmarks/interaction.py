"""What an interaction costs: ours on each page, beside its floor and its peers.

The floor is an empty page on our server settings; the peers are the Story view in plain Streamlit,
on stock settings and with the collection off, and less than that view in Dash. One visitor alone,
40 at once, and 200 who each act every five seconds.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

import pandas as pd
import servers
from servers import ROOT
from table import Row, at_least, at_most
from visitors import asked

PAGES = {
    "overview": {"page": ""},
    "stories": {"page": "stories", "widget": "address q"},
    "story": {"page": "story", "query": "story=glacy", "widget": "address story"},
    "compare": {
        "page": "compare",
        "query": "story=glacy&story=budapest-convention",
        "widget": "address story",
    },
    "genome": {"page": "genome", "widget": "address sort"},
    "map": {"page": "map", "widget": "address year"},
    "country": {"page": "country", "query": "country=KEN", "widget": "address country"},
    "plan": {"page": "plan", "query": "country=KEN", "widget": "address country"},
    "norms": {"page": "norms", "widget": "address place"},
    "partners": {"page": "partners", "widget": "address q"},
    "methods": {"page": "methods", "widget": "address dataset"},
}
ONE_LIST = {"page": "", "widget": "address story"}
EVERY = 5.0  # Seconds between two acts of a visitor.


@dataclass(frozen=True)
class Size:
    """How much is measured: acts, pairs of turns, visitors at once, visitors over time, seconds."""

    times: int
    pairs: int
    at_once: int
    many: int
    seconds: float


FULL, SHORT = Size(30, 5, 40, 200, 30.0), Size(4, 2, 5, 20, 5.0)
HEAVIEST_AT_MOST, CHEAPER_THAN_STOCK, DEARER_THAN_OFF, SLOWEST = 3.0, 8.0, 1.0, 500.0


def rows(core, visitors_core, short):
    """The rows of the table."""
    size = SHORT if short else FULL
    times = size.times
    stories = _in_our_order()
    with ExitStack() as stack:
        mine, empty, plain, off, dash = (
            stack.enter_context(each)
            for each in (
                servers.ours(core),
                servers.empty(core),
                servers.plain(core),
                servers.plain_without_collection(core),
                servers.dash(core, stories[:5]),
            )
        )
        pages = {name: _alone(mine, [page], visitors_core, times) for name, page in PAGES.items()}
        table = [Row(f"our page {name}: one visitor", _said(seen)) for name, seen in pages.items()]
        heaviest = max(pages, key=lambda name: pages[name]["cpu"])
        table.append(_against_the_floor(mine, empty, heaviest, visitors_core, size))
        peers = [(plain, [ONE_LIST]), (off, [ONE_LIST]), (dash, [{}])]
        alone = {s.name: _alone(s, page, visitors_core, times) for s, page in peers}
        table += [Row(f"{name}: one visitor", _said(seen)) for name, seen in alone.items()]
        table += _against_the_peers(pages["story"], alone)
        for server, page in ((mine, [PAGES["story"]]), (empty, [ONE_LIST]), *peers):
            seen = asked(server, page, visitors_core, visitors=size.at_once, times=3)
            table.append(Row(f"{server.name}: {size.at_once} at once", _said(seen)))
        table += _many(mine, empty, visitors_core, size)
        table += _many_of_peers(peers, visitors_core, size)
    return table


def _in_our_order():
    """The ids of the stories as our page lists them, so that all visitors choose the same ones."""
    stories = pd.read_parquet(ROOT / "data" / "stories.parquet").set_index("story_id")
    order = pd.DataFrame({"other": ~stories["official"], "title": stories["title"].str.casefold()})
    return order.sort_values(["other", "title"]).index.tolist()


def _alone(server, pages, core, times):
    return asked(server, pages, core, times=times)


def _said(seen):
    return f"{seen['cpu']:.1f} ms of processor, p50 {seen['p50']:.0f} ms, p95 {seen['p95']:.0f} ms"


def _against_the_floor(mine, empty, heaviest, core, size):
    """The heaviest page beside the empty one, turn by turn."""
    pairs = [
        (
            asked(mine, [PAGES[heaviest]], core, times=size.times)["cpu"],
            # Short runs: as many as give the clock of the processor something to count.
            asked(empty, [ONE_LIST], core, times=10 * size.times)["cpu"],
        )
        for _ in range(size.pairs)
    ]
    floors = sorted(floor for _, floor in pairs)
    return at_most(
        f"heaviest page ({heaviest}) to the empty page, processor",
        median(page / floor for page, floor in pairs),
        HEAVIEST_AT_MOST,
        detail=f"median of {size.pairs} pairs; the empty page took {floors[0]:.2f} to "
        f"{floors[-1]:.2f} ms",
    )


def _against_the_peers(story, alone):
    stock = alone["plain Streamlit, stock"]["cpu"]
    off = alone["plain, collection off"]["cpu"]
    return [
        at_least("our Story, times cheaper than stock", stock / story["cpu"], CHEAPER_THAN_STOCK),
        at_most("our Story to plain with collection off", story["cpu"] / off, DEARER_THAN_OFF),
        Row("our Story to Dash with less on it", f"{story['cpu'] / alone['Dash']['cpu']:.2f}"),
    ]


def _many(mine, empty, core, size):
    """Visitors who think between their acts."""
    pace = {"visitors": size.many, "every": EVERY, "seconds": size.seconds}
    seen = asked(mine, list(PAGES.values()), core, **pace)
    least = asked(empty, [ONE_LIST], core, **pace)
    detail = f"{_said(seen)}, core {seen['busy'] / seen['seconds']:.0%} busy"
    who = f"{size.many} visitors, one act in {EVERY:g} s"
    return [
        at_most(f"{who}, on all our pages: p95", seen["p95"], SLOWEST, "ms", detail),
        Row(f"{who}, on the empty page", _said(least)),
    ]


def _many_of_peers(peers, core, size):
    """As many visitors of the peers, each once: they take longer over it than five seconds."""
    once = {"visitors": size.many, "every": EVERY, "seconds": EVERY}
    table = []
    for server, pages in peers:
        try:
            said = _said(asked(server, pages, core, **once))
        except RuntimeError:  # No answer to a ping in twenty seconds: the connection is given up.
            said = "it lost their connections"
        table.append(Row(f"{size.many} visitors, one act in {EVERY:g} s, {server.name}", said))
    return table
