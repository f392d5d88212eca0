"""The audit as it is searched: by who, what, whom, when and from where."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from bss.kernel.models import AuditCheck, AuditEntry, AuditLink, AuditWaiting, Staff
from bss.kernel.periods import BUSINESS_ZONE
from customers.models import Customer, NumberAssignment

COUNTED_AT_MOST = 50_000


class Trail(QuerySet[AuditEntry]):
    """Entries, counted up to a bound: nobody reads on behind it, and the count stays fast."""

    def count(self) -> int:
        if self.query.is_sliced:
            return super().count()
        return self.order_by()[:COUNTED_AT_MOST].count()


def trail(asked: dict[str, Any]) -> Trail:
    """The entries that the filters leave; a name that nobody has leaves none."""
    found = Trail(model=AuditEntry).select_related("staff")
    if asked.get("who"):
        found = found.filter(staff__in=_staff(asked["who"]))
    if asked.get("whom"):
        found = found.filter(customer_id__in=_customers(asked["whom"]))
    if asked.get("kind"):
        found = found.filter(kind=asked["kind"])
    if asked.get("what"):
        found = found.filter(action__startswith=f"{asked['what']}.")
    if asked.get("address"):
        found = found.filter(address=asked["address"])
    if asked.get("since"):
        found = found.filter(at__gte=_midnight(asked["since"]))
    if asked.get("until"):
        found = found.filter(at__lt=_midnight(asked["until"] + timedelta(days=1)))
    return found


def codes_of(customer_ids: set[int]) -> dict[int, str]:
    """The codes of these customers, by id."""
    return dict(Customer.objects.filter(pk__in=customer_ids).values_list("id", "code"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainState:
    """How far the chain reaches, and when it was last found in order."""

    links: int
    sealed_at: datetime | None
    waiting: int
    check: AuditCheck | None

    @property
    def meaning(self) -> str:
        if self.check is None:
            return ""
        return "bad" if self.check.faults else "good"


def chain_state() -> ChainState:
    head = AuditLink.objects.order_by("-seq").first()
    return ChainState(
        links=head.seq if head else 0,
        sealed_at=head.sealed_at if head else None,
        waiting=AuditWaiting.objects.count(),
        check=AuditCheck.objects.order_by("-id").first(),
    )


def _staff(asked: str) -> list[int]:
    """Whoever has this number, or this name."""
    named = Q(username__iexact=asked) | Q(display_name=asked)
    return list(Staff.objects.filter(named).values_list("pk", flat=True))


def _customers(asked: str) -> list[int]:
    """The customer of this code, or whose number this is or was."""
    coded = Customer.objects.filter(code__iexact=asked).values_list("pk", flat=True)
    if coded:
        return list(coded)
    held = NumberAssignment.objects.filter(number=asked)
    return list(held.values_list("subscription__owner_id", flat=True).distinct())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), BUSINESS_ZONE)
