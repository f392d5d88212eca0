"""催缴: what an account is told, once, and the messages that carry it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import F

from billing.models import (
    Bill,
    Medium,
    Message,
    NoticeAddress,
    Reminder,
    ReminderBill,
    ReminderStep,
)
from billing.queries.credit_causes import ReminderDue
from billing.queries.debts import overdue_fen
from bss.kernel.periods import business_date


@transaction.atomic
def remind(due: Sequence[ReminderDue], *, at: datetime) -> int:
    """One reminder for each account and step, whatever the number of its bills; how many.

    Shape: ``due`` in the order of accounts and steps.
    Source: docs/adr, "nobody is told twice": the database refuses a bill's second one of a step.
    """
    told = [
        (
            Reminder(
                account_id=key[0],
                step_id=key[1],
                at=at,
                planned_on=min(one.planned_on for one in rows),
                acts_on=min(one.acts_on for one in rows),
                due_fen=sum(one.due_fen for one in rows),
            ),
            [(one.bill_id, one.due_fen) for one in rows],
        )
        for key, rows in (
            (key, list(group))
            for key, group in groupby(due, key=lambda one: (one.account_id, one.step_id))
        )
    ]
    return _write(told)


@transaction.atomic
def tell(anchor: str, *, account_ids: Collection[int], at: datetime) -> int:
    """What happens right now, told to these accounts with what they owe overdue; how many.

    A bill that this step spoke of already is in the sum, and not spoken of again.
    """
    step = ReminderStep.objects.filter(anchor=anchor, active=True).first()
    if step is None or not account_ids:
        return 0
    on = business_date(at)
    owed = overdue_fen(account_ids, on)
    bills = Bill.objects.filter(
        account__in=account_ids, due_on__lt=on, paid_fen__lt=F("total_fen")
    ).exclude(reminders__step=step)
    fresh: dict[int, list[tuple[int, int]]] = {}
    for bill in bills.order_by("pk"):
        fresh.setdefault(bill.account_id, []).append((bill.pk, bill.due_fen))
    return _write(
        (
            Reminder(
                account_id=account_id,
                step=step,
                at=at,
                planned_on=on,
                due_fen=owed.get(account_id, 0),
            ),
            fresh.get(account_id, []),
        )
        for account_id in sorted(account_ids)
    )


@transaction.atomic
def warn(reminders: Iterable[Reminder]) -> int:
    """Reminders of an exposure, which have a month and no bills; how many."""
    return _write((reminder, []) for reminder in reminders)


def _write(told: Iterable[tuple[Reminder, Collection[tuple[int, int]]]]) -> int:
    """Reminders with their bills and, by the step's channels, their messages."""
    rows = list(told)
    Reminder.objects.bulk_create([reminder for reminder, _ in rows])
    ReminderBill.objects.bulk_create(
        ReminderBill(reminder=reminder, bill_id=bill_id, step_id=reminder.step_id, due_fen=fen)
        for reminder, bills in rows
        for bill_id, fen in bills
    )
    steps = ReminderStep.objects.in_bulk({reminder.step_id for reminder, _ in rows})
    with_mail = _with_mail({reminder.account_id for reminder, _ in rows})
    Message.objects.bulk_create(
        Message(
            account_id=reminder.account_id,
            reminder=reminder,
            template=steps[reminder.step_id].code,
            medium=medium,
            made_at=reminder.at,
        )
        for reminder, _ in rows
        for medium in steps[reminder.step_id].channels
        if medium != Medium.EMAIL or reminder.account_id in with_mail
    )
    return len(rows)


def _with_mail(account_ids: Collection[int]) -> set[int]:
    """Whoever has left an address is told by mail, too; everybody has a telephone."""
    known = NoticeAddress.objects.filter(account__in=account_ids)
    return set(known.exclude(email="").values_list("account_id", flat=True))
