"""Promises to pay 承诺缴费: made, withdrawn, and judged when their day is over (PAY-7)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef

from billing.models import Account, Bill, DebtStop, Promise
from billing.queries.debts import overdue_fen
from billing.queries.locked import lock_account
from billing.rules.promising import Bounds, Standing, refusals
from billing.services.by_hand import check_note
from bss.kernel import audit
from bss.kernel.errors import BadInputError
from bss.kernel.periods import business_date
from bss.kernel.rulebook import refuse_if_any
from customers.models import Customer

A_YEAR = timedelta(days=365)
OPEN, KEPT, BROKEN = Promise.Outcome.OPEN, Promise.Outcome.KEPT, Promise.Outcome.BROKEN
WITHDRAWN = Promise.Outcome.WITHDRAWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How many promises were found kept, and how many broken."""

    kept: int
    broken: int


def bounds() -> Bounds:
    """What the operator allows."""
    return Bounds(
        days_at_most=settings.PROMISE_DAYS_AT_MOST,
        promises_a_year=settings.PROMISES_A_YEAR,
        broken_a_year=settings.BROKEN_PROMISES_A_YEAR,
    )


@transaction.atomic
def promise(
    *, account_id: int, until: date, at: datetime, by_id: int | None, remark: str = ""
) -> Promise:
    """Accept that the overdue debt is paid by a day; until then nothing is stopped for it.

    Source: PAY-7.
    Locks:  the account.
    Raises: RefusedError with every reason against it.
    """
    account = lock_account(account_id)
    on = business_date(at)
    judge(at=at, account_ids=[account_id])
    standing = standing_of(account, at=at)
    refuse_if_any(refusals(standing, on=on, until=until, bounds=bounds()))
    made = Promise.objects.create(
        account=account,
        amount_fen=standing.overdue_fen,
        until=until,
        made_at=at,
        made_by_id=by_id,
        note=check_note(remark),
    )
    _record("promise.make", made, at=at, by_id=by_id)
    return made


def standing_of(account: Account, *, at: datetime) -> Standing:
    """How the account stands for a promise at this moment."""
    mine = Promise.objects.filter(account=account)
    lately = mine.filter(made_at__gt=at - A_YEAR).exclude(outcome=WITHDRAWN)
    return Standing(
        overdue_fen=overdue_fen([account.pk], on=business_date(at)).get(account.pk, 0),
        promised=mine.filter(outcome=OPEN).exists(),
        stopped=DebtStop.objects.filter(account=account, lifted_at__isnull=True).exists(),
        blacklisted=account.owner.listed == Customer.Listed.BLACK,
        made=lately.count(),
        broken=lately.filter(outcome=BROKEN).count(),
    )


@transaction.atomic
def withdraw(*, promise_id: int, at: datetime, by_id: int) -> Promise:
    """Take a promise back; it holds nothing any more. Raises: BadInputError when it is over."""
    lock_account(Promise.objects.values_list("account_id", flat=True).get(pk=promise_id))
    made = Promise.objects.select_related("account").get(pk=promise_id)
    if made.outcome != OPEN:
        raise BadInputError(("", "这个承诺已经办结，请刷新页面查看。"))
    made.outcome, made.judged_at = WITHDRAWN, at
    made.save(update_fields=["outcome", "judged_at"])
    _record("promise.withdraw", made, at=at, by_id=by_id)
    return made


@transaction.atomic
def judge(*, at: datetime, account_ids: list[int] | None = None) -> Judged:
    """Say of open promises whether they were kept; again, it finds nothing more.

    Kept: what was overdue when it was made is paid. Broken: its day is over, and it is not.
    Source: PAY-7.
    """
    owing = Bill.objects.filter(
        account=OuterRef("account"),
        paid_fen__lt=F("total_fen"),
        due_on__lt=OuterRef("made_at__date"),
    )
    waiting = Promise.objects.filter(outcome=OPEN)
    if account_ids is not None:
        waiting = waiting.filter(account__in=account_ids)
    kept = waiting.filter(~Exists(owing)).update(outcome=KEPT, judged_at=at)
    late = waiting.filter(Exists(owing), until__lt=business_date(at))
    broken = list(late.select_related("account"))
    late.update(outcome=BROKEN, judged_at=at)
    for made in broken:
        _record("promise.broken", made, at=at, by_id=None)
    return Judged(kept=kept, broken=len(broken))


def _record(action: str, made: Promise, *, at: datetime, by_id: int | None) -> None:
    audit.record(
        action=action,
        subject=f"promise:{made.pk}",
        customer_id=made.account.owner_id,
        staff_id=by_id,
        at=at,
        detail={"amount_fen": made.amount_fen, "until": f"{made.until}"},
    )
