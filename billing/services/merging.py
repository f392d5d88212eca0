"""Accounts of a customer that becomes another's record: money and debts stay on them."""

from datetime import datetime

from django.db import transaction
from django.db.models import Model

from billing.models import Account, BankMandate, NoticeAddress
from billing.queries.locked import lock_accounts

SEALED: tuple[tuple[type[Model], list[str]], ...] = (
    (NoticeAddress, ["mobile", "email"]),
    (BankMandate, ["number"]),
)


def count_accounts(customer_id: int) -> int:
    """Accounts of this customer, former ones too."""
    return Account.objects.filter(owner=customer_id).count()


@transaction.atomic
def move_accounts(*, from_id: int, to_id: int, at: datetime) -> list[int]:
    """All accounts to the other customer; their keys. Locks: the accounts."""
    found = list(Account.objects.filter(owner=from_id).values_list("pk", flat=True))
    keys = sorted(lock_accounts(found))
    Account.objects.filter(pk__in=keys).update(owner=to_id)
    _reseal(keys)
    return keys


def _reseal(account_ids: list[int]) -> None:
    """What is personal on the accounts goes under the survivor's key."""
    for model, columns in SEALED:
        rows = model._default_manager.filter(account__in=account_ids).order_by("pk")
        for row in rows.select_related("account__owner"):
            row.save(update_fields=columns)
