"""The steps of a scenario, each one call of the service that clerks, agents or the batch use."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from billing.services import (
    credit_control,
    ledgers,
    month_end,
    month_start,
    payments,
    reversals,
    usage,
)
from bss.kernel.periods import Month
from bss.kernel.units import parse_yuan_fen
from bss.scenario.orders import request_of
from bss.scenario.outcome import work_order_names
from bss.scenario.reader import BadScenarioError, Scenario, Step
from bss.scenario.world import World
from customers.models import Subscription
from orders.models import Order, WorkOrder
from orders.services import acceptance, withdrawal, work_orders

Action = Callable[[Step, World, Scenario], None]


def take_order(step: Step, world: World, scenario: Scenario) -> None:
    order = acceptance.accept(
        request=request_of(step.fields, world, step.place),
        at=step.at,
        channel_id=world.channel_id,
    )
    world.orders[step.fields["id"]] = order.pk
    for name, new in step.fields.get("new", {}).items():
        latest = Subscription.objects.filter(number=new["number"]).latest("id")
        world.subscriptions[name] = latest.pk
    if "account" in step.fields:
        _remember_account(step.fields["account"], order, world)


def _remember_account(name: str, order: Order, world: World) -> None:
    assert order.bundle is not None
    world.unified_accounts[name] = order.bundle.paying.account_id


def complete(step: Step, world: World, scenario: Scenario) -> None:
    if isinstance(step.fields, str):
        order_id = world.order(step.fields, step.place)
        work_orders.complete(order_id=order_id, at=step.at)
        return
    order_id = world.order(step.fields["order"], step.place)
    names = step.fields.get("work_orders")
    ids = None if names is None else _work_order_ids(order_id, names, world, step.place)
    work_orders.complete(order_id=order_id, work_order_ids=ids, at=step.at)


def _work_order_ids(order_id: int, names: list[str], world: World, place: str) -> list[int]:
    mine = WorkOrder.objects.filter(order=order_id)
    called = {name: pk for pk, name in work_order_names(mine, world.subscription_names()).items()}
    for name in names:
        if name not in called:
            raise BadScenarioError(place, f"the order has no work order {name!r}")
    return [called[name] for name in names]


def withdraw(step: Step, world: World, scenario: Scenario) -> None:
    withdrawal.withdraw(order_id=world.order(step.fields, step.place), at=step.at)


def pay(step: Step, world: World, scenario: Scenario) -> None:
    given = step.fields
    common: dict[str, Any] = {
        "amount_fen": parse_yuan_fen(given["amount"]),
        "key": given["key"],
        "at": step.at,
        "channel_id": world.channel_id,
    }
    if "number" in given:
        payments.top_up(number=given["number"], **common)
        return
    ledger = given.get("ledger", "public")
    payments.pay(
        account_id=world.account(given["account"], step.place),
        ledger_name=None if ledger == "public" else ledger,
        **common,
    )


def reverse(step: Step, world: World, scenario: Scenario) -> None:
    reversals.reverse(key=step.fields["key"], at=step.at)


def open_special_ledger(step: Step, world: World, scenario: Scenario) -> None:
    given = step.fields
    expires = given.get("expires")
    ledgers.open_special(
        account_id=world.account(given["account"], step.place),
        name=given["name"],
        scope=_scope(given.get("scope", {}), world, step.place),
        amount_fen=parse_yuan_fen(given["amount"]),
        gift=given.get("gift", False),
        months=given.get("months"),
        expires_on=None if expires is None else date.fromisoformat(expires),
        at=step.at,
        channel_id=world.channel_id,
    )


def _scope(given: Mapping[str, Any], world: World, place: str) -> ledgers.Scope:
    names = given.get("subscriptions")
    return ledgers.Scope(
        subscriptions=names and tuple(world.subscription(name, place) for name in names),
        services=given.get("services") and tuple(given["services"]),
        items=given.get("items") and tuple(given["items"]),
    )


def load_usage(step: Step, world: World, scenario: Scenario) -> None:
    if isinstance(step.fields, Mapping):
        usage.load(path=scenario.directory / step.fields["file"], at=step.at)
        return
    rows = [{key: _text(value) for key, value in row.items()} for row in step.fields]
    usage.load(rows=rows, name=step.place, at=step.at)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def start_month(step: Step, world: World, scenario: Scenario) -> None:
    month_start.start_month(month=Month.parse(step.fields), at=step.at)


def close_month(step: Step, world: World, scenario: Scenario) -> None:
    month_end.close_month(month=Month.parse(step.fields), at=step.at)


def run_credit(step: Step, world: World, scenario: Scenario) -> None:
    credit_control.run(at=step.at)


ACTIONS: Mapping[str, Action] = {
    "order": take_order,
    "complete": complete,
    "withdraw": withdraw,
    "pay": pay,
    "reverse": reverse,
    "special_ledger": open_special_ledger,
    "usage": load_usage,
    "month_start": start_month,
    "close_month": close_month,
    "credit_run": run_credit,
}
