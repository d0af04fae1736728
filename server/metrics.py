"""Figures about this server in the text format that Prometheus reads.

A page of code instead of a package: a room's ballots pass here, and one is counted in half a
microsecond.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from threading import Lock
from typing import Protocol

TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
Labels = tuple[str | int, ...]


class Metric(Protocol):
    """What can be printed."""

    def lines(self) -> Iterator[str]: ...


class Counter:
    """How often something happened, by labels. For any thread."""

    def __init__(self, name: str, about: str, labels: Sequence[str] = ()) -> None:
        self.name, self.about, self.labels = name, about, labels
        self._counts: dict[Labels, int] = {}
        self._lock = Lock()

    def add(self, *labels: str | int) -> None:
        """Count one more."""
        with self._lock:
            self._counts[labels] = self._counts.get(labels, 0) + 1

    def total(self, wanted: Callable[..., bool]) -> int:
        """The sum over the labels for which `wanted(*labels)` is true."""
        with self._lock:
            counts = list(self._counts.items())
        return sum(n for labels, n in counts if wanted(*labels))

    def lines(self) -> Iterator[str]:
        yield from _head(self.name, self.about, "counter")
        with self._lock:
            counts = sorted(self._counts.items())
        for labels, n in counts:
            yield _line(self.name, zip(self.labels, labels, strict=True), n)


class Histogram:
    """How large something was, by labels: counts up to each bound, and the sum. For any thread."""

    def __init__(
        self, name: str, about: str, bounds: Sequence[float], labels: Sequence[str] = ()
    ) -> None:
        self.name, self.about, self.bounds, self.labels = name, about, bounds, labels
        self._rows: dict[Labels, list[float]] = {}
        self._lock = Lock()

    def add(self, value: float, *labels: str | int) -> None:
        """Count one more value."""
        with self._lock:
            row = self._rows.get(labels)
            if row is None:
                row = self._rows[labels] = [0.0] * (len(self.bounds) + 2)
            row[bisect_left(self.bounds, value)] += 1
            row[-1] += value

    def lines(self) -> Iterator[str]:
        yield from _head(self.name, self.about, "histogram")
        with self._lock:
            rows = sorted((labels, list(row)) for labels, row in self._rows.items())
        for labels, row in rows:
            named = list(zip(self.labels, labels, strict=True))
            n = 0.0
            for bound, more in zip((*map(_number, self.bounds), "+Inf"), row[:-1], strict=True):
                n += more
                yield _line(f"{self.name}_bucket", [*named, ("le", bound)], n)
            yield _line(f"{self.name}_sum", named, row[-1])
            yield _line(f"{self.name}_count", named, n)


class Reading:
    """A number that is looked up when somebody asks; one that is not known is left out."""

    def __init__(
        self, name: str, about: str, read: Callable[[], float | None], kind: str = "gauge"
    ) -> None:
        self.name, self.about, self.kind = name, about, kind
        self._read = read

    def lines(self) -> Iterator[str]:
        value = self._read()
        if value is not None:
            yield from _head(self.name, self.about, self.kind)
            yield _line(self.name, (), value)


def text(metrics: Iterable[Metric]) -> str:
    """Everything, one figure a line."""
    return "".join(f"{line}\n" for metric in metrics for line in metric.lines())


def _head(name: str, about: str, kind: str) -> Iterator[str]:
    yield f"# HELP {name} {about}"
    yield f"# TYPE {name} {kind}"


def _line(name: str, labels: Iterable[tuple[str, str | int]], value: float) -> str:
    named = ",".join(f'{label}="{_escaped(str(text))}"' for label, text in labels)
    return f"{name}{{{named}}} {_number(value)}" if named else f"{name} {_number(value)}"


def _escaped(label: str) -> str:
    return label.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))
