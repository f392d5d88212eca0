"""What re-ratings found, and whether a month may be re-rated now."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Abs

from billing.models import Account, BillLine, ClosedMonth, ReratedLine, Rerating
from billing.queries.control_room import close_run
from billing.queries.rating_terms import rating_terms
from billing.queries.usage_months import is_archived
from billing.rules.rerating import Treatment
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.models import BatchRun
from bss.kernel.periods import Month

LARGEST_KEPT = 50
ARCHIVED = "%(month)s 的话单已归档，不能重批；请先运行 manage.py restore_usage %(month)s 调回话单。"
CLOSING = "%(month)s 正在出帐，还没有完成；出完帐再重批。"
DIGEST = """
    SELECT encode(sha256(convert_to(coalesce(string_agg(concat_ws(' ',
        month, account_id, subscription_id, item, old_fen, new_fen, treatment),
        E'\\n' ORDER BY month, account_id, subscription_id, item), ''), 'UTF8')), 'hex')
    FROM billing_reratedline WHERE rerating_id = %s
"""


def months_of(rerating: Rerating) -> list[Month]:
    """Its months, the earliest first."""
    months, last = [Month.of(rerating.first_month)], Month.of(rerating.last_month)
    while months[-1] < last:
        months.append(months[-1].next)
    return months


def refuse_archived(month: Month) -> None:
    """Raises: BadInputError when its records are archived: then nothing can be rated anew."""
    if is_archived(month):
        raise BadInputError(("month", Sentence(ARCHIVED, month=str(month))))


def is_billed(month: Month) -> bool:
    """Whether it is closed. Raises: BadInputError while its close is under way."""
    run, _ = close_run(month)
    over = (BatchRun.State.DONE, BatchRun.State.CANCELLED)
    if run is not None and run.state not in over:
        raise BadInputError(("month", Sentence(CLOSING, month=str(month))))
    return ClosedMonth.objects.filter(month=month.first_day).exists()


def version_of(month: Month) -> int:
    """The catalogue version that prices the month now. Raises: NoCatalogueError."""
    return rating_terms(month).version_id


def digest_of(rerating: Rerating) -> str:
    """The fingerprint of all its lines."""
    with connection.cursor() as cursor:
        cursor.execute(DIGEST, [rerating.pk])
        return str(cursor.fetchone()[0])


def totals_of(rerating: Rerating) -> dict[str, Any]:
    """Counts and sums of its lines; credits are negative. Units: fen."""
    difference = F("new_fen") - F("old_fen")
    adjust = Q(treatment=Treatment.ADJUST)
    return rerating.lines.aggregate(
        lines=Count("pk"),
        accounts=Count("account", distinct=True),
        bills=Count("bill_line__bill", distinct=True, filter=adjust),
        adjusted_accounts=Count("account", distinct=True, filter=adjust),
        credits_fen=Sum(difference, filter=adjust & Q(new_fen__lt=F("old_fen")), default=0),
        debits_fen=Sum(difference, filter=adjust & Q(new_fen__gt=F("old_fen")), default=0),
        replaced_fen=Sum(difference, filter=Q(treatment=Treatment.REPLACE), default=0),
        **{str(one): Count("pk", filter=Q(treatment=one)) for one in Treatment},
    )


def months_found(rerating: Rerating) -> Mapping[Month, Mapping[str, int]]:
    """Accounts, credits and debits by month."""
    difference = F("new_fen") - F("old_fen")
    rows = (
        rerating.lines.order_by("month")
        .values("month")
        .annotate(
            accounts=Count("account", distinct=True),
            less_fen=Sum(difference, filter=Q(new_fen__lt=F("old_fen")), default=0),
            more_fen=Sum(difference, filter=Q(new_fen__gt=F("old_fen")), default=0),
        )
    )
    return {
        Month.of(row["month"]): {name: row[name] for name in ("accounts", "less_fen", "more_fen")}
        for row in rows
    }


def lines_by_item(rerating: Rerating) -> Mapping[str, int]:
    """Item → how many of its lines come out otherwise."""
    rows = rerating.lines.order_by("item").values_list("item").annotate(Count("pk"))
    return dict(rows)


def largest_of(rerating: Rerating) -> Sequence[tuple[Account, int, ReratedLine]]:
    """The accounts that it moves most: the sum in fen, and the weightiest line of each."""
    difference = F("new_fen") - F("old_fen")
    sums = dict(
        rerating.lines.order_by()
        .values_list("account")
        .annotate(fen=Sum(difference))
        .order_by(Abs("fen").desc(), "account")[:LARGEST_KEPT]
    )
    return [
        (line.account, sums[line.account_id], line)
        for line in sorted(_weightiest(rerating, sums), key=lambda row: -abs(sums[row.account_id]))
    ]


def _weightiest(rerating: Rerating, accounts: Iterable[int]) -> Iterable[ReratedLine]:
    rows = rerating.lines.filter(account__in=list(accounts)).select_related("account")
    return rows.order_by("account_id", Abs(F("new_fen") - F("old_fen")).desc(), "pk").distinct(
        "account_id"
    )


def item_label(item: str) -> str:
    """The message id of a charge item."""
    return str(BillLine.Item(item).label)
