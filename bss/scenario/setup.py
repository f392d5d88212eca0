"""Set the scene: catalogue, customers and the subscriptions that are in service at the start."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from billing.services import accounts
from bss.kernel.errors import BadInputError
from bss.kernel.models import Organisation
from bss.kernel.periods import day_start, local_moment
from bss.kernel.units import parse_yuan_fen
from bss.scenario.reader import BadScenarioError, Scenario
from bss.scenario.world import World
from channels.models import Channel
from customers.models import Subscription
from customers.services import registration, subscriptions
from packages_wo.services import holdings
from packages_wo.services.catalogue import load_catalogue


def set_the_scene(scenario: Scenario, catalogue: dict[str, Any]) -> World:
    """Load the catalogue and make everybody. Raises: BadScenarioError with the place."""
    at = scenario.steps[0].at if scenario.steps else local_moment("2026-01-01T00:00")
    try:
        load_catalogue(document=catalogue, at=at)
    except BadInputError as error:
        raise BadScenarioError("catalogue", str(error)) from error
    world = World(channel_id=_channel().pk)
    for name, given in scenario.customers.items():
        world.customers[name] = _customer(name, given, at)
    for name, given in scenario.subscriptions.items():
        world.subscriptions[name] = _subscription(name, given, scenario, world)
    return world


def _channel() -> Channel:
    organisation = Organisation.objects.create(
        code="SCENARIO", name="场景", level=Organisation.Level.HALL
    )
    return Channel.objects.create(
        code="SCENARIO", name="场景", kind=Channel.Kind.HALL, organisation=organisation
    )


def _customer(name: str, given: Mapping[str, Any], at: datetime) -> int:
    document = given.get("document")
    try:
        return registration.register_customer(
            kind=given["kind"],
            name=given["name"],
            area=given.get("area", "010"),
            document=document
            and registration.DocumentInput(type=document["type"], number=document["number"]),
            listed=given.get("listed", "none"),
            at=at,
        ).pk
    except BadInputError as error:
        raise BadScenarioError(f"customers.{name}", str(error)) from error


def _subscription(name: str, given: Mapping[str, Any], scenario: Scenario, world: World) -> int:
    since = day_start(date.fromisoformat(given["since"]))
    owner = scenario.customers[given["owner"]]
    state = given.get("state", Subscription.State.ACTIVE)
    subscription = subscriptions.take_over(
        owner_id=world.customers[given["owner"]],
        service=given["service"],
        number=given["number"],
        area=given.get("area", ""),
        line=given.get("line", Subscription.Line.ENTERPRISE),
        payment=given.get("payment", Subscription.Payment.POSTPAID),
        real_name=given.get("real_name", True),
        speed_kbps=given.get("speed_kbps"),
        since=since,
        state=state,
        stop_reason=_stop_reason(state, owner),
    )
    holdings.start_plan(subscription_id=subscription.pk, plan=given["plan"], at=since)
    for product in given.get("vas", ()):
        holdings.open_vas(subscription_id=subscription.pk, product=product, at=since)
    account = accounts.open_independent(subscription_id=subscription.pk, at=since)
    arrears_fen = parse_yuan_fen(given.get("arrears", "0"))
    if arrears_fen:
        accounts.record_arrears(
            account_id=account.pk,
            amount_fen=arrears_fen,
            since=since,
        )
    return subscription.pk


def _stop_reason(state: str, owner: Mapping[str, Any]) -> str:
    if state != Subscription.State.SUSPENDED:
        return Subscription.StopReason.NONE
    blacklisted = owner.get("listed") == "black"
    return Subscription.StopReason.BLACKLIST if blacklisted else Subscription.StopReason.DEBT
