"""Closes a month: fees and usage become bill lines, bills are issued and paid (BIL, CRD-5)."""

from collections import defaultdict
from datetime import datetime, timedelta

from tests.oracle import money
from tests.oracle.amounts import fen, fen_of_hao, half_up
from tests.oracle.entities import Bill, Bundle, Composition, Line, Subscription
from tests.oracle.months import begins_at, days_in, ends_at, last_day, later, month_of
from tests.oracle.rating import rate_month
from tests.oracle.world import World

ITEM_ORDER = [
    "BUNDLE_FEE",
    "PACK_FEE",
    "PLAN_FEE",
    "HOLD_FEE",
    "ONE_OFF_FEE",
    "VOICE_LOCAL",
    "VOICE_DOMESTIC",
    "VOICE_SERVICE",
    "VOICE_VPN",
    "VOICE_FORWARD",
    "VOICE_HMT",
    "VOICE_INTL",
    "VOICE_ROAMING",
    "SMS",
    "DATA",
    "INFO_FEE",
    "LATE_USAGE",
    "ADJUSTMENT",
]


def close_month(world: World, month: str, *, at: datetime) -> None:
    if month in world.closed:
        return
    world.closed.append(month)
    amounts = Billing(world, month).amounts()
    order = list(world.subscriptions)
    billed: dict[str, list[Line]] = defaultdict(list)
    for (account, sub, item), amount in sorted(
        amounts.items(), key=lambda row: (order.index(row[0][1]), ITEM_ORDER.index(row[0][2]))
    ):
        if amount:
            billed[account].append(Line(sub, item, amount))
    for name, lines in billed.items():
        bill = Bill(month=month, due_on=last_day(later(month)), lines=lines)
        money.issue(world.account(name), bill)
    for name in billed:
        money.pay_bills(world, world.account(name), at=at)
    _move_cash_of_new_members(world, month, at=at)


def _move_cash_of_new_members(world: World, month: str, *, at: datetime) -> None:
    """ACC-9."""
    for bundle in world.bundles.values():
        composition = bundle.in_month(later(month))
        for sub in composition.everyone if composition else []:
            begins = world.unified_payer_in(sub, later(month)) == bundle.account
            if not begins or world.unified_payer_in(sub, month) == bundle.account:
                continue
            own = world.account(world.subscriptions[sub].account)
            unified = world.account(bundle.account)
            if own.owner == unified.owner:
                money.move_public_cash(world, source=own, target=unified, at=at)


class Billing:
    """What every account owes for one month, by (account, subscription, item)."""

    def __init__(self, world: World, month: str):
        self.world, self.cat, self.month = world, world.catalogue, month
        self.fees: dict[tuple[str, str, str], int] = defaultdict(int)

    def amounts(self) -> dict[tuple[str, str, str], int]:
        for subscription in self.world.subscriptions.values():
            self._subscription_fee(subscription)
        for bundle in self.world.bundles.values():
            composition = bundle.in_month(self.month)
            if composition:
                self._bundle_fees(bundle, composition)
        self._one_offs()
        usage = {key: fen_of_hao(amount) for key, amount in self._usage_hao().items()}
        return {**self.fees, **usage}

    def _subscription_fee(self, subscription: Subscription) -> None:
        sub, month = subscription.id, self.month
        if not subscription.began or subscription.began >= ends_at(month):
            return
        if subscription.state_at(begins_at(month)) == "terminated":
            return
        if self._owes_nothing(sub):
            return
        account = self.world.unified_payer_in(sub, month) or subscription.account_at(
            ends_at(month) - timedelta(microseconds=1)
        )
        if self._on_hold_all_month(subscription):
            hold = fen(self.cat.data["fees"]["hold_monthly"][subscription.service])
            self.fees[account, sub, "HOLD_FEE"] += hold
            return
        found = self.world.bundle_in(sub, month)
        if found and self.world.takes_bundle_plan(found[1], sub, subscription.service):
            return
        self.fees[account, sub, "PLAN_FEE"] += self._plan_fee(subscription)

    def _on_hold_all_month(self, subscription: Subscription) -> bool:
        """One that is terminated within the month was not on hold for the whole of it."""
        begins_on_hold = subscription.state_at(begins_at(self.month)) == "on_hold"
        return begins_on_hold and subscription.states_in(self.month) == {"on_hold"}

    def _plan_fee(self, subscription: Subscription) -> int:
        month, began = self.month, subscription.began
        plan = self.cat.plan(subscription.plan_in(month))
        monthly = fen(plan["monthly"])
        if month_of(began) != month or plan["first_month"] == "full":
            return monthly
        if plan["first_month"] == "half":
            return half_up(monthly, 2)
        last = last_day(month)
        for at, state in subscription.states:
            if state == "terminated" and at < ends_at(month):
                last = at.date()
        days = (last - began.date()).days + 1
        return half_up(monthly * days, days_in(month))

    def _bundle_fees(self, bundle: Bundle, composition: Composition) -> None:
        """CRD-5: none when all but its 3G member were stopped the whole month."""
        paying = [
            sub for sub in composition.members if self.world.subscriptions[sub].service != "m3g"
        ]
        if all(self._owes_nothing(sub) for sub in paying):
            return
        main = (bundle.account, composition.main)
        fee = self.cat.bundle_fen(bundle.offering, composition.scheme, composition.tier)
        self.fees[*main, "BUNDLE_FEE"] += fee
        self.fees[*main, "PACK_FEE"] += sum(
            fen(self.cat.pack(pack)["monthly"]) for pack in composition.packs
        )

    def _owes_nothing(self, sub: str) -> bool:
        """CRD-5: stopped when the month begins, and neither active nor on hold in it."""
        if self.cat.data.get("suspended_month", "none") == "full":
            return False
        subscription = self.world.subscriptions[sub]
        at_begin = subscription.state_at(begins_at(self.month))
        if at_begin not in ("suspended", "pre_terminated"):
            return False
        return not subscription.states_in(self.month) & {"active", "on_hold"}

    def _one_offs(self) -> None:
        for fee in self.world.one_offs:
            if month_of(fee.at) == self.month:
                account = self._payer(fee.subscription, fee.at)
                self.fees[account, fee.subscription, "ONE_OFF_FEE"] += fee.amount

    def _usage_hao(self) -> dict[tuple[str, str, str], int]:
        usage: dict[tuple[str, str, str], int] = defaultdict(int)
        for record, charges in rate_month(self.world, self.month)[0]:
            if not record.late_in:
                account = self._payer(record.subscription, record.start)
                for item, amount in charges:
                    usage[account, record.subscription, item] += amount
        for record, charges in rate_month(self.world, later(self.month, -1))[0]:
            if record.late_in == self.month:
                account = self._payer(record.subscription, record.start)
                for _, amount in charges:
                    usage[account, record.subscription, "LATE_USAGE"] += amount
        return usage

    def _payer(self, sub: str, at: datetime) -> str:
        """The unified account of the bill's month, else the independent one of that moment."""
        own = self.world.subscriptions[sub].account_at(at)
        return self.world.unified_payer_in(sub, self.month) or own
