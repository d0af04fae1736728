"""What an interaction costs: ours on each page, beside its floor and its peers.

The floor is an empty page on our server settings; the peers are the Story view in plain Streamlit,
on stock settings and with the collection off, and less than that view in Dash. One visitor alone,
40 at once, and 200 who each act every five seconds. What is compared takes turns, several times,
and the median counts: the machine's host may have other guests, who take more of it at one time.
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
    """How much is measured: acts, pairs, visitors at once and over time, how long, rounds."""

    times: int
    pairs: int
    at_once: int
    many: int
    seconds: float
    rounds: int


FULL, SHORT = Size(30, 5, 40, 200, 20.0, 3), Size(4, 2, 5, 20, 5.0, 1)
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
        mine.wait_until_compressed()
        pages = {name: _alone(mine, [page], visitors_core, times) for name, page in PAGES.items()}
        table = [Row(f"our page {name}: one visitor", _said(seen)) for name, seen in pages.items()]
        heaviest = max(pages, key=lambda name: pages[name]["cpu"])
        table.append(_against_the_floor(mine, empty, heaviest, visitors_core, size))
        peers = [(plain, [ONE_LIST]), (off, [ONE_LIST]), (dash, [{}])]
        table += _against_the_peers(mine, peers, visitors_core, size)
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
    return (
        f"{seen['cpu']:.1f} ms of processor, p50 {seen['p50']:.0f} ms, p95 {seen['p95']:.0f} ms, "
        f"{seen['bytes'] / 1000:.1f} kB"
    )


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


def _against_the_peers(mine, peers, core, size):
    """Our Story beside theirs, turn by turn."""
    fewer = -(-size.times // 3)  # They take longer.
    turns = [
        [asked(mine, [PAGES["story"]], core, times=size.times)]
        + [asked(server, page, core, times=fewer) for server, page in peers]
        for _ in range(size.pairs)
    ]
    story, *others = zip(*turns, strict=True)
    table = [
        Row(f"{server.name}: one visitor", _said(_middle(seen, "cpu")))
        for (server, _), seen in zip(peers, others, strict=True)
    ]
    # How often our Story's processor time goes into theirs.
    stock, off, dash = (
        median(their["cpu"] / our["cpu"] for their, our in zip(seen, story, strict=True))
        for seen in others
    )
    taken = sorted(seen["cpu"] for seen in story)
    detail = f"median of {size.pairs} rounds; Story took {taken[0]:.1f} to {taken[-1]:.1f} ms"
    cheaper = "our Story, times cheaper than stock"
    return [
        *table,
        at_least(cheaper, stock, CHEAPER_THAN_STOCK, detail=detail),
        at_most("our Story to plain with collection off", 1 / off, DEARER_THAN_OFF),
        Row("our Story to Dash with less on it", f"{1 / dash:.2f}"),
    ]


def _middle(seen, by):
    """The one in the middle by one of its figures: all that it says belongs together."""
    return sorted(seen, key=lambda each: each[by])[len(seen) // 2]


def _many(mine, empty, core, size):
    """Visitors who think between their acts."""
    pace = {"visitors": size.many, "every": EVERY, "seconds": size.seconds}
    turns = [
        (asked(mine, list(PAGES.values()), core, **pace), asked(empty, [ONE_LIST], core, **pace))
        for _ in range(size.rounds)
    ]
    seen, least = (_middle(each, "p95") for each in zip(*turns, strict=True))
    rounds = ", ".join(f"{ours['p95']:,.0f} ms ({ours['host']:.0%})" for ours, _ in turns)
    detail = (
        f"{_said(seen)}, core {seen['busy'] / seen['seconds']:.0%} busy; median of {size.rounds} "
        f"rounds: {rounds}; in brackets what the machine's host took for others"
    )
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
        except RuntimeError:  # The server asked and heard nothing in time, or closed them.
            said = "it lost their connections"
        table.append(Row(f"{size.many} visitors, one act in {EVERY:g} s, {server.name}", said))
    return table
