"""What channels sold and took: sums over the facts, never over orders or payments."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, Count, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from bss.kernel.periods import Month, day_start
from channels.models import Channel, RevenueFact, SaleFact


@dataclass(frozen=True, slots=True)
class Taking:
    """Money that came in by one means on one day, and what of it was given back."""

    means: str
    count: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class ClerkDay:
    """One member of staff's day at a channel."""

    staff_id: int | None
    name: str
    sales: int
    monthly_fen: int
    payments: int
    amount_fen: int


def channels_with_month(month: Month) -> QuerySet[Channel]:
    """Every channel with its sales and takings of the month, each summed in one subquery."""
    sold = SaleFact.objects.filter(
        channel=OuterRef("pk"), completed_at__gte=month.starts_at, completed_at__lt=month.ends_at
    )
    took = RevenueFact.objects.filter(
        channel=OuterRef("pk"), at__gte=month.starts_at, at__lt=month.ends_at
    )
    return Channel.objects.select_related("organisation").annotate(
        sold_count=_summed(sold, Count("id")),
        sold_monthly_fen=_summed(sold, Sum("monthly_fen")),
        revenue_fen=_summed(took, Sum("amount_fen")),
    )


def sales_of_day(channel: Channel, day: date) -> QuerySet[SaleFact]:
    """The sales completed at the channel on a business day, the latest first."""
    start, end = _bounds(day)
    facts = SaleFact.objects.filter(channel=channel, completed_at__gte=start, completed_at__lt=end)
    return facts.select_related("staff").order_by("-completed_at", "-id")


def takings_of_day(channel: Channel, day: date) -> list[Taking]:
    """The day's money by means of payment; reversals are in the sums."""
    rows = _revenues(channel, day).values("means").annotate(n=Count("id"), fen=Sum("amount_fen"))
    return [Taking(row["means"], row["n"], row["fen"]) for row in rows.order_by("means")]


def clerks_of_day(channel: Channel, day: date) -> list[ClerkDay]:
    """Who sold and took what that day, by name; business without a clerk is last."""
    who = {"name": F("staff__display_name")}
    start, end = _bounds(day)
    sold = (
        SaleFact.objects.filter(channel=channel, completed_at__gte=start, completed_at__lt=end)
        .values("staff_id", **who)
        .annotate(n=Count("id"), fen=Sum("monthly_fen"))
    )
    took = (
        _revenues(channel, day)
        .values("staff_id", **who)
        .annotate(n=Count("id"), fen=Sum("amount_fen"))
    )
    names: dict[int | None, str] = {}
    sales: dict[int | None, tuple[int, int]] = {}
    money: dict[int | None, tuple[int, int]] = {}
    for rows, kept in ((sold, sales), (took, money)):
        row: dict[str, Any]
        for row in rows.order_by():  # type: ignore[assignment]
            names[row["staff_id"]] = row["name"] or ""
            kept[row["staff_id"]] = (row["n"], row["fen"])
    return [
        ClerkDay(key, names[key], *sales.get(key, (0, 0)), *money.get(key, (0, 0)))
        for key in sorted(names, key=lambda key: (key is None, names[key], key or 0))
    ]


def revenue_by_day(channel: Channel, *, until: date, days: int) -> list[tuple[date, int]]:
    """The takings of each of the last ``days`` business days, days without any as zero."""
    first = until - timedelta(days=days - 1)
    facts = RevenueFact.objects.filter(
        channel=channel, at__gte=day_start(first), at__lt=day_start(until + timedelta(days=1))
    )
    found = dict(facts.order_by().values_list("at__date").annotate(fen=Sum("amount_fen")))
    return [(day, found.get(day, 0)) for day in (first + timedelta(days=n) for n in range(days))]


def _revenues(channel: Channel, day: date) -> QuerySet[RevenueFact]:
    start, end = _bounds(day)
    return RevenueFact.objects.filter(channel=channel, at__gte=start, at__lt=end)


def _bounds(day: date) -> tuple[datetime, datetime]:
    return day_start(day), day_start(day + timedelta(days=1))


def _summed(facts: QuerySet, total: Count | Sum) -> Coalesce:  # type: ignore[type-arg]
    per_channel = facts.order_by().values("channel").annotate(total=total).values("total")
    return Coalesce(
        Subquery(per_channel, output_field=BigIntegerField()),
        Value(0),
        output_field=BigIntegerField(),
    )
