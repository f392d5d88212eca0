"""Money that was moved by hand at the demo operator: asked by one person, decided by another."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet

from billing.debt_kinds import ADJUSTMENT, WRITE_OFF
from billing.models import Account, Bill, BillLine, DebtStop, Reason
from billing.queries.refundable import refundable
from billing.services import payments, promises
from billing.services.accounts import record_arrears
from billing.services.refund_transfers import settle_refund
from billing.services.refunds import Payee, refund
from billing.services.transfers import transfer
from bss.demo.operator import Operator
from bss.kernel import approvals
from bss.kernel.models import Approval, Staff
from bss.kernel.periods import Month, business_date
from customers.models import Customer

BANK, BANK_ACCOUNT = "中国工商银行石家庄示范支行", "6222000000000000000"


def move_by_hand(operator: Operator, *, month: Month, at: datetime) -> None:
    """A few of each kind, on the month's bills and on the debts of earlier ones."""
    clerk = operator.halls[0].clerk_ids[0]
    _correct(month, at=at, clerk=clerk)
    _promise(at=at, clerk=clerk)
    _give_up(at=at)
    _give_back(operator, at=at, clerk=clerk)


def _correct(month: Month, *, at: datetime, clerk: int) -> None:
    """Three corrections; the last one still waits for somebody's yes."""
    reasons = list(Reason.objects.filter(purpose=Reason.Purpose.ADJUSTMENT).order_by("pk"))
    lines = BillLine.objects.filter(
        bill__month=month.first_day, amount_fen__gt=20_00, subscription__isnull=False
    ).select_related("bill")
    for place, line in enumerate(lines.order_by("pk")[:3]):
        moment = at + timedelta(minutes=place)
        payload = {
            "account_id": line.bill.account_id,
            "amount_fen": -line.amount_fen // 4 if place != 1 else 5_00,
            "bill_line_id": line.pk,
            "subscription_id": None,
            "reason_id": reasons[place].pk,
            "remark": "",
            "asked_at": moment.isoformat(),
        }
        asked = _ask(ADJUSTMENT, payload, reasons[place], by_id=clerk, at=moment)
        if place < 2:
            _agree(asked, at=moment + timedelta(minutes=10))


def _promise(*, at: datetime, clerk: int) -> None:
    stopped = DebtStop.objects.filter(lifted_at__isnull=True).values("account")
    overdue = _overdue(at).exclude(account__in=stopped)
    owing = overdue.exclude(account__owner__listed=Customer.Listed.BLACK)
    accounts = list(dict.fromkeys(owing.values_list("account_id", flat=True)))
    for place, account_id in enumerate(accounts[1:4]):
        promises.promise(
            account_id=account_id,
            until=business_date(at) + timedelta(days=5 + place),
            at=at + timedelta(minutes=place),
            by_id=clerk,
        )


def _give_up(*, at: datetime) -> None:
    """The oldest debt of all; where nobody is late yet, one from before the system."""
    bill = _overdue(at).first()
    if bill is None:
        account = Account.objects.filter(current=True, bills__isnull=True).earliest("pk")
        bill = record_arrears(account_id=account.pk, amount_fen=12_80, since=at)
    reason = Reason.objects.filter(purpose=Reason.Purpose.WRITE_OFF).earliest("pk")
    payload = {
        "account_id": bill.account_id,
        "bill_ids": [bill.pk],
        "reason_id": reason.pk,
        "remark": "",
    }
    maker = Staff.objects.get(username="super01").pk
    _agree(_ask(WRITE_OFF, payload, reason, by_id=maker, at=at), at=at + timedelta(minutes=5))


def _give_back(operator: Operator, *, at: datetime, clerk: int) -> None:
    """Too much was paid: two refunds by transfer, one paid by the bank, and a transfer of the rest
    to another account of the same customer."""
    account = _account_with_a_sister(at)
    payments.pay(
        account_id=account.pk,
        amount_fen=66_00,
        key="DEMO-TOO-MUCH",
        at=at,
        channel_id=operator.halls[0].channel_id,
        means="transfer",
        by_id=clerk,
    )
    for place, fen in enumerate((18_00, 12_00)):
        made = refund(
            account_id=account.pk,
            amount_fen=fen,
            means="transfer",
            reason_id=Reason.objects.get(purpose=Reason.Purpose.REFUND, code="overpaid").pk,
            payee=Payee(name=account.owner.name, bank=BANK, account=BANK_ACCOUNT),
            key=f"DEMO-REFUND-{place}",
            at=at + timedelta(minutes=place),
            by_id=clerk,
        )
        if place == 0:
            settle_refund(
                refund_id=made.pk,
                bank_reference="HD-20260001",
                at=at + timedelta(hours=1),
                by_id=Staff.objects.get(username="super01").pk,
            )
    transfer(
        source_id=account.pk,
        target_id=_sisters(account).earliest("pk").pk,
        amount_fen=20_00,
        reason_id=Reason.objects.filter(purpose=Reason.Purpose.TRANSFER).earliest("pk").pk,
        key="DEMO-TRANSFER",
        at=at,
        by_id=clerk,
    )


def _account_with_a_sister(at: datetime) -> Account:
    """One that owes nothing, and nothing more is to be billed of it."""
    owing = Bill.objects.filter(paid_fen__lt=F("total_fen")).values("account")
    accounts = Account.objects.filter(current=True).exclude(pk__in=owing).select_related("owner")
    for account in accounts.order_by("pk"):
        found = refundable(account, at=at)
        if found.alive and not found.invoices and _sisters(account).exists():
            return account
    raise Account.DoesNotExist("no customer of the demo has two accounts")


def _sisters(account: Account) -> QuerySet[Account]:
    return Account.objects.filter(owner=account.owner_id).exclude(pk=account.pk)


def _overdue(at: datetime) -> QuerySet[Bill]:
    owed = Bill.objects.filter(paid_fen__lt=F("total_fen"), due_on__lt=business_date(at))
    return owed.order_by("due_on", "account_id", "pk")


def _ask(
    kind: str, payload: dict[str, Any], reason: Reason, *, by_id: int, at: datetime
) -> Approval:
    return approvals.ask(kind=kind, payload=payload, asked_by_id=by_id, at=at, reason=reason.words)


def _agree(approval: Approval, *, at: datetime) -> None:
    checker = Staff.objects.get(username="super02").pk
    approvals.decide(approval_id=approval.pk, decided_by_id=checker, approve=True, at=at)
