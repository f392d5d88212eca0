"""What was written off of which bills, and how much of it came in after all (PAY-6)."""

from collections.abc import Collection
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from billing.models import Recovery, WriteOff, WriteOffPart


def write_offs() -> QuerySet[Any]:
    """Each with ``recovered_fen``; a recovery whose payment was reversed does not count."""
    recovered = (
        Recovery.objects.filter(write_off=OuterRef("pk"), journal__reversed_by__isnull=True)
        .values("write_off")
        .annotate(fen=Sum("amount_fen"))
        .values("fen")
    )
    return WriteOff.objects.select_related("account__owner", "reason", "by").annotate(
        recovered_fen=Coalesce(Subquery(recovered), 0)
    )


def open_write_offs(account_id: int) -> list[Any]:
    """Of an account, the oldest first, those of which something can still be recovered."""
    rows = write_offs().filter(account=account_id).order_by("pk")
    return [row for row in rows if row.recovered_fen < row.amount_fen]


def written_off_fen(bill_ids: Collection[int]) -> dict[int, int]:
    """Bill → what of it was given up; bills of which nothing was are left out."""
    parts = WriteOffPart.objects.filter(bill__in=bill_ids)
    return dict(parts.values_list("bill").annotate(fen=Sum("amount_fen")).order_by("bill"))


def recovery_state(made: Any) -> str:
    """Of a row of ``write_offs``, by what came in: open, partly_recovered, recovered."""
    if not made.recovered_fen:
        return "open"
    return "recovered" if made.recovered_fen == made.amount_fen else "partly_recovered"
