"""套餐顾问 with all it goes by: billing reckons, complaints say who complained."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from billing.rules.leaving import COMPLAINT_DAYS
from billing.services import advising
from bss.kernel.batch.steps import Step
from bss.kernel.models import BatchRun
from complaints.queries.complaints_made import complaints_since

KIND = advising.KIND


def advise_all(*, at: datetime, anew: bool = False) -> BatchRun:
    """The nightly run: every bundle in force, in shards; ``anew`` when a person asks for it.

    Raises: as ``run_steps`` does.
    """
    return advising.advise_all(at=at, complaints=_complaints, anew=anew)


def advise_customer(*, customer_id: int, at: datetime) -> int:
    """One customer's bundles, now; on how many there is something to say."""
    return advising.advise_customer(customer_id=customer_id, at=at, complaints=_complaints)


def steps_of(run: BatchRun) -> Sequence[Step]:
    """The steps of a run that is under way."""
    return advising.steps_of(run, _complaints)


def _complaints(customer_ids: Sequence[int], at: datetime) -> Mapping[int, int]:
    return complaints_since(customer_ids, at - timedelta(days=COMPLAINT_DAYS))
