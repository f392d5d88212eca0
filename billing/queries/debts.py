"""Who owes, and who owes after the due day."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import F, QuerySet, Sum

from billing.models import Bill
from billing.queries.payers import payers_of


def owing_accounts(account_ids: Collection[int]) -> set[int]:
    """The accounts that have an issued bill with something due, overdue or not (CAN-9)."""
    return set(_due(account_ids).values_list("account_id", flat=True))


def overdue_accounts(account_ids: Collection[int], on: date) -> set[int]:
    """The accounts that have a bill with something due after its due day (CRD-6)."""
    return set(_due(account_ids).filter(due_on__lt=on).values_list("account_id", flat=True))


def subscriptions_in_arrears(subscription_ids: Collection[int], at: datetime) -> set[int]:
    """The subscriptions whose paying account owes something on an issued bill (ELG-9)."""
    payers = payers_of(subscription_ids, at)
    owing = owing_accounts(set(payers.values()))
    return {subscription for subscription, account in payers.items() if account in owing}


def due_fen(account_ids: Collection[int]) -> dict[int, int]:
    """Account id → what it owes in all; accounts that owe nothing are left out."""
    return _sum(_due(account_ids))


def overdue_fen(account_ids: Collection[int], on: date) -> dict[int, int]:
    """Account id → what of it is overdue on the day."""
    return _sum(_due(account_ids).filter(due_on__lt=on))


def _sum(bills: QuerySet[Bill]) -> dict[int, int]:
    owed = bills.order_by("account").values_list("account")
    return dict(owed.annotate(due=Sum(F("total_fen") - F("paid_fen"))))


def _due(account_ids: Collection[int]) -> QuerySet[Bill]:
    return Bill.objects.filter(account__in=account_ids, paid_fen__lt=F("total_fen"))
