"""A bill beside the one of the month before: their lines, and how the subscriptions stood."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.db.models import Q

from billing.models import Bill, BillLine, PayRelation
from billing.queries.archived_usage import archived_rows, months_in_place
from billing.rules.bill_changes import Billed, Change, Standing, Usage, compare
from billing.rules.house import ITEMS
from bss.kernel.periods import Month
from customers.models import Service, Subscription, SubscriptionState
from packages_wo.models import Membership, Pool

USAGE_SQL = Path(__file__).with_name("bill_usage.sql").read_text(encoding="utf-8")
SUMMED = (
    "billed_month", "item", "amount_hao", "info_fee_hao", "quantity", "vpn_minutes", "drawn_units",
)  # fmt: skip
"""What ``bill_usage.sql`` reads of a record."""
IN_STOP = (Subscription.State.SUSPENDED, Subscription.State.PRE_TERMINATED)
IN_USE = (Subscription.State.ACTIVE, Subscription.State.ON_HOLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolChange:
    """A bundle's shared minutes in both months; None where it had none."""

    bundle_id: int
    before: Pool | None
    after: Pool | None

    @property
    def both(self) -> list[Pool]:
        return [pool for pool in (self.before, self.after) if pool]


@dataclass(frozen=True, slots=True, kw_only=True)
class BillChanges:
    """``before`` is None when the account has no bill of the month before. Units: fen."""

    bill: Bill
    before: Bill | None
    changes: tuple[Change, ...]
    subscriptions: dict[int, Subscription]
    unchanged: int
    unchanged_fen: int
    pools: tuple[PoolChange, ...]

    @property
    def difference_fen(self) -> int:
        return self.bill.total_fen - (self.before.total_fen if self.before else 0)


def bill_changes(bill: Bill) -> BillChanges:
    """The bill against the account's bill of the month before, line by line.

    The changes sum to the difference of the two bills. A bill without a month has none.
    Source: BIL-2.
    """
    month = Month.of(bill.month) if bill.month else None
    before = _bill_before(bill, month) if month else None
    if month is None or before is None:
        return BillChanges(
            bill=bill,
            before=None,
            changes=(),
            subscriptions={},
            unchanged=0,
            unchanged_fen=0,
            pools=(),
        )
    old, new = _lines(before, month.previous), _lines(bill, month)
    concerned = {line.subscription_id for line in (*old, *new) if line.subscription_id}
    changes = compare(
        old,
        new,
        then=_standing(bill.account_id, month.previous, concerned),
        now=_standing(bill.account_id, month, concerned),
    )
    changed = {(one.subscription_id, one.item) for one in changes}
    same = [line for line in new if (line.subscription_id, line.item) not in changed]
    return BillChanges(
        bill=bill,
        before=before,
        changes=tuple(changes),
        subscriptions=Subscription.objects.in_bulk(concerned),
        unchanged=len(same),
        unchanged_fen=sum(line.amount_fen for line in same),
        pools=_pools(concerned, month),
    )


def _bill_before(bill: Bill, month: Month) -> Bill | None:
    return Bill.objects.filter(account=bill.account_id, month=month.previous.first_day).first()


def _lines(bill: Bill, month: Month) -> list[Billed]:
    rows = list(BillLine.objects.filter(bill=bill).order_by("position"))
    usage = _usage({row.subscription_id for row in rows if row.usage_hao is not None}, month)
    found = []
    for row in rows:
        hao, sums = usage.get((row.subscription_id, row.item), (None, None))
        found.append(
            Billed(
                line_id=row.pk,
                subscription_id=row.subscription_id,
                item=row.item,
                amount_fen=row.amount_fen,
                because=tuple(row.why.get("because", ())),
                is_usage=row.usage_hao is not None,
                usage=sums if hao == row.usage_hao else None,
            )
        )
    return found


def _usage(
    subscription_ids: Collection[int | None], month: Month
) -> dict[tuple[int | None, str], tuple[int, Usage]]:
    """(subscription, item) → what its rated records cost and come to.

    Of a subscription that two accounts paid in the month they are more than one bill's: whoever
    asks compares the hao with the line's.
    """
    ids = sorted(one for one in subscription_ids if one is not None)
    if not ids:
        return {}
    with months_in_place(), connection.cursor() as cursor:
        archived = archived_rows(
            first=month.previous.first_day,
            last=month.first_day,
            subscriptions=ids,
            columns=SUMMED,
        )
        cursor.execute(
            USAGE_SQL,
            {
                "month": month.first_day,
                "subscriptions": ids,
                "items": list(ITEMS),
                "archived": archived,
            },
        )
        return {
            (subscription, item): (
                int(hao),
                Usage(records=records, free_units=int(free), charged_units=int(charged)),
            )
            for subscription, item, hao, records, free, charged in cursor.fetchall()
        }


def _standing(account_id: int, month: Month, concerned: Collection[int]) -> Standing:
    paid = PayRelation.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=month.ends_at),
        account=account_id,
        subscription__in=concerned,
        valid_from__lt=month.ends_at,
    )
    return Standing(
        paid=frozenset(paid.values_list("subscription_id", flat=True)),
        covered=frozenset(_covered(month, concerned)),
        stopped=frozenset(_stopped(month, concerned)),
    )


def _covered(month: Month, concerned: Collection[int]) -> set[int]:
    """Whose plan fee a bundle's fee stands for: as billing/batch/plan_fees.sql has it."""
    members = _members(month, concerned)
    return {
        member.subscription_id
        for member in members
        if member.part == Membership.Part.SHARED_TERMINAL
        or (member.part == Membership.Part.BASE and member.subscription.service != Service.M3G)
    }


def _members(month: Month, concerned: Collection[int]) -> list[Membership]:
    rows = Membership.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=month.first_day),
        subscription__in=concerned,
        state__in=(Membership.State.IN_FORCE, Membership.State.ENDED),
        valid_from__lte=month.first_day,
    )
    return list(rows.select_related("subscription"))


def _stopped(month: Month, concerned: Collection[int]) -> set[int]:
    """Who was in debt stop as the month began, and not in use in it. Source: CRD-5."""
    rows = SubscriptionState.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=month.starts_at),
        subscription__in=concerned,
        valid_from__lt=month.ends_at,
    )
    stopped, used = set(), set()
    for subscription, state, since in rows.values_list("subscription_id", "state", "valid_from"):
        if state in IN_STOP and since <= month.starts_at:
            stopped.add(subscription)
        if state in IN_USE:
            used.add(subscription)
    return stopped - used


def _pools(concerned: Collection[int], month: Month) -> tuple[PoolChange, ...]:
    bundles = {
        member.bundle_id
        for of in (month.previous, month)
        for member in _members(of, concerned)
        if member.part != Membership.Part.VPN_TERMINAL
    }
    pools: dict[int, dict[Month, Pool]] = defaultdict(dict)
    months = (month.previous.first_day, month.first_day)
    for pool in Pool.objects.filter(bundle__in=bundles, month__in=months).order_by("bundle_id"):
        pools[pool.bundle_id][Month.of(pool.month)] = pool
    return tuple(
        PoolChange(bundle_id=bundle, before=of.get(month.previous), after=of.get(month))
        for bundle, of in pools.items()
    )
