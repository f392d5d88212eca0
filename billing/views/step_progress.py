"""How far the steps of a run are: shards done, how fast, how long still; in words that are true."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils.translation import gettext as _

from billing.views.run_words import step_word, whole_duration
from bss.kernel.batch.live import Live, live_of
from bss.kernel.models import BatchRun, BatchStep
from bss.kernel.pace import Pace, Sample, pace_of

WINDOW = 8
"""The pace is that of the last so many shards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepProgress:
    """One step: ``note`` is its rate and remaining time, as far as they can be known."""

    label: str
    done: int
    total: int
    note: str = ""


def progress_of(run: BatchRun, steps: Sequence[BatchStep], *, now: datetime) -> list[StepProgress]:
    """The steps by name, in order; ``now`` is the wall clock, as the steps' own times are."""
    is_running = run.state == BatchRun.State.RUNNING
    begun = [step.pk for step in steps if is_running and is_under_way(step)]
    live = live_of(begun)
    return [
        _progress(name, list(shards), live, now=now if is_running else None)
        for name, shards in groupby(steps, key=lambda step: step.name)
    ]


def _progress(
    name: str, shards: Sequence[BatchStep], live: Mapping[int, Live], *, now: datetime | None
) -> StepProgress:
    label = step_word(name)
    done = sum(step.state == BatchStep.State.DONE for step in shards)
    inside = next((live[step.pk] for step in shards if step.pk in live), None)
    if len(shards) == 1 and inside is not None and inside.total:
        note = _note(inside.pace)
        return StepProgress(label=label, done=inside.done, total=inside.total, note=note)
    note = _uncounted(inside) if inside is not None else ""
    if now is not None and 0 < done < len(shards):
        note = _note(_pace(shards, now), bills_per_second=_bills_per_second(shards, now))
    return StepProgress(label=label, done=done, total=len(shards), note=note)


def _pace(shards: Sequence[BatchStep], now: datetime) -> Pace:
    """In shards, over the last of them."""
    return pace_of(_samples(shards, bills=False), now_s=now.timestamp(), total=len(shards))


def _bills_per_second(shards: Sequence[BatchStep], now: datetime) -> float | None:
    return pace_of(_samples(shards, bills=True), now_s=now.timestamp(), total=None).per_second


def _samples(shards: Sequence[BatchStep], *, bills: bool) -> list[Sample]:
    """What was done at the end of each shard, from the beginning of the first on."""
    begun = [step.started_at for step in shards if step.started_at]
    ended = sorted(
        (step.finished_at, step.report.get("bills", 0) if bills else 1)
        for step in shards
        if step.state == BatchStep.State.DONE and step.finished_at
    )
    if not begun or not ended:
        return []
    samples = [Sample(at_s=min(begun).timestamp(), done=0)]
    for finished_at, count in ended:
        samples.append(Sample(at_s=finished_at.timestamp(), done=samples[-1].done + count))
    return samples[-WINDOW - 1 :]


def _note(pace: Pace, *, bills_per_second: float | None = None) -> str:
    said = []
    if bills_per_second:
        said.append(_("每秒 %(rate)s 份") % {"rate": _rate(bills_per_second)})
    elif pace.per_second:
        said.append(_("每秒 %(rate)s") % {"rate": _rate(pace.per_second)})
    if pace.left_s:
        said.append(_("约剩 %(time)s") % {"time": whole_duration(pace.left_s)})
    return " · ".join(said)


def _uncounted(inside: Live) -> str:
    """Of what nobody can say how much there is: what is done of it, and how fast."""
    done = _("已处理 %(done)s") % {"done": f"{inside.done:,}"}
    return " · ".join(filter(None, (done, _note(inside.pace))))


def _rate(per_second: float) -> str:
    return f"{per_second:,.0f}" if per_second >= 10 else f"{per_second:.1f}"


def is_under_way(step: BatchStep) -> bool:
    """Whether it was begun and has neither ended nor failed; a dead worker's step, for a while."""
    return step.state == BatchStep.State.WAITING and step.started_at is not None
