"""How often somebody may ask: a bucket that fills with time and that each request empties a bit."""

import time
from collections.abc import Callable, Hashable


class Buckets:
    """A bucket for each key.

    Args:
        rate: Requests a second, in the long run.
        burst: Requests at once, after a pause.
        most: Buckets in memory. Full ones are forgotten first, which nobody can notice.
        clock: Seconds.
    """

    def __init__(
        self,
        rate: float,
        burst: float,
        *,
        most: int = 50_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.rate, self.burst, self.most, self._clock = rate, burst, most, clock
        self._left: dict[Hashable, tuple[float, float]] = {}

    def take(self, key: Hashable) -> bool:
        """Whether one more is allowed; then it is counted."""
        now = self._clock()
        left, then = self._left.get(key, (self.burst, now))
        left = min(self.burst, left + (now - then) * self.rate)
        if left < 1:
            return False
        if len(self._left) >= self.most and key not in self._left:
            self._forget(now)
        self._left[key] = (left - 1, now)
        return True

    def _forget(self, now: float) -> None:
        full = self.burst / self.rate
        kept = {key: value for key, value in self._left.items() if now - value[1] < full}
        # Whoever fills the memory with keys must not make us look through it every time.
        self._left = kept if len(kept) <= self.most / 2 else {}
