"""How far steps are that are being done now: in the cache, because their transactions are open.

What is said there is for people's eyes alone; nothing depends on it.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.core.cache import cache

from bss.kernel.pace import Pace, Sample, pace_of
from bss.kernel.progress import Mark

EVERY_S = 1.0
LASTS_S = 60
WINDOW = 12
"""The rate is that of the last so many marks that were kept, about a second apart."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What a step said last, and how fast it was then."""

    name: str
    done: int
    total: int | None
    pace: Pace


@dataclass(slots=True)
class Teller:
    """A listener that keeps in the cache what it hears about a step, at most once a second."""

    step_id: int
    clock: Callable[[], float] = time.monotonic
    _name: str = ""
    _samples: deque[Sample] = field(default_factory=lambda: deque(maxlen=WINDOW))

    def __call__(self, mark: Mark) -> None:
        now_s = self.clock()
        if mark.name != self._name:
            self._name = mark.name
            self._samples.clear()
        elif self._samples and now_s - self._samples[-1].at_s < EVERY_S:
            return
        self._samples.append(Sample(at_s=now_s, done=mark.done))
        pace = pace_of(self._samples, now_s=now_s, total=mark.total)
        live = Live(name=mark.name, done=mark.done, total=mark.total, pace=pace)
        try:
            cache.set(_key(self.step_id), live, timeout=LASTS_S)
        except Exception:  # the work goes on without an audience
            log.warning("nobody can be told how far step %s is", self.step_id)


def live_of(step_ids: Iterable[int]) -> Mapping[int, Live]:
    """What is known of these steps; nothing of most."""
    keys = {_key(step_id): step_id for step_id in step_ids}
    found = cache.get_many(list(keys)) if keys else {}
    return {keys[key]: live for key, live in found.items()}


def _key(step_id: int) -> str:
    return f"batch-step:{step_id}"
