"""Payments, reversals and special ledgers."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.oracle.amounts import yuan
from tests.oracle.world import World


def a_payment(random: Random, world: World, *, serial: int) -> dict[str, Any]:
    if world.keys and random.random() < 0.15:
        return _the_same_again(random, world)
    owing = [account for account in world.accounts.values() if account.owes]
    account = random.choice(owing or list(world.accounts.values()))
    if random.random() < 0.2:
        account = random.choice(list(world.accounts.values()))
    due = sum(bill.due for bill in account.bills)
    amount = random.choice([due, due, due // 2, due + 2500, 10_000]) or 3000
    fields = {"account": account.name, "amount": yuan(amount), "key": f"p{serial}"}
    special = [name for name in account.ledgers if name != "public"]
    if special and random.random() < 0.3:
        fields["ledger"] = random.choice(special)
    elif random.random() < 0.25:
        for subscription in world.subscriptions.values():
            alive = subscription.state in ("active", "suspended", "on_hold")
            if alive and world.payer_now(subscription.id) == account.name:
                del fields["account"]
                return {"number": subscription.number, **fields}
    return fields


def _the_same_again(random: Random, world: World) -> dict[str, Any]:
    key = random.choice(sorted(world.keys))
    account, ledger, amount = world.keys[key]["asked"]
    if random.random() < 0.3:
        amount += 100
    fields = {"account": account, "amount": yuan(amount), "key": key}
    return fields if ledger == "public" else {**fields, "ledger": ledger}


def a_reversal(random: Random, world: World) -> dict[str, Any]:
    return {"key": random.choice([*sorted(world.keys), *sorted(world.keys)[-1:], "p-none"])}


def a_special_ledger(
    random: Random, world: World, *, at: datetime, serial: int
) -> dict[str, Any] | None:
    accounts = [row.name for row in world.accounts.values() if row.unified]
    if not accounts:
        return None
    if random.random() < 0.08:
        accounts = list(world.subscriptions)
    fields: dict[str, Any] = {
        "account": random.choice(accounts),
        "name": f"l{serial}",
        "amount": random.choice(["5.00", "30.00", "100.00", "10.01", "250.00"]),
    }
    scope = _scope(random, world, fields["account"])
    if scope or random.random() < 0.5:
        fields["scope"] = scope
    if random.random() < 0.35:
        fields["gift"] = True
    if random.random() < 0.4:
        fields["months"] = random.choice([1, 2, 3, 4])
    if random.random() < 0.25:
        fields["expires"] = (at + timedelta(days=random.choice([2, 20, 60]))).date().isoformat()
    return fields


def _scope(random: Random, world: World, account: str) -> dict[str, list[str]]:
    members = [
        sub
        for bundle in world.bundles.values()
        if bundle.account == account
        for sub in bundle.latest.everyone
    ] or list(world.subscriptions)
    scope = {}
    if random.random() < 0.6:
        count = random.choice([1, 1, 1, 2])
        scope["subscriptions"] = random.sample(members, min(len(members), count))
    if random.random() < 0.25:
        scope["services"] = random.sample(["fixed", "m2g", "m3g", "broadband"], 2)
    if random.random() < 0.35:
        items = ["BUNDLE_FEE", "PACK_FEE", "PLAN_FEE", "SMS", "VOICE_LOCAL", "VOICE_ROAMING"]
        scope["items"] = random.sample(items, 2)
    return scope
