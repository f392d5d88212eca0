"""What the allowances of a month gave so far (``billing_drawn``), and what its pools show of it."""

from collections.abc import Sequence

import numpy as np
from django.db import connection

from billing.batch.usage.binary import EPOCH_2000_US, Column, copy_rows, days_of
from billing.batch.usage.draw import GROUPS, Balance
from billing.batch.usage.ways import BUNDLE_GROUP
from billing.batch.usage.words import Ints
from bss.kernel.periods import Month


def has_balances(month: Month) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM billing_drawn WHERE month = %s)", [month.first_day]
        )
        return bool(cursor.fetchone()[0])


def no_balances() -> Balance:
    return Balance(*(np.zeros(0, np.int64) for _ in Balance.names()))


def read_balances(month: Month, groups: Ints) -> Balance:
    """The balances of these groups, each once and sorted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT owner_group, (extract(epoch FROM last_end_at) * 1000000)::bigint,"
            " vpn_asked, vpn_drawn, asked, drawn FROM billing_drawn"
            " WHERE month = %s AND owner_group = ANY (%s) ORDER BY owner_group",
            [month.first_day, np.unique(groups).tolist()],
        )
        rows = np.array(cursor.fetchall(), np.int64).reshape(-1, 6)
    return Balance(*(rows[:, column].copy() for column in range(6)))


def write_balances(month: Month, balance: Balance) -> None:
    """Keep what the groups' allowances gave by now; rows that say so already stay as they are."""
    if not len(balance):
        return
    with connection.cursor() as cursor:
        columns = _balance_columns(month, balance)
        if not has_balances(month):
            copy_rows(cursor, "billing_drawn", columns)
            return
        cursor.execute(
            "CREATE TEMP TABLE IF NOT EXISTS drawn_now (LIKE billing_drawn) ON COMMIT DROP;"
            "TRUNCATE drawn_now"
        )
        copy_rows(cursor, "drawn_now", columns)
        cursor.execute(
            "ANALYZE drawn_now;"
            "INSERT INTO billing_drawn SELECT * FROM drawn_now n WHERE NOT EXISTS ("
            " SELECT FROM billing_drawn d WHERE d.month = n.month AND d.owner_group = n.owner_group"
            " AND (d.last_end_at, d.vpn_asked, d.vpn_drawn, d.asked, d.drawn)"
            " = (n.last_end_at, n.vpn_asked, n.vpn_drawn, n.asked, n.drawn))"
            " ON CONFLICT (month, owner_group) DO UPDATE SET last_end_at = excluded.last_end_at,"
            " vpn_asked = excluded.vpn_asked, vpn_drawn = excluded.vpn_drawn,"
            " asked = excluded.asked, drawn = excluded.drawn"
        )


def forget_balances(month: Month, groups: Ints, *, but: Ints) -> None:
    """Take away what these groups' allowances gave, but for some that still give."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT owner_group FROM billing_drawn WHERE month = %s AND owner_group = ANY (%s)",
            [month.first_day, groups.tolist()],
        )
        held = np.array([group for (group,) in cursor.fetchall()], np.int64)
        gone = np.setdiff1d(held, but)
        if len(gone):
            cursor.execute(
                "DELETE FROM billing_drawn WHERE month = %s AND owner_group = ANY (%s)",
                [month.first_day, gone.tolist()],
            )


def _balance_columns(month: Month, balance: Balance) -> list[Column]:
    return [
        Column("month", days_of(month.first_day), 4),
        Column("owner_group", balance.group),
        Column("last_end_at", balance.last_us - EPOCH_2000_US),
        Column("vpn_asked", balance.vpn_asked),
        Column("vpn_drawn", balance.vpn_drawn),
        Column("asked", balance.asked),
        Column("drawn", balance.drawn),
    ]


def count_pools(month: Month, bundles: Sequence[int]) -> None:
    """Tell the month's pools of these bundles what they gave."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE packages_wo_pool p"
            " SET used = coalesce(d.drawn, 0), vpn_used = coalesce(d.vpn_drawn, 0)"
            " FROM unnest(%(bundles)s::bigint[]) AS b (id)"
            " LEFT JOIN billing_drawn d"
            " ON d.month = %(month)s AND d.owner_group = b.id * %(groups)s + %(kind)s"
            " WHERE p.bundle_id = b.id AND p.month = %(month)s AND (p.used, p.vpn_used)"
            " IS DISTINCT FROM (coalesce(d.drawn, 0), coalesce(d.vpn_drawn, 0))",
            {
                "bundles": list(bundles),
                "month": month.first_day,
                "groups": GROUPS,
                "kind": BUNDLE_GROUP,
            },
        )
