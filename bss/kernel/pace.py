"""How fast something goes, and how long it still takes: measured over its last stretch, or unsaid.

Nobody is told a number that nothing stands behind: before enough has been seen there is no rate,
and without a total no remaining time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LEAST_SAMPLES = 3
"""The beginning and two steps forward: of one alone nobody knows whether it was a usual one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """So much was done at this moment. Units: ``at_s`` seconds of any clock that only goes on."""

    at_s: float
    done: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Both None while they cannot be known. Units: ``left_s`` whole seconds."""

    per_second: float | None = None
    left_s: int | None = None


def pace_of(samples: Sequence[Sample], *, now_s: float, total: int | None) -> Pace:
    """The pace over these samples, the oldest first, seen from now: a standstill slows it down."""
    if len(samples) < LEAST_SAMPLES:
        return Pace()
    first, last = samples[0], samples[-1]
    elapsed_s, grown = now_s - first.at_s, last.done - first.done
    if elapsed_s <= 0 or grown <= 0:
        return Pace()
    per_second = grown / elapsed_s
    if total is None or total < last.done:
        return Pace(per_second=per_second)
    return Pace(per_second=per_second, left_s=round((total - last.done) / per_second))
