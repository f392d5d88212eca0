"""Plays a scenario and shows its outcome, as ``scenarios/README.md`` describes it."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.oracle import admission, billing, bundles, credit, drafts, money, orders
from tests.oracle.amounts import yuan
from tests.oracle.catalogue import Catalogue
from tests.oracle.entities import Account, Bundle, Order, Subscription
from tests.oracle.expectation import mismatches
from tests.oracle.rating import pool_minutes, rate_month, vpn_minutes
from tests.oracle.reader import BadFileError, merged, steps, usage_records
from tests.oracle.subscribers import customer_of, settle_in
from tests.oracle.world import World


def outcome(scenario: dict[str, Any], catalogue: dict[str, Any], directory: Path | str) -> dict:
    """The whole answer for one scenario: name, ok, mismatches, outcome."""
    world = new_world(scenario, catalogue)
    results, wrong = [], []
    for number, (at, kind, fields, refused) in enumerate(steps(scenario), start=1):
        rules = play(world, kind, fields, at=at, directory=directory)
        results.append({"refused": rules} if rules else {"ok": True})
        if rules != in_rule_order(refused or []):
            wrong.append(f"step {number}: refused by {rules}, expected {refused or []}")
    shown = {"steps": results, **state_of(world)}
    wrong += mismatches(scenario.get("expect") or {}, shown)
    return {"name": scenario.get("name"), "ok": not wrong, "mismatches": wrong, "outcome": shown}


def new_world(scenario: dict[str, Any], catalogue: dict[str, Any]) -> World:
    world = World(Catalogue(merged(catalogue, scenario.get("catalogue") or {})))
    for name, row in (scenario.get("customers") or {}).items():
        world.customers[name] = customer_of(name, row)
    for name, row in (scenario.get("subscriptions") or {}).items():
        settle_in(world, name, row)
    return world


def play(
    world: World, kind: str, fields: Any, *, at: datetime, directory: Path | str = "."
) -> list[str]:
    """One step; the rules that refuse it, in their order."""
    rules: set[str] | None = None
    match kind:
        case "order":
            rules = drafts.accept(world, fields, at=at)
        case "complete":
            rules = orders.complete(world, fields, at=at)
        case "withdraw":
            rules = orders.withdraw(world, fields, at=at)
        case "pay":
            rules = money.pay(world, fields, at=at)
        case "reverse":
            rules = money.reverse(world, fields, at=at)
        case "special_ledger":
            rules = money.open_special(world, fields, at=at)
        case "usage":
            admission.load(world, usage_records(fields, directory), at=at)
        case "month_start":
            bundles.start_month(world, fields, at=at)
        case "close_month":
            billing.close_month(world, fields, at=at)
        case "credit_run":
            credit.run(world, at=at)
        case _:
            raise BadFileError(f"unknown step {kind!r}")
    return in_rule_order(rules or [])


def in_rule_order(rules: Any) -> list[str]:
    """By the rules' letters, then numbers, each once."""

    def key(rule: str) -> tuple[str, int]:
        letters, number = re.fullmatch(r"([A-Z]+)-([0-9]+)", rule).groups()
        return letters, int(number)

    return sorted(set(rules), key=key)


def state_of(world: World) -> dict[str, Any]:
    return {
        "orders": {name: _order(row) for name, row in world.orders.items()},
        "bundles": {name: _bundle(row) for name, row in world.bundles.items()},
        "subscriptions": {
            name: _subscription(world, row) for name, row in world.subscriptions.items()
        },
        "pools": _pools(world),
        "usage": {
            "records": world.loaded,
            "rated": len(world.records),
            "rejected": dict(world.rejected),
        },
        "bills": _bills(world),
        "ledgers": {name: _ledgers(row) for name, row in world.accounts.items()},
    }


def _order(order: Order) -> dict[str, Any]:
    return {
        "state": order.state,
        "completed_on": order.completed_on and order.completed_on.isoformat(),
        "work_orders": {
            name: {
                "state": order.state_of(work_order),
                "rule": work_order.rule,
                "after": list(work_order.after),
            }
            for name, work_order in order.work_orders.items()
        },
    }


def _bundle(bundle: Bundle) -> dict[str, Any]:
    return {
        "state": bundle.state,
        "offering": bundle.offering,
        "scheme": bundle.latest.scheme,
        "tier": bundle.latest.tier,
        "effective": bundle.effective and bundle.effective.isoformat(),
        "ends": bundle.ends and bundle.ends.isoformat(),
        "members": bundle.latest.everyone,
    }


def _subscription(world: World, subscription: Subscription) -> dict[str, Any]:
    plan = subscription.plan
    bundle = world.has_bundle_plan(subscription.id)
    if bundle:
        plan = f"{bundle.offering}-{bundle.now.scheme}-{bundle.now.tier}"
    return {
        "state": subscription.state,
        "plan": plan,
        "number": subscription.number,
        "owner": subscription.owner,
        "paid_by": world.payer_now(subscription.id),
    }


def _pools(world: World) -> dict[str, Any]:
    """Every month that had a month start while the bundle was in force."""
    pools: dict[str, Any] = {}
    for month in sorted(world.started):
        used = rate_month(world, month)[1]
        for bundle in world.bundles.values():
            composition = bundle.in_month(month)
            if composition:
                pools.setdefault(bundle.id, {})[month] = {
                    "minutes": pool_minutes(world, bundle, composition),
                    "used": used.pool[bundle.id],
                    "vpn_minutes": vpn_minutes(world, bundle, composition),
                    "vpn_used": used.vpn[bundle.id],
                }
    return pools


def _bills(world: World) -> dict[str, Any]:
    bills: dict[str, Any] = {}
    for account in world.accounts.values():
        for bill in account.bills:
            if bill.due_on is None:
                continue
            total = sum(line.amount for line in bill.lines)
            bills.setdefault(account.name, {})[bill.month] = {
                "total": yuan(total),
                "lines": {f"{row.subscription} {row.item}": yuan(row.amount) for row in bill.lines},
                "paid": yuan(total - bill.due),
                "due": yuan(bill.due),
            }
    return bills


def _ledgers(account: Account) -> dict[str, str]:
    return {name: yuan(row.cash + row.gift) for name, row in account.ledgers.items()}
