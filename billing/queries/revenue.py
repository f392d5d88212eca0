"""收入分摊报表: what was billed, by service and by branch or month (BIL-5).

A fee that is shared out stands under the services that earned it, any other line under its
subscription's. All together is what the bills come to, to the fen.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Sum

from billing.models import Bill, BillLine, RevenueShare
from bss.kernel.models import Organisation
from bss.kernel.periods import Month
from bss.kernel.scope import in_scope

BRANCH, MONTH = "branch", "month"
WITHOUT_SERVICE = ""
"""A line of no subscription."""


@dataclass(slots=True, kw_only=True)
class RevenueRow:
    """One branch or month. ``key`` is an organisation's id or a month's first day.

    Units: fen; amounts include the tax.
    """

    key: Any
    by_service: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    tax_fen: int = 0

    @property
    def amount_fen(self) -> int:
        return sum(self.by_service.values())

    @property
    def net_fen(self) -> int:
        return self.amount_fen - self.tax_fen

    def add(self, service: str, amount_fen: int, tax_fen: int) -> None:
        self.by_service[service] += amount_fen
        self.tax_fen += tax_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Revenue:
    """The rows with their sum, and what the bills themselves come to."""

    rows: tuple[RevenueRow, ...]
    total: RevenueRow
    billed_fen: int

    @property
    def difference_fen(self) -> int:
        return self.total.amount_fen - self.billed_fen


def revenue(*, first: Month, last: Month, by: str, level: str, staff: Any) -> Revenue:
    """The bills of these months that the person reaches, by branch of ``level`` or by month.

    A customer of an organisation above that level stands under its own.
    Source: BIL-5.
    """
    months = (first.first_day, last.first_day)
    bills = Bill.objects.filter(in_scope(staff, customer="account__owner__"), month__range=months)
    branches = _branches(level) if by == BRANCH else {}
    rows: dict[Any, RevenueRow] = {}
    total = RevenueRow(key=None)
    for key, service, amount_fen, tax_fen in _sums(months, by=by, staff=staff):
        place = branches.get(key, key)
        rows.setdefault(place, RevenueRow(key=place)).add(service, amount_fen, tax_fen)
        total.add(service, amount_fen, tax_fen)
    billed = bills.aggregate(total=Sum("total_fen", default=0))["total"]
    return Revenue(rows=tuple(rows.values()), total=total, billed_fen=billed)


def _sums(months: tuple[Any, Any], *, by: str, staff: Any) -> Iterable[tuple[Any, str, int, int]]:
    """(branch or month, service, fen, fen of tax) of shared-out lines and of all others."""
    place = "account__owner__organisation" if by == BRANCH else "month"
    shares = RevenueShare.objects.filter(
        in_scope(staff, customer="line__bill__account__owner__"), line__bill__month__range=months
    )
    shared_out = Exists(RevenueShare.objects.filter(line=OuterRef("pk")))
    lines = BillLine.objects.filter(
        in_scope(staff, customer="bill__account__owner__"), bill__month__range=months
    ).exclude(shared_out)
    for key, service, amount_fen, tax_fen in (
        *_grouped(shares, f"line__bill__{place}", "service"),
        *_grouped(lines, f"bill__{place}", "subscription__service"),
    ):
        yield key, service or WITHOUT_SERVICE, amount_fen, tax_fen


def _grouped(rows: Any, *keys: str) -> Any:
    return rows.order_by().values_list(*keys).annotate(amount=Sum("amount_fen"), tax=Sum("tax_fen"))


def _branches(level: str) -> dict[int, int]:
    """Organisation → the one of ``level`` that it stands under."""
    organisations = dict(Organisation.objects.values_list("pk", "path"))
    at_level = set(Organisation.objects.filter(level=level).values_list("pk", flat=True))
    found = {}
    for key, path in organisations.items():
        above = [int(part) for part in path.split("/") if part]
        found[key] = next((one for one in reversed(above) if one in at_level), key)
    return found
