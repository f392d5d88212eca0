"""单用户业务: each acts when its work order is done; a new plan on the next 1st."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from billing.services import accounts
from bss.kernel.rulebook import refuse_if_any
from customers.queries.locked import lock_subscription
from customers.services import subscriptions
from orders.models import Order
from orders.queries.singles import facts_of
from orders.rules.operations import CREDIT_CHECKED, credit_refusals
from orders.services import fees, resources
from packages_wo.services import holdings

Act = Callable[[Order, int, datetime], Any]


def check_again(order: Order, *, at: datetime) -> None:
    """CRD-6 is looked at when the order is accepted and again when it is completed."""
    if order.type not in CREDIT_CHECKED or order.subscription_id is None:
        return
    subscription = lock_subscription(order.subscription_id)
    refuse_if_any(credit_refusals(order.type, facts_of(order.type, subscription, at=at)))


def act(order: Order, *, at: datetime) -> None:
    """Do what the business is, then charge its fee to who pays from now on."""
    assert order.subscription_id is not None
    ACTS[order.type](order, order.subscription_id, at)
    fees.charge_single(order, order.subscription_id, at=at)


def _hold(order: Order, subscription_id: int, at: datetime) -> None:
    subscriptions.hold(subscription_id=subscription_id, at=at)


def _resume(order: Order, subscription_id: int, at: datetime) -> None:
    subscriptions.resume(subscription_id=subscription_id, at=at)


def _change_plan(order: Order, subscription_id: int, at: datetime) -> None:
    holdings.schedule_plan_change(
        subscription_id=subscription_id,
        plan=order.request["plan"],
        order_ref=order.code,
        completed_at=at,
    )


def _change_number(order: Order, subscription_id: int, at: datetime) -> None:
    before = lock_subscription(subscription_id).number
    number = order.request["number"]
    subscriptions.change_number(subscription_id=subscription_id, number=number, at=at)
    resources.take_into_use(numbers=[number])
    resources.quarantine(numbers=[before], at=at)


def _replace_sim(order: Order, subscription_id: int, at: datetime) -> None:
    """The new card is all: the fee is what billing sees of it."""


def _transfer(order: Order, subscription_id: int, at: datetime) -> None:
    """Source: ACC-8."""
    new_owner_id = order.request["to_customer_id"]
    subscriptions.change_owner(subscription_id=subscription_id, owner_id=new_owner_id, at=at)
    accounts.transfer_account(subscription_id=subscription_id, new_owner_id=new_owner_id, at=at)


def _open_vas(order: Order, subscription_id: int, at: datetime) -> None:
    holdings.open_vas(subscription_id=subscription_id, product=order.request["vas"], at=at)


def _close_vas(order: Order, subscription_id: int, at: datetime) -> None:
    holdings.close_vas(subscription_id=subscription_id, product=order.request["vas"], at=at)


def _terminate(order: Order, subscription_id: int, at: datetime) -> None:
    """The end; who paid goes on paying, so that the last bill finds its account."""
    ended = subscriptions.terminate(subscription_id=subscription_id, at=at)
    holdings.end_holdings(subscription_id=subscription_id, at=at)
    resources.quarantine(numbers=[ended.number], at=at)


ACTS: dict[str, Act] = {
    Order.Type.HOLD: _hold,
    Order.Type.RESUME: _resume,
    Order.Type.CHANGE_PLAN: _change_plan,
    Order.Type.CHANGE_NUMBER: _change_number,
    Order.Type.REPLACE_SIM: _replace_sim,
    Order.Type.TRANSFER: _transfer,
    Order.Type.OPEN_VAS: _open_vas,
    Order.Type.CLOSE_VAS: _close_vas,
    Order.Type.TERMINATE: _terminate,
}
