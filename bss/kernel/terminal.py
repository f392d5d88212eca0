"""Progress on a terminal: bars where somebody looks, a plain line now and then in a log.

Rate and remaining time are measured (``pace``); while they cannot be known, nothing is said.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from bss.kernel.pace import Pace, Sample, pace_of
from bss.kernel.progress import Mark, heard_by

WINDOW = 20
APART_S = 0.5
LINE_EVERY_S = 10.0
Clock = Callable[[], float]


class Measured:
    """The pace of each name, over its last marks."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._samples: dict[str, deque[Sample]] = {}

    def pace(self, mark: Mark) -> Pace:
        """The pace with this mark; marks that are close together count as one."""
        samples = self._samples.setdefault(mark.name, deque(maxlen=WINDOW))
        now_s = self._clock()
        if not samples or now_s - samples[-1].at_s >= APART_S:
            samples.append(Sample(at_s=now_s, done=mark.done))
        return pace_of(samples, now_s=now_s, total=mark.total)


class Lines:
    """A line of each name every LINE_EVERY_S, for logs; short work says nothing on its way."""

    def __init__(self, write: Callable[[str], Any], *, clock: Clock = time.monotonic) -> None:
        self._write, self._clock = write, clock
        self._measured = Measured(clock)
        self._said_at = clock()

    def __call__(self, mark: Mark) -> None:
        pace = self._measured.pace(mark)
        if self._clock() - self._said_at >= LINE_EVERY_S:
            self._said_at = self._clock()
            self._write(f"{mark.name}: {words_of(mark, pace)}")


class Bars:
    """A bar for each name, in the order in which they are heard of first."""

    def __init__(self, bars: Progress, *, clock: Clock = time.monotonic) -> None:
        self._bars = bars
        self._measured = Measured(clock)
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, mark: Mark) -> None:
        said = words_of(mark, self._measured.pace(mark))
        if mark.name not in self._tasks:
            self._tasks[mark.name] = self._bars.add_task(mark.name, total=mark.total, said=said)
        self._bars.update(self._tasks[mark.name], completed=mark.done, total=mark.total, said=said)


def words_of(mark: Mark, pace: Pace) -> str:
    """``1,200,000 of 5,000,000, 310,000/s, about 12 s left``; of it what is known."""
    parts = [f"{mark.done:,}" if mark.total is None else f"{mark.done:,} of {mark.total:,}"]
    if pace.per_second is not None and mark.done != mark.total:
        parts.append(f"{pace.per_second:,.0f}/s" if pace.per_second >= 10 else
                     f"{pace.per_second:.1f}/s")  # fmt: skip
    if pace.left_s:
        parts.append(f"about {_time(pace.left_s)} left")
    return ", ".join(parts)


@contextmanager
def progress_on(out: Any, title: str) -> Iterator[None]:
    """Show what is told inside on ``out``, a command's stdout: bars if it is a terminal."""
    stream: TextIO = getattr(out, "_out", out)
    if not stream.isatty():
        with heard_by(Lines(out.write)):
            yield
        return
    bars = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[said]}"),
        TimeElapsedColumn(),
        console=Console(file=stream),
    )
    with bars:
        whole = bars.add_task(title, total=None, said="")
        with heard_by(Bars(bars)):
            yield
        bars.update(whole, total=1, completed=1)


def _time(seconds: int) -> str:
    if seconds < 60:
        return f"{seconds} s"
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
