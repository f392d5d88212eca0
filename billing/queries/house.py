"""Where the house's own ledgers are."""

from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import connection
from django.db.models import Sum

from billing.models import Entry, Ledger
from billing.rules import house

_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


def house_ledgers() -> Mapping[str, int]:
    """Name → id of every house ledger; those that are missing are made."""
    found = _ids()
    missing = [name for name in house.NAMES if name not in found]
    if not missing:
        return found
    Ledger.objects.bulk_create(
        [Ledger(kind=Ledger.Kind.HOUSE, name=name, opened_at=_ALWAYS) for name in missing],
        ignore_conflicts=True,
    )
    return _ids()


def house_ledger(name: str) -> int:
    """One of them; made with all that are missing."""
    with connection.cursor() as cursor:  # every payment asks
        cursor.execute("SELECT id FROM billing_ledger WHERE kind = 'house' AND name = %s", [name])
        found = cursor.fetchone()
    return found[0] if found else house_ledgers()[name]


def house_balances() -> dict[str, int]:
    """Name → balance in fen, summed from the entries.

    House ledgers have no running total: every payment would wait for the same row.
    """
    sums = (
        Entry.objects.filter(ledger__kind=Ledger.Kind.HOUSE)
        .values_list("ledger__name")
        .annotate(balance=Sum("amount_fen"))
        .order_by("ledger__name")
    )
    return dict(sums)


def _ids() -> dict[str, int]:
    """By name: the ledgers' usual order would ask for their accounts."""
    named = Ledger.objects.filter(kind=Ledger.Kind.HOUSE).order_by("name")
    return dict(named.values_list("name", "id"))
