"""A bundle's shared minutes day by day, as its calls drew them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import connection

from billing.queries.archived_usage import archived_rows, months_in_place
from billing.rules.charging import BUNDLE_VPN_WAYS, POOL_WAYS
from bss.kernel.periods import Month
from packages_wo.models import Membership

POOL_DAYS_SQL = Path(__file__).with_name("pool_days.sql").read_text(encoding="utf-8")
DRAWN = ("bundle_id", "end_at", "way", "vpn_minutes", "drawn_units")


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolDay:
    """What a bundle drew on a day, and in the month up to its end."""

    day: date
    pool_minutes: int
    vpn_minutes: int
    pool_so_far: int
    vpn_so_far: int


def pool_by_day(*, bundle_id: int, month: Month) -> list[PoolDay]:
    """Minutes that the bundle's calls drew, by the day on which they ended, where there are any.

    Raises: StoreFaultError when they are archived and their file cannot be read.
    """
    members = Membership.objects.filter(bundle=bundle_id).order_by("pk")
    with months_in_place(), connection.cursor() as cursor:
        archived = archived_rows(
            first=month.first_day,
            last=month.first_day,
            subscriptions=set(members.values_list("subscription_id", flat=True)),
            columns=DRAWN,
        )
        cursor.execute(
            POOL_DAYS_SQL,
            {
                "month": month.first_day,
                "bundle": bundle_id,
                "pool_ways": list(POOL_WAYS),
                "vpn_ways": list(BUNDLE_VPN_WAYS),
                "archived": archived,
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
