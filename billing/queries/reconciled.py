"""Which days of a gateway were reconciled, and how a reconciliation stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from billing.models import GatewayOrder, Reconciliation, ReconciliationLine
from bss.kernel.periods import business_date

Kind = ReconciliationLine.Kind
TO_SETTLE = Q(lines__action="") & ~Q(lines__kind=Kind.MATCHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCount:
    """How many lines of a kind there are, and how many of them wait."""

    kind: str
    lines: int
    waiting: int


def days_to_take(gateway: str, *, today: date, back: int) -> list[date]:
    """The days since its first order that have no reconciliation yet, at most ``back`` of them."""
    first = GatewayOrder.objects.filter(gateway=gateway).order_by("pk").first()
    if first is None:
        return []
    begins = max(today - timedelta(days=back), business_date(first.expires_at))
    days = [begins + timedelta(days=n) for n in range((today - begins).days)]
    taken = Reconciliation.objects.filter(gateway=gateway, day__in=days)
    return sorted(set(days) - set(taken.values_list("day", flat=True)))


def reconciliations() -> QuerySet[Reconciliation]:
    """All of them, each with how many lines differ and how many still wait."""
    return Reconciliation.objects.annotate(
        differing=Count("lines", filter=~Q(lines__kind=Kind.MATCHED)),
        waiting=Count("lines", filter=TO_SETTLE),
    )


def kinds_of(reconciliation: Reconciliation) -> list[KindCount]:
    """The kinds in the order in which they are shown, those without a line too."""
    rows = reconciliation.lines.values_list("kind").annotate(
        lines=Count("pk"), waiting=Count("pk", filter=Q(action="") & ~Q(kind=Kind.MATCHED))
    )
    found: Mapping[str, tuple[int, int]] = {kind: (n, waiting) for kind, n, waiting in rows}
    return [
        KindCount(kind=kind, lines=found.get(kind, (0, 0))[0], waiting=found.get(kind, (0, 0))[1])
        for kind in Kind.values
    ]
