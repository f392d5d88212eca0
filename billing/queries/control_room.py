"""A month as its operator sees it: what was started, loaded, rated, billed and paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Count, F, OuterRef, Subquery, Sum
from django.db.models.functions import Abs, Coalesce

from billing.models import (
    Bill,
    BillLine,
    ClosedMonth,
    DebtStop,
    LedgerRelease,
    StartedMonth,
    UsageFile,
    UsageReject,
)
from billing.queries.archive_file import archived_records
from bss.kernel.models import BatchRun, BatchStep
from bss.kernel.periods import Month, day_start
from packages_wo.models import BundleTerm, Pool

KIND = "close_month"  # of a BatchRun that closes a month
OUTLIERS_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class StartFacts:
    """What the month's start brought: terms that begin and end on its 1st. Source: EFF-5."""

    started_at: datetime | None
    terms_begun: int
    terms_ended: int
    pools: int
    released_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageFacts:
    """Records of the month, and how far rejects wait for mending. Source: RAT-15."""

    records: int
    files: tuple[UsageFile, ...]
    open_rejects: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BillFacts:
    """Bills of a month in all. Units: fen."""

    bills: int
    total_fen: int
    paid_fen: int

    @property
    def due_fen(self) -> int:
        return self.total_fen - self.paid_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemTotal:
    """A charge item of the month and of the month before. Units: fen."""

    item: str
    lines: int
    amount_fen: int
    before_fen: int

    @property
    def change_fen(self) -> int:
        return self.amount_fen - self.before_fen


def start_facts(month: Month) -> StartFacts:
    first = month.first_day
    started = StartedMonth.objects.filter(month=first).first()
    released = LedgerRelease.objects.filter(month=first, state=LedgerRelease.State.RELEASED)
    return StartFacts(
        started_at=started.started_at if started else None,
        terms_begun=BundleTerm.objects.filter(valid_from=first).count(),
        terms_ended=BundleTerm.objects.filter(valid_until=first).count(),
        pools=Pool.objects.filter(month=first).count(),
        released_fen=released.aggregate(amount=Sum("amount_fen", default=0))["amount"],
    )


def usage_facts(month: Month) -> UsageFacts:
    """The month's records are counted in its partition, or archive; files are the latest loaded."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM billing_record WHERE month = %s", [month.first_day])
        records = int(cursor.fetchone()[0]) or archived_records(month)
    return UsageFacts(
        records=records,
        files=tuple(UsageFile.objects.order_by("-id")[:5]),
        open_rejects=UsageReject.objects.filter(state=UsageReject.State.OPEN).count(),
    )


def close_run(month: Month) -> tuple[BatchRun | None, Sequence[BatchStep]]:
    """The month's close as it stands, with its steps in order."""
    run = BatchRun.objects.filter(kind=KIND, key=str(month)).first()
    steps = list(run.steps.order_by("position", "shard")) if run else []
    return run, steps


def closed_at(month: Month) -> datetime | None:
    found = ClosedMonth.objects.filter(month=month.first_day).first()
    return found.closed_at if found else None


def bill_facts(month: Month) -> BillFacts:
    sums = Bill.objects.filter(month=month.first_day).aggregate(
        bills=Count("pk"),
        total=Sum("total_fen", default=0),
        paid=Sum("paid_fen", default=0),
    )
    return BillFacts(bills=sums["bills"], total_fen=sums["total"], paid_fen=sums["paid"])


def item_totals(month: Month) -> list[ItemTotal]:
    """By charge item, in the order in which bills list them, against the month before."""
    sums = (
        BillLine.objects.filter(bill__month__in=(month.first_day, month.previous.first_day))
        .values_list("bill__month", "item")
        .annotate(lines=Count("pk"), amount=Sum("amount_fen"))
        .order_by()
    )
    found = {(of, item): (lines, amount) for of, item, lines, amount in sums}
    rows = []
    for item in BillLine.Item.values:
        lines, amount = found.get((month.first_day, item), (0, 0))
        _, before = found.get((month.previous.first_day, item), (0, 0))
        if lines or before:
            rows.append(ItemTotal(item=item, lines=lines, amount_fen=amount, before_fen=before))
    return rows


def outliers(month: Month, *, shown: int = OUTLIERS_SHOWN) -> list[Bill]:
    """The bills that differ most from the account's bill of the month before.

    Each has ``before_fen`` and ``change_fen``. Source: BIL-6.
    """
    before = Bill.objects.filter(account=OuterRef("account"), month=month.previous.first_day)
    bills = (
        Bill.objects.filter(month=month.first_day)
        .annotate(before_fen=Coalesce(Subquery(before.values("total_fen")[:1]), 0))
        .annotate(change_fen=F("total_fen") - F("before_fen"))
        .exclude(change_fen=0)
        .order_by(Abs("change_fen").desc(), "pk")
    )
    return list(bills.select_related("account__owner")[:shown])


def stops_of_day(day: date) -> int:
    """Subscriptions that credit runs of the day stopped for debt."""
    stops = DebtStop.objects.filter(
        stopped_at__gte=day_start(day),
        stopped_at__lt=day_start(date.fromordinal(day.toordinal() + 1)),
    )
    return stops.values("subscription").distinct().count()


def stops_in_force() -> int:
    return DebtStop.objects.filter(lifted_at__isnull=True).values("subscription").distinct().count()


def known_months(*, until: Month) -> list[Month]:
    """Every month from the first that was started, closed or billed, the latest first."""
    days = [
        StartedMonth.objects.order_by("month").values_list("month", flat=True).first(),
        ClosedMonth.objects.order_by("month").values_list("month", flat=True).first(),
        Bill.objects.filter(month__isnull=False)
        .order_by("month")
        .values_list("month", flat=True)
        .first(),
    ]
    month = min([Month.of(day) for day in days if day] + [until])
    found = []
    while month <= until:
        found.append(month)
        month = month.next
    return found[::-1]


def months_with_bills() -> dict[date, BillFacts]:
    rows = (
        Bill.objects.filter(month__isnull=False)
        .values_list("month")
        .annotate(bills=Count("pk"), total=Sum("total_fen"), paid=Sum("paid_fen"))
        .order_by()
    )
    return {
        month: BillFacts(bills=bills, total_fen=total, paid_fen=paid)
        for month, bills, total, paid in rows
    }
