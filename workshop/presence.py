"""Which phones a server process hears from, by run: those that asked within fifteen seconds."""

import time
from collections import OrderedDict
from collections.abc import Callable

LASTS = 15.0  # Seconds; a phone asks every three to seven.


class Presence:
    """Devices by run, the one that asked last at the end. For the event loop's thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[int, OrderedDict[str, float]] = {}

    def heard(self, run_id: int, device: str) -> bool:
        """Note that a device asked; says whether it had not for a while."""
        devices = self._seen.setdefault(run_id, OrderedDict())
        is_new = device not in devices
        devices[device] = self._clock()
        devices.move_to_end(device)
        return is_new

    def connected(self) -> dict[int, int]:
        """How many devices there are by run; runs without any are missing."""
        since = self._clock() - LASTS
        for run_id, devices in list(self._seen.items()):
            while devices and next(iter(devices.values())) < since:
                devices.popitem(last=False)
            if not devices:
                del self._seen[run_id]
        return {run_id: len(devices) for run_id, devices in self._seen.items()}
