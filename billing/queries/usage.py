"""What usage came to: totals, and the calls behind a bill line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Count, Sum

from billing.models import BillLine, UsageFile, UsageReject
from billing.queries.archived_usage import archived_rows, months_in_place
from billing.rules.charging import TABLE, Draws
from billing.rules.house import ITEMS
from billing.rules.usage_line import line_fields
from billing.rules.ways import EXPLANATION_OF_WAY, Explanation
from bss.kernel.periods import Month, day_start

LINE_USAGE_SQL = Path(__file__).with_name("line_usage.sql").read_text(encoding="utf-8")

SHOWN = (
    "billed_month", "end_at", "duration_s", "file_id", "line", "item", "way", "quantity",
    "vpn_before", "vpn_minutes", "draw_before", "drawn_units", "amount_hao", "info_fee_hao",
)  # fmt: skip
"""What a page tells of a record."""
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
    """The records that a bill line sums, in the order in which they were served; [] for a fee.

    Raises: StoreFaultError when they are archived and their file cannot be read.
    """
    bill = line.bill
    if bill.month is None or line.subscription_id is None:
        return []
    with months_in_place(), connection.cursor() as cursor:
        archived = archived_rows(
            first=Month.of(bill.month).previous.first_day,
            last=bill.month,
            subscriptions=[line.subscription_id],
            columns=SHOWN,
        )
        cursor.execute(
            LINE_USAGE_SQL,
            {
                "billed_month": bill.month,
                "billed_from": day_start(bill.month),
                "account": bill.account_id,
                "subscription": line.subscription_id,
                "item": line.item,
                "items": list(ITEMS),
                "archived": archived,
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
