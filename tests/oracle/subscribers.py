"""Makes customers and subscriptions out of a file's rows."""

from datetime import datetime
from typing import Any

from tests.oracle.amounts import fen
from tests.oracle.entities import Bill, Customer, Line, Stop, Subscription
from tests.oracle.months import month_of
from tests.oracle.reader import BadFileError, day, midnight
from tests.oracle.world import World


def customer_of(name: str, row: dict[str, Any]) -> Customer:
    return Customer(
        id=name,
        kind=row["kind"],
        name=row["name"],
        document=row["document"]["type"],
        area=row.get("area"),
        listed=row.get("listed"),
    )


def subscription_of(
    world: World, name: str, row: dict[str, Any], *, from_: datetime, state: str
) -> Subscription:
    if row["owner"] not in world.customers:
        raise BadFileError(f"subscription {name!r}: unknown owner {row['owner']!r}")
    plan = world.catalogue.plan(row["plan"])
    if plan["service"] != row["service"]:
        raise BadFileError(f"subscription {name!r}: {row['plan']} is not for its service")
    return Subscription(
        id=name,
        service=row["service"],
        owner=row["owner"],
        area=str(row.get("area") or world.customers[row["owner"]].area or "010"),
        line=row.get("line", "enterprise"),
        payment=row.get("payment", "postpaid"),
        real_name=row.get("real_name", True),
        speed_kbps=row.get("speed_kbps", plan.get("speed_kbps")),
        plans=[(month_of(from_), row["plan"])],
        numbers=[(from_, str(row["number"]))],
        accounts=[(from_, name)],
        states=[(from_, state)],
        vas=set(row.get("vas") or []),
    )


def settle_in(world: World, name: str, row: dict[str, Any]) -> None:
    """A subscription that is in service when the scenario begins."""
    since = midnight(row["since"])
    state = row.get("state", "active")
    subscription = subscription_of(world, name, row, from_=since, state=state)
    subscription.began = since
    world.subscriptions[name] = subscription
    account = world.open_account(name, owner=row["owner"], unified=False)
    if row.get("arrears"):
        debt = Line(name, "ARREARS", fen(row["arrears"]))
        account.bills.append(Bill(month="", due_on=None, lines=[debt]))
    if state == "suspended":
        blacklisted = world.customers[row["owner"]].listed == "black"
        subscription.stop = Stop(day(row["since"]), None if blacklisted else {name})
