"""Garbage collection on a clock.

Streamlit would collect after every run of every page, which took about 90 % of the server's time
and stalled everybody else. What is there after the warm start stays for ever, so it is frozen: no
collection looks at it again.
"""

import asyncio
import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

NEVER = 1_000_000  # Collections of younger objects between two of all objects.


@asynccontextmanager
async def collected_every(seconds: float) -> AsyncIterator[None]:
    """Freeze what exists now, and collect the rest at intervals; 0 means never."""
    gc.collect()
    gc.freeze()
    if not seconds:
        yield
        return
    # The clock alone looks at everything: Python would do so every few seconds under load, and
    # each time nobody is answered for as long as a twentieth of a second.
    young, middle, old = gc.get_threshold()
    gc.set_threshold(young, middle, NEVER)
    clock = asyncio.create_task(_collect_every(seconds), name="collect")
    try:
        yield
    finally:
        clock.cancel()
        gc.set_threshold(young, middle, old)


async def _collect_every(seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        gc.collect()


def resident_bytes() -> int | None:
    """The memory that this process holds; None where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
