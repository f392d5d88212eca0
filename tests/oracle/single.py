"""Single-user business: what refuses it and what it does when it is completed."""

from datetime import datetime
from typing import Any

from tests.oracle.amounts import fen
from tests.oracle.eligibility import LEAST_3G_FEN, is_pending_member, names_agree, price_holds
from tests.oracle.entities import Bundle, OneOff, Order, WorkOrder
from tests.oracle.reader import BadFileError
from tests.oracle.world import World

TYPES = (
    "hold",
    "resume",
    "change_plan",
    "change_number",
    "replace_sim",
    "transfer",
    "open_vas",
    "close_vas",
    "terminate",
)
LOCKED = ("change_plan", "change_number", "transfer", "terminate")


def work_order(fields: dict[str, Any]) -> WorkOrder:
    return WorkOrder(fields["type"], fields["subscription"], None, fields.get("vas"))


def refusals(world: World, fields: dict[str, Any], *, at: datetime) -> set[str]:
    kind, sub = fields["type"], fields["subscription"]
    if kind not in TYPES:
        raise BadFileError(f"unknown order type {kind!r}")
    if sub not in world.subscriptions:
        raise BadFileError(f"unknown subscription {sub!r}")
    rules = _credit_refusals(world, kind, sub, at=at)
    if kind in LOCKED and is_pending_member(world, sub):
        rules.add("EFF-3")
    if kind in ("transfer", "terminate") and world.account(world.payer_now(sub)).owes:
        rules.add("CAN-9")
    bundle = world.bundle_now(sub)
    if bundle:
        rules |= _refusals_in_bundle(world, fields, bundle)
    return rules


def refusals_at_completion(world: World, order: Order, *, at: datetime) -> set[str]:
    return _credit_refusals(world, order.type, order.fields["subscription"], at=at)


def _credit_refusals(world: World, kind: str, sub: str, *, at: datetime) -> set[str]:
    """CRD-6."""
    state = world.subscriptions[sub].state
    payer = world.account(world.payer_now(sub))
    if kind == "hold" and (state != "active" or payer.overdue(at.date())):
        return {"CRD-6"}
    if kind == "resume" and state != "on_hold":
        return {"CRD-6"}
    return set()


def _refusals_in_bundle(world: World, fields: dict[str, Any], bundle: Bundle) -> set[str]:
    kind, sub = fields["type"], fields["subscription"]
    composition = bundle.now
    is_base = world.part(composition, sub) == "base"
    base_3g = is_base and world.subscriptions[sub].service == "m3g"
    if kind == "hold" and base_3g:
        return {"CAN-5"}
    if kind == "terminate":
        return {"CAN-5"} if base_3g else {"CHG-1"}
    if kind == "change_plan" and base_3g:
        return _plan_3g_refusals(world, fields["plan"], bundle)
    if kind == "change_plan" and world.has_bundle_plan(sub):
        return {"CHG-1"}
    if kind == "transfer" and is_base:
        return _transfer_refusals(world, sub, fields["to"], bundle)
    return set()


def _plan_3g_refusals(world: World, plan: str, bundle: Bundle) -> set[str]:
    rules = set()
    if world.catalogue.monthly_fen(plan) < LEAST_3G_FEN:
        rules.add("ELG-5")
    if bundle.now.scheme == "B" and not price_holds(world, bundle.offering, bundle.now.tier, plan):
        rules.add("ELG-7")
    return rules


def _transfer_refusals(world: World, sub: str, to: str, bundle: Bundle) -> set[str]:
    """ELG-3's owner and ELG-6, as they would be under the new owner."""
    rules = set()
    subscription = world.subscriptions[sub]
    if subscription.service == "fixed" and to != bundle.customer:
        rules.add("ELG-3")
    owner, subscription.owner = subscription.owner, to
    if not names_agree(world, world.subscriptions.__getitem__, bundle.now, bundle.customer):
        rules.add("ELG-6")
    subscription.owner = owner
    return rules


def act(world: World, order: Order, *, at: datetime) -> None:
    """It acts when it is completed; a new plan waits for the 1st."""
    fields, fees = order.fields, world.catalogue.data["fees"]
    subscription = world.subscriptions[fields["subscription"]]
    fee = None
    match order.type:
        case "hold":
            subscription.states.append((at, "on_hold"))
        case "resume":
            subscription.states.append((at, "active"))
        case "terminate":
            subscription.states.append((at, "terminated"))
            subscription.stop = None
        case "open_vas":
            subscription.vas.add(fields["vas"])
        case "close_vas":
            subscription.vas.discard(fields["vas"])
        case "change_number":
            subscription.numbers.append((at, str(fields["number"])))
            fee = fees["number_change"]
        case "replace_sim":
            fee = fees["sim_replacement"]
        case "transfer":
            _transfer(world, subscription.id, fields["to"], at=at)
            fee = fees["transfer"]
    if fee:
        world.one_offs.append(OneOff(subscription.id, at, fen(fee)))


def _transfer(world: World, sub: str, to: str, *, at: datetime) -> None:
    """ACC-8: a new independent account of the new owner; the old one stays where it is."""
    if to not in world.customers:
        raise BadFileError(f"unknown customer {to!r}")
    subscription = world.subscriptions[sub]
    account = f"{sub}@{len(subscription.accounts) + 1}"
    world.open_account(account, owner=to, unified=False)
    subscription.accounts.append((at, account))
    subscription.owner, subscription.owner_since = to, at
