"""What usage came to: totals, charges for the bill, the calls behind a line, a pool by day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Count, Sum

from billing.models import BillLine, UsageFile, UsageReject
from billing.rules.charging import BUNDLE_VPN_WAYS, POOL_WAYS, TABLE, Draws
from billing.rules.house import ITEMS
from billing.rules.usage_line import line_fields
from billing.rules.ways import EXPLANATION_OF_WAY, Explanation
from bss.kernel.periods import Month, day_start

LINE_USAGE_SQL = Path(__file__).with_name("line_usage.sql").read_text(encoding="utf-8")

INFO_FEE = "INFO_FEE"
LATE_USAGE = "LATE_USAGE"


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageOfLine:
    """One record behind a bill line, with why it costs what it does.

    ``vpn_before`` and ``drawn_before`` say how far the allowances were drawn when its turn came.
    """

    record_id: str
    start_at: datetime
    end_at: datetime
    call_type: str
    other_number: str
    visited_area: str
    duration_s: int
    volume_kb: int
    month: date
    item: str
    why: Explanation
    quantity: int
    vpn_before: int
    vpn_minutes: int
    drawn_before: int
    pool_minutes: int
    plan_units: int
    charged_units: int
    amount_hao: int
    info_fee_hao: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolDay:
    """What a bundle drew on a day, and in the month up to its end."""

    day: date
    pool_minutes: int
    vpn_minutes: int
    pool_so_far: int
    vpn_so_far: int


def usage_totals() -> dict[str, object]:
    """Records in, rated, and rejected by reason (RAT-15)."""
    sums = UsageFile.objects.aggregate(records=Sum("records"), rated=Sum("rated"))
    rejected = (
        UsageReject.objects.filter(state=UsageReject.State.OPEN)
        .values_list("reason")
        .annotate(records=Count("pk"))
        .order_by("reason")
    )
    return {
        "records": sums["records"] or 0,
        "rated": sums["rated"] or 0,
        "rejected": dict(rejected),
    }


def explain_line(line: BillLine) -> list[UsageOfLine]:
    """The records that a bill line sums, in the order in which they were served; [] for a fee."""
    bill = line.bill
    if bill.month is None or line.subscription_id is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            LINE_USAGE_SQL,
            {
                "billed_month": bill.month,
                "billed_from": day_start(bill.month),
                "account": bill.account_id,
                "subscription": line.subscription_id,
                "item": line.item,
                "items": list(ITEMS),
            },
        )
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    files = UsageFile.objects.in_bulk({row["file_id"] for row in rows})
    found = [_usage_of_line(row, files[row["file_id"]]) for row in rows]
    return sorted(found, key=lambda record: (record.month, record.end_at, record.record_id))


def _usage_of_line(row: Mapping[str, Any], file: UsageFile) -> UsageOfLine:
    fields = line_fields(row["line"], format=file.format, columns=file.columns) or {}
    charged = TABLE[row["way"]]
    in_pool = charged.draw is Draws.POOL
    return UsageOfLine(
        record_id=fields.get("record_id", "").strip(),
        start_at=row["start_at"],
        end_at=row["end_at"],
        call_type=fields.get("call_type", "").strip(),
        other_number=fields.get("other_number", "").strip(),
        visited_area=fields.get("visited_area", "").strip(),
        duration_s=row["duration_s"],
        volume_kb=int(fields.get("volume_kb", "").strip() or 0),
        month=row["month"],
        item=ITEMS[row["item"]],
        why=EXPLANATION_OF_WAY[charged.way],
        quantity=row["quantity"],
        vpn_before=row["vpn_before"],
        vpn_minutes=row["vpn_minutes"],
        drawn_before=row["draw_before"],
        pool_minutes=row["drawn_units"] if in_pool else 0,
        plan_units=0 if in_pool else row["drawn_units"],
        charged_units=row["quantity"] - row["vpn_minutes"] - row["drawn_units"],
        amount_hao=row["amount_hao"],
        info_fee_hao=row["info_fee_hao"],
    )


def pool_by_day(*, bundle_id: int, month: Month) -> list[PoolDay]:
    """Minutes that the bundle's calls drew, by the day on which they ended, where there are any."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH drawn AS (
                SELECT CAST(r.end_at AT TIME ZONE 'Asia/Shanghai' AS date) AS day,
                       coalesce(sum(r.drawn_units) FILTER (WHERE r.way = ANY (%(pool_ways)s)), 0)
                           AS pool,
                       coalesce(sum(r.vpn_minutes) FILTER (WHERE r.way = ANY (%(vpn_ways)s)), 0)
                           AS vpn
                FROM packages_wo_membership m
                JOIN billing_record r
                  ON r.month = %(month)s AND r.subscription_id = m.subscription_id
                 AND r.bundle_id = m.bundle_id
                WHERE m.bundle_id = %(bundle)s AND m.state IN ('in_force', 'ended')
                  AND m.valid_from <= %(month)s
                  AND (m.valid_until IS NULL OR m.valid_until > %(month)s)
                GROUP BY day
            )
            SELECT day, pool, vpn, sum(pool) OVER (ORDER BY day), sum(vpn) OVER (ORDER BY day)
            FROM drawn ORDER BY day
            """,
            {
                "month": month.first_day,
                "bundle": bundle_id,
                "pool_ways": list(POOL_WAYS),
                "vpn_ways": list(BUNDLE_VPN_WAYS),
            },
        )
        return [
            PoolDay(
                day=day,
                pool_minutes=int(pool),
                vpn_minutes=int(vpn),
                pool_so_far=int(pool_so_far),
                vpn_so_far=int(vpn_so_far),
            )
            for day, pool, vpn, pool_so_far, vpn_so_far in cursor.fetchall()
        ]
