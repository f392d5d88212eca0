"""Stopwatches."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class Watch:
    """Reads the seconds so far, and the whole when it has been stopped."""

    began: float
    ended: float | None = None

    @property
    def seconds(self) -> float:
        return (self.ended or time.perf_counter()) - self.began


@contextmanager
def watch() -> Iterator[Watch]:
    """``with watch() as took: ...``, then ``took.seconds``."""
    running = Watch(began=time.perf_counter())
    try:
        yield running
    finally:
        running.ended = time.perf_counter()


def per_second(what: int, work: Callable[[], object]) -> float:
    with watch() as took:
        work()
    return what / took.seconds
