"""套餐顾问: what bundles would have cost on other combinations, kept for pages and lists.

Who complained is known above billing: ``complaints`` says it by customer.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

import numpy as np
from django.conf import settings
from django.db import transaction

from billing.batch.advice.advise import Standing, advise
from billing.batch.advice.compare import compare
from billing.batch.advice.keep import keep
from billing.models import AdviceLimit, BundleAdvice
from billing.queries.advice import (
    bundles_in_force,
    bundles_overdue_fen,
    limits,
    term_days_left,
)
from billing.queries.billed import last_closed_months
from billing.rules.leaving import MONTHS, MOST
from bss.kernel import audit
from bss.kernel.batch.steps import Report, Step, run_steps
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.models import BatchRun, BatchStep
from bss.kernel.periods import Month, business_date
from packages_wo.models import Bundle
from packages_wo.queries.catalogue import catalogue_on

KIND = "advice"
AT_ONCE = 20_000
TOO_MUCH = "应为 0 到 %(most)s 之间的整数。"
Complaints = Callable[[Sequence[int], datetime], Mapping[int, int]]
"""Customers' ids → how many complaints each made lately."""


def advise_all(*, at: datetime, complaints: Complaints, anew: bool = False) -> BatchRun:
    """Advise on every bundle in force, in shards; the same day again changes nothing more.

    ``anew``: a person asks, so that a run that is done is followed by another.
    """
    key = business_date(at).isoformat()
    before = BatchRun.objects.filter(kind=KIND, key__startswith=key)
    if anew and before:
        last = before.latest("pk")
        key = last.key if last.state != BatchRun.State.DONE else f"{key}/{len(before) + 1}"
    begun = before.filter(key=key).first()
    steps = steps_of(begun, complaints) if begun else _steps(settings.CLOSE_SHARDS, complaints)
    return run_steps(kind=KIND, key=key, at=at, steps=steps, again=anew)


def steps_of(run: BatchRun, complaints: Complaints) -> Sequence[Step]:
    """The steps of a run that is under way, in as many shards as it was begun with."""
    return _steps(BatchStep.objects.filter(run=run).count(), complaints)


@transaction.atomic
def advise_customer(*, customer_id: int, at: datetime, complaints: Complaints) -> int:
    """Advise on one customer's bundles, here and now; on how many there is something to say."""
    found = bundles_in_force(customer_id=customer_id)
    return _advise(found, at=at, complaints=complaints)["advised"]


@transaction.atomic
def set_limits(*, values: Mapping[str, int], by_id: int, at: datetime) -> None:
    """From where on a sign counts, from the next night on. Raises: BadInputError."""
    faults = [
        (code, Sentence(TOO_MUCH, most=MOST[code]))
        for code, value in values.items()
        if not 0 <= value <= MOST[code]
    ]
    if faults:
        raise BadInputError(*faults)
    before = limits()
    changed = {code: value for code, value in values.items() if value != before[code]}
    for code, value in changed.items():
        AdviceLimit.objects.update_or_create(
            code=code, defaults={"value": value, "by_id": by_id, "at": at}
        )
    if changed:
        audit.record(
            action="advice.set",
            subject="advice",
            at=at,
            staff_id=by_id,
            detail={code: {"before": before[code], "after": changed[code]} for code in changed},
        )


def _steps(shards: int, complaints: Complaints) -> Sequence[Step]:
    return (Step(name="advise", do=partial(_advise_shard, complaints), shards=shards),)


def _advise_shard(complaints: Complaints, *, shard: int, shards: int, at: datetime) -> Report:
    if shard == 0:
        BundleAdvice.objects.exclude(bundle__state=Bundle.State.IN_FORCE).delete()
    return _advise(bundles_in_force(shard=shard, shards=shards), at=at, complaints=complaints)


def _advise(
    found: Mapping[str, list[tuple[int, int]]], *, at: datetime, complaints: Complaints
) -> dict[str, int]:
    """Replace the advice of these bundles; an offering at a time, so many at once."""
    months = last_closed_months(MONTHS, before=Month.of(at))[::-1]
    today = catalogue_on(business_date(at))
    done = {"bundles": 0, "advised": 0, "combinations": 0, "drawn": 0}
    for offering, pairs in found.items():
        for first in range(0, len(pairs), AT_ONCE):
            part = pairs[first : first + AT_ONCE]
            bundles = np.array([bundle for bundle, _ in part], np.int64)
            compared = compare(
                bundles, offering=offering, months=months, today=today, now=Month.of(at)
            )
            rows = advise(
                compared,
                standing=_standing(part, at=at, complaints=complaints),
                limits=limits(),
                catalogue=today,
            )
            done["advised"] += keep(rows, bundles=bundles, at=at)
            done["bundles"] += len(part)
            done["combinations"] += len(part) * len(compared.choices)
            done["drawn"] += compared.records
    return done


def _standing(
    pairs: Sequence[tuple[int, int]], *, at: datetime, complaints: Complaints
) -> dict[int, Standing]:
    """What beside usage speaks for a bundle's leaving."""
    on, bundles = business_date(at), [bundle for bundle, _ in pairs]
    complained = complaints([customer for _, customer in pairs], at)
    ends, owed = term_days_left(bundles, on=on), bundles_overdue_fen(bundles, on=on)
    return {
        bundle: Standing(
            complaints=complained.get(customer, 0),
            term_days_left=ends.get(bundle),
            overdue_fen=owed.get(bundle, 0),
        )
        for bundle, customer in pairs
    }
