"""资费重批: after a tariff correction months are looked at anew and done as they were shown.

The corrected prices come as a version of the catalogue from the wrong month on; what was billed by
the wrong ones is adjusted on the next bill, what is not billed yet is replaced.
Source: BIL-7; docs/adr/0028.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction

from billing.models import Rerating
from billing.queries import rerated
from billing.rules.offerings import read_offering
from billing.services import rerating_report, rerating_steps
from billing.services.rerating_report import DO, LOOK
from bss.kernel import approvals, audit
from bss.kernel.batch.steps import Step, begin_run, run_steps
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.models import Approval, BatchRun
from bss.kernel.periods import Month
from packages_wo.queries.catalogue import NoCatalogueError

KIND = "rerating.make"
MONTHS_AT_MOST = 12
BAD_RANGE = "月份次序不对，或超过 %(most)s 个月，或还没有开始；请改正。"
NO_CATALOGUE = "还没有产品目录，不能重批；请先装载更正后的目录。"
NOT_LOOKED = "预览还没有完成，不能申请；请稍候再试。"
NOTHING = "没有差异，不需要办理。"
UNPRICED = "更正后的产品目录对 %(count)s 条话单或帐户没有价格；请补全目录后重新预览。"
STALE = "%(month)s 的产品目录或关帐状态在预览以后变了，没有办理；请重新预览。"


@transaction.atomic
def begin(
    *,
    first_month: Month,
    last_month: Month,
    at: datetime,
    by_id: int | None,
    offering: str = "",
    customer_id: int | None = None,
    credits_only: bool = False,
) -> Rerating:
    """Write down a preview for the workers; nothing else is changed by it.

    Raises: BadInputError for months that cannot be re-rated now.
    """
    read_offering(offering)
    if not first_month <= last_month <= Month.of(at) or first_month.plus(MONTHS_AT_MOST) <= (
        last_month
    ):
        raise BadInputError(("month", Sentence(BAD_RANGE, most=MONTHS_AT_MOST)))
    rerating = Rerating.objects.create(
        first_month=first_month.first_day,
        last_month=last_month.first_day,
        offering=offering,
        customer_id=customer_id,
        credits_only=credits_only,
        at=at,
        by_id=by_id,
    )
    try:
        for month in rerated.months_of(rerating):
            rerated.refuse_archived(month)
            rerated.is_billed(month)
            rerated.version_of(month)
    except NoCatalogueError as error:
        raise BadInputError(("month", NO_CATALOGUE)) from error
    begin_run(kind=LOOK, key=str(rerating.pk), at=at, steps=_look_steps(rerating))
    audit.record(
        action="rerating.begin",
        subject=f"rerating:{rerating.pk}",
        at=at,
        staff_id=by_id,
        detail={
            "months": [str(month) for month in rerated.months_of(rerating)],
            "offering": offering,
            "customer": customer_id,
            "credits_only": credits_only,
        },
    )
    return rerating


def look(rerating: Rerating) -> BatchRun:
    """Do the preview here and now, beside the workers. Raises: what a step raised."""
    run = run_steps(
        kind=LOOK, key=str(rerating.pk), at=rerating.at, steps=_look_steps(rerating), again=True
    )
    rerating.refresh_from_db()
    return run


def ask(*, rerating_id: int, by_id: int, at: datetime, reason: str) -> Approval:
    """Put it before a second person. Raises: BadInputError."""
    check(Rerating.objects.get(pk=rerating_id))
    return approvals.ask(
        kind=KIND, payload={"rerating_id": rerating_id}, asked_by_id=by_id, at=at, reason=reason
    )


@transaction.atomic
def approve(*, rerating_id: int, approval: Approval, at: datetime) -> Rerating:
    """Two persons say that it is done as it was shown; the workers do it. Raises: BadInputError."""
    rerating = Rerating.objects.select_for_update().get(pk=rerating_id)
    check(rerating)
    rerating.approval = approval
    rerating.state = Rerating.State.APPROVED
    rerating.save(update_fields=["approval", "state"])
    begin_run(kind=DO, key=str(rerating.pk), at=at, steps=_do_steps(rerating))
    return rerating


def carry_out(rerating: Rerating) -> BatchRun:
    """Do what was approved here and now, beside the workers; again, it changes nothing more."""
    run = BatchRun.objects.get(kind=DO, key=str(rerating.pk))
    run = run_steps(kind=DO, key=run.key, at=run.at, steps=_do_steps(rerating), again=True)
    rerating.refresh_from_db()
    return run


def check(rerating: Rerating) -> None:
    """Whether it may be asked for and approved now. Raises: BadInputError with what to do."""
    if rerating.state != Rerating.State.LOOKED:
        raise BadInputError(("", NOT_LOOKED))
    totals = rerating.found["totals"]
    if rerating.found["unpriced"]:
        raise BadInputError(("", Sentence(UNPRICED, count=rerating.found["unpriced"])))
    if not totals["adjust"] and not totals["replace"]:
        raise BadInputError(("", NOTHING))
    for row in rerating.found["months"]:
        month = Month.parse(row["month"])
        rerated.refuse_archived(month)
        now = (rerated.is_billed(month), rerated.version_of(month))
        if now != (row["is_closed"], row["version"]):
            raise BadInputError(("", Sentence(STALE, month=str(month))))


def look_steps_of(run: BatchRun) -> Sequence[Step]:
    """The steps of a preview that is under way."""
    return _look_steps(Rerating.objects.get(pk=int(run.key)))


def do_steps_of(run: BatchRun) -> Sequence[Step]:
    """The steps of an approved re-rating that is under way."""
    return _do_steps(Rerating.objects.get(pk=int(run.key)))


def _look_steps(rerating: Rerating) -> Sequence[Step]:
    return (
        *(
            Step(
                name="look",
                do=partial(rerating_steps.look, rerating.pk, month),
                shards=rerating.shards,
            )
            for month in rerated.months_of(rerating)
        ),
        Step(name="sum", do=partial(rerating_report.sum_up, rerating.pk)),
    )


def _do_steps(rerating: Rerating) -> Sequence[Step]:
    return (
        *(
            Step(
                name="do", do=partial(rerating_steps.do, rerating.pk, month), shards=rerating.shards
            )
            for month in rerated.months_of(rerating)
        ),
        Step(name="end", do=partial(rerating_report.end, rerating.pk)),
    )
