"""What a page costs with ten thousand, one million and ten million ratings."""

from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import servers
from interaction import PAGES
from stores import published
from table import Row, at_most
from visitors import asked

DEARER = 1.1
ROUNDS = 5


def rows(core, visitors_core, short):
    """The rows of the table."""
    sizes = (10_000, 100_000) if short else (10_000, 1_000_000, 10_000_000)
    times = 10 if short else 40
    with TemporaryDirectory() as name, ExitStack() as stack:
        took, costs = {}, {size: [] for size in sizes}
        running = {}
        for n, size in enumerate(sizes):
            start = perf_counter()
            published(Path(name) / str(size), size)
            took[size] = perf_counter() - start
            folder = str(Path(name) / str(size))
            server = servers.ours(core, servers.FIRST_PORT + n, GCS_STORE=folder)
            running[size] = stack.enter_context(server)
            running[size].wait_until_compressed()
        for _ in range(ROUNDS):
            for size in sizes:
                seen = asked(running[size], [PAGES["story"]], visitors_core, times=times)
                costs[size].append(seen["cpu"])
    few, many = sizes[0], sizes[-1]
    pairs = zip(costs[many], costs[few], strict=True)
    said = ", ".join(f"{size:,}: {median(cost):.1f} ms" for size, cost in costs.items())
    wrote = ", ".join(f"{size:,}: {seconds:.0f} s" for size, seconds in took.items())
    return [
        at_most(
            f"Story with {many:,} ratings to {few:,}, processor",
            median(a / b for a, b in pairs),
            DEARER,
            detail=f"median of {ROUNDS} rounds; {said}",
        ),
        Row("publishing so many ratings, as 20 workshops", wrote),
    ]
