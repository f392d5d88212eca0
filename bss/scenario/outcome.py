"""What came of a scenario, whole, in the words of the file."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from billing.models import Account, Bill, BillLine, Ledger, PayRelation
from billing.queries.usage import usage_totals
from bss.kernel.periods import business_date
from bss.kernel.units import yuan
from bss.scenario.world import World
from customers.models import Subscription
from orders.models import Order, WorkOrder
from packages_wo.models import Bundle, BundleChange, BundleTerm, Pool
from packages_wo.queries.bundles import composition_of, shown_plan


def outcome_of(world: World, steps: list[dict[str, Any]]) -> dict[str, Any]:
    """The outcome in the shape that the scenario format names."""
    return {
        "steps": steps,
        "orders": _orders(world),
        "bundles": _bundles(world),
        "subscriptions": _subscriptions(world),
        "pools": _pools(world),
        "usage": usage_totals(),
        "bills": _bills(world),
        "ledgers": _ledgers(world),
    }


def work_order_names(
    work_orders: Iterable[WorkOrder], subscription_names: dict[int, str]
) -> dict[int, str]:
    """Id → ``TYPE SUBSCRIPTION``, with the product of a value-added one."""
    return {
        work_order.pk: " ".join(
            part
            for part in (
                work_order.type,
                subscription_names[work_order.subscription_id],
                work_order.product,
            )
            if part
        )
        for work_order in work_orders
    }


def _orders(world: World) -> dict[str, Any]:
    names = {pk: name for name, pk in world.orders.items()}
    work_orders: dict[int, list[WorkOrder]] = defaultdict(list)
    for work_order in WorkOrder.objects.filter(order__in=names).prefetch_related("after"):
        work_orders[work_order.order_id].append(work_order)
    found: dict[str, Any] = {}
    for order in Order.objects.filter(pk__in=names).order_by("id"):
        mine = sorted(work_orders[order.pk], key=lambda work_order: work_order.position)
        called = work_order_names(mine, world.subscription_names())
        found[names[order.pk]] = {
            "state": order.state,
            "completed_on": _day(order.completed_at and business_date(order.completed_at)),
            "work_orders": {
                called[work_order.pk]: {
                    "state": work_order.state,
                    "rule": work_order.rule or None,
                    "after": [
                        called[before.pk]
                        for before in sorted(work_order.after.all(), key=_after_order)
                    ],
                }
                for work_order in mine
            },
        }
    return found


def _after_order(before: WorkOrder) -> tuple[bool, int]:
    """The own reservation first, then the line that a broadband waits for."""
    return before.type != WorkOrder.Type.RESERVE_RESOURCE, before.position


def _bundles(world: World) -> dict[str, Any]:
    opened_by = {
        order.bundle_id: name
        for name, order in _named_orders(world)
        if order.type == Order.Type.OPEN_BUNDLE
    }
    names = world.subscription_names()
    # In force, else what was ordered; ended: the last.
    openings = BundleChange.objects.filter(bundle__in=opened_by, kind=BundleChange.Kind.OPEN)
    terms = BundleTerm.objects.filter(bundle__in=opened_by).order_by("valid_from")
    shown = {change.bundle_id: change for change in openings.select_related("bundle")} | {
        term.bundle_id: term.change for term in terms.select_related("change__bundle")
    }
    found: dict[str, Any] = {}
    for bundle in Bundle.objects.filter(pk__in=opened_by).order_by("id"):
        composition = composition_of(shown[bundle.pk])
        found[opened_by[bundle.pk]] = {
            "state": bundle.state,
            "offering": bundle.offering,
            "scheme": composition.scheme,
            "tier": composition.tier,
            "effective": _day(bundle.effective_on),
            "ends": _day(bundle.ends_on),
            "members": [names[member] for member in composition.members],
        }
    return found


def _named_orders(world: World) -> list[tuple[str, Order]]:
    orders = Order.objects.in_bulk(world.orders.values())
    return [(name, orders[pk]) for name, pk in world.orders.items()]


def _subscriptions(world: World) -> dict[str, Any]:
    ids = list(world.subscriptions.values())
    subscriptions = Subscription.objects.in_bulk(ids)
    owners = {pk: name for name, pk in world.customers.items()}
    accounts = world.account_names()
    payers = dict(
        PayRelation.objects.filter(subscription__in=ids)
        .order_by("valid_from", "id")
        .values_list("subscription_id", "account_id")
    )
    plans = shown_plan(ids)
    return {
        name: {
            "state": subscriptions[pk].state,
            "plan": plans[pk],
            "number": subscriptions[pk].number,
            "owner": owners[subscriptions[pk].owner_id],
            "paid_by": accounts[payers[pk]],
        }
        for name, pk in world.subscriptions.items()
    }


def _pools(world: World) -> dict[str, Any]:
    opened = {
        order.bundle_id: name
        for name, order in _named_orders(world)
        if order.type == Order.Type.OPEN_BUNDLE
    }
    found: dict[str, Any] = {}
    for pool in Pool.objects.filter(bundle__in=opened).order_by("bundle", "month"):
        found.setdefault(opened[pool.bundle_id], {})[f"{pool.month:%Y-%m}"] = {
            "minutes": pool.minutes,
            "used": pool.used,
            "vpn_minutes": "unlimited" if pool.vpn_minutes is None else pool.vpn_minutes,
            "vpn_used": pool.vpn_used,
        }
    return found


def _bills(world: World) -> dict[str, Any]:
    accounts = world.account_names()
    names = world.subscription_names()
    lines: dict[int, list[BillLine]] = defaultdict(list)
    for line in BillLine.objects.filter(bill__month__isnull=False).order_by("bill", "position"):
        lines[line.bill_id].append(line)
    found: dict[str, Any] = {}
    for bill in Bill.objects.filter(month__isnull=False).order_by("account", "month"):
        found.setdefault(accounts[bill.account_id], {})[f"{bill.month:%Y-%m}"] = {
            "total": yuan(bill.total_fen),
            "lines": {
                f"{names[line.subscription_id or 0]} {line.item}": yuan(line.amount_fen)
                for line in lines[bill.pk]
            },
            "paid": yuan(bill.paid_fen),
            "due": yuan(bill.due_fen),
        }
    return found


def _ledgers(world: World) -> dict[str, Any]:
    accounts = world.account_names()
    found: dict[str, Any] = {
        accounts[pk]: {} for pk in Account.objects.order_by("id").values_list("id", flat=True)
    }
    for ledger in Ledger.objects.filter(account__isnull=False).order_by("account", "id"):
        name = "public" if ledger.kind == Ledger.Kind.PUBLIC else ledger.name
        found[accounts[ledger.account_id or 0]][name] = yuan(ledger.cash_fen + ledger.gift_fen)
    return found


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
