"""An adjustment that is approved at midnight of a 1st, while that month's start goes on."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from billing.debt_kinds import ADJUSTMENT
from billing.models import Adjustment, LedgerRelease, Reason, StartedMonth
from billing.services.accounts import open_unified
from billing.services.ledgers import open_special
from billing.services.month_start import MonthStartReport, start_month
from bss.kernel import approvals
from bss.kernel.models import Approval
from bss.kernel.periods import Month
from tests.builders.at_once import PATIENCE_S, held, until_waiting
from tests.builders.billing import a_bill, a_channel, a_customer, a_line, moment
from tests.builders.by_hand import a_checker, a_maker
from tests.builders.packages import a_catalogue

pytestmark = pytest.mark.django_db(transaction=True)
EVENING, MIDNIGHT = moment("2026-11-30T20:00"), moment("2026-12-01T00:00")


def test_neither_waits_for_what_the_other_holds() -> None:
    """Both take the month's books before any account.

    The start is stopped between the two (its row waits for the table), the approval comes then: it
    must wait for the books without the account that the start is about to release money into.
    """
    a_catalogue()
    line = a_line(a_customer())
    account = open_unified(owner_id=line.owner_id, name="统一", at=moment("2026-10-01T00:00"))
    bill = a_bill(account, "2026-10", (line, "PLAN_FEE", 30_00))
    open_special(
        account_id=account.pk,
        name="分月",
        amount_fen=30_00,
        months=3,
        at=moment("2026-11-05T10:00"),
        channel_id=a_channel().pk,
    )
    reason, _ = Reason.objects.get_or_create(
        purpose="adjustment", code="wrong_fee", defaults={"words": "计费差错"}
    )
    asked = approvals.ask(
        kind=ADJUSTMENT,
        payload={
            "account_id": account.pk,
            "amount_fen": -5_00,
            "reason_id": reason.pk,
            "bill_line_id": bill.lines.get().pk,
            "subscription_id": None,
            "remark": "",
            "asked_at": EVENING.isoformat(),
        },
        asked_by_id=a_maker().pk,
        at=EVENING,
        reason="计费差错",
    )
    checker = a_checker()

    def start() -> MonthStartReport:
        try:
            return start_month(month=Month.parse("2026-12"), at=MIDNIGHT)
        finally:
            connection.close()

    def decide() -> Approval:
        try:
            return approvals.decide(
                approval_id=asked.pk,
                decided_by_id=checker.pk,
                approve=True,
                at=MIDNIGHT + timedelta(seconds=1),
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        with held(f"LOCK TABLE {StartedMonth._meta.db_table} IN SHARE ROW EXCLUSIVE MODE"):
            started = threads.submit(start)
            until_waiting(1)
            decided = threads.submit(decide)
            until_waiting(2)
        assert started.result(timeout=PATIENCE_S).released_fen == 10_00
        assert decided.result(timeout=PATIENCE_S).state == Approval.State.APPROVED

    assert LedgerRelease.objects.filter(state="released").count() == 1
    assert str(Month.of(MIDNIGHT)) in {f"{one.month:%Y-%m}" for one in Adjustment.objects.all()}
