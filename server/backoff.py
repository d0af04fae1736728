"""Wrong passwords: five at once, then a wait that doubles with each, up to ten minutes.

Counted for the name and for the address they come from. It is kept in this process's memory: a
restart forgets it, and replicas count each for itself.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

FREE = 5
FIRST, MOST = 5.0, 600.0  # Seconds.
FORGOTTEN = 3600.0  # Seconds after the last wrong one.
KEPT = 10_000  # Names and addresses; a flood pushes out the oldest.


class Backoff:
    """How long whoever tries must wait."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tries: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait(self, *keys: str) -> float:
        """Seconds until the next try counts; 0 if it does now."""
        return max(self._wait(key) for key in keys)

    def _wait(self, key: str) -> float:
        tries, last = self._known(key)
        if tries < FREE:
            return 0.0
        pause = min(FIRST * 2.0 ** min(tries - FREE, 20), MOST)
        return max(0.0, last + pause - self._clock())

    def count(self, *keys: str) -> None:
        """Count a try. Before it is checked, or many at the same moment would all be checked."""
        for key in keys:
            self._tries[key] = (self._known(key)[0] + 1, self._clock())
            self._tries.move_to_end(key)
        while len(self._tries) > KEPT:
            self._tries.popitem(last=False)

    def right(self, name: str, address: str) -> None:
        """The password was right: the name starts afresh, and the address has one try back.

        Not more, or somebody with an account could guess at the others for ever.
        """
        self._tries.pop(name, None)
        tries, last = self._known(address)
        self._tries[address] = (max(0, tries - 1), last)

    def _known(self, key: str) -> tuple[int, float]:
        tries, last = self._tries.get(key, (0, 0.0))
        return (tries, last) if self._clock() - last < FORGOTTEN else (0, 0.0)


def network(host: str) -> str:
    """What an address is counted as: an IPv6 network of a household or office, or itself."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and not address.ipv4_mapped:
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(getattr(address, "ipv4_mapped", None) or address)
