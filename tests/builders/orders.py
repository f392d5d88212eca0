"""Orders for tests: who there is, through the services that the product uses."""

from datetime import date, datetime
from functools import cache
from pathlib import Path

import yaml

from billing.services import accounts
from bss.kernel.models import Organisation
from bss.kernel.periods import local_moment
from channels.models import Channel
from customers.models import Customer, Subscription
from customers.services import registration, subscriptions
from orders.models import Order, WorkOrder
from orders.rules.requests import (
    AnyOrder,
    NewSubscription,
    OpenBundleOrder,
    SingleOrder,
)
from orders.services import acceptance, work_orders
from packages_wo.models import CatalogueVersion
from packages_wo.services import holdings
from packages_wo.services.catalogue import load_catalogue

NOON = local_moment("2026-09-10T12:00")
SINCE = local_moment("2026-01-01T00:00")
PLANS = {"fixed": "FIXED-STD", "broadband": "ADSL-2M", "m2g": "M2G-STD", "m3g": "3G-96"}
PREFIXES = {"fixed": "0106200", "broadband": "0108000", "m2g": "1301111", "m3g": "1861111"}


def moment(text: str) -> datetime:
    return local_moment(text)


@cache
def _sample() -> dict[str, object]:
    return yaml.safe_load(Path("packages_wo/catalogue.yaml").read_text(encoding="utf-8"))


def the_catalogue() -> None:
    """The sample catalogue, loaded once per test database."""
    if not CatalogueVersion.objects.exists():
        load_catalogue(document=_sample(), at=SINCE)


def a_source() -> Channel:
    organisation, _ = Organisation.objects.get_or_create(
        code="BJ-01", defaults={"name": "北京朝阳营业厅", "level": "hall", "area": "010"}
    )
    channel, _ = Channel.objects.get_or_create(
        code="HALL-01",
        defaults={"name": "朝阳营业厅", "kind": "hall", "organisation": organisation},
    )
    return channel


def a_company(*, name: str = "北京晨光商贸有限公司", listed: str = "none") -> Customer:
    the_catalogue()
    return registration.register_customer(
        kind="enterprise",
        name=name,
        area="010",
        document=registration.DocumentInput(type="business_license", number="91110105MA01C2XK3E"),
        listed=listed,
        at=SINCE,
    )


def a_subscription(
    owner: Customer,
    service: str,
    *,
    plan: str = "",
    number: str = "",
    arrears_fen: int = 0,
    vas: tuple[str, ...] = (),
    speed_kbps: int | None = None,
) -> Subscription:
    """In service since January, paid by an own account of the owner."""
    subscription = subscriptions.take_over(
        owner_id=owner.pk,
        service=service,
        number=number or a_number(service),
        since=SINCE,
        speed_kbps=speed_kbps,
    )
    holdings.start_plan(subscription_id=subscription.pk, plan=plan or PLANS[service], at=SINCE)
    for product in vas:
        holdings.open_vas(subscription_id=subscription.pk, product=product, at=SINCE)
    account = accounts.open_independent(subscription_id=subscription.pk, at=SINCE)
    if arrears_fen:
        accounts.record_arrears(
            account_id=account.pk, amount_fen=arrears_fen, since=date(2026, 1, 1)
        )
    return subscription


def a_number(service: str) -> str:
    """The next number of the service's range that nobody has."""
    taken = Subscription.objects.filter(number__startswith=PREFIXES[service]).count()
    return f"{PREFIXES[service]}{taken + 1:04d}"


def a_new(key: str, service: str, *, plan: str = "", number: str = "") -> NewSubscription:
    return NewSubscription(
        key=key,
        service=service,
        number=number or f"{PREFIXES[service]}{9000 + sum(map(ord, key)) % 1000:04d}",
        plan=plan or PLANS[service],
    )


def accepted(request: AnyOrder, *, at: datetime = NOON, **given: object) -> Order:
    """The order, taken at the hall."""
    return acceptance.accept(request=request, at=at, channel_id=a_source().pk, **given)  # type: ignore[arg-type]


def an_opening(
    customer: Customer, *members: Subscription | str, **given: object
) -> OpenBundleOrder:
    """Basic A 106 of these members, paid by the company's new unified account."""
    asked: dict[str, object] = {
        "offering": "basic",
        "scheme": "A",
        "tier": 106,
        "account_name": "统一帐户",
        **given,
    }
    return OpenBundleOrder(
        customer_id=customer.pk,
        members=tuple(one if isinstance(one, str) else one.pk for one in members),
        **asked,  # type: ignore[arg-type]
    )


def a_single(subscription: Subscription, type_: str, **given: object) -> SingleOrder:
    return SingleOrder(
        type=type_,
        customer_id=subscription.owner_id,
        subscription_id=subscription.pk,
        **given,  # type: ignore[arg-type]
    )


def names_of(order: Order) -> dict[str, WorkOrder]:
    """``TYPE NUMBER PRODUCT`` → work order, in the order's order."""
    return {
        f"{each.type} {each.subscription.number} {each.product}".strip(): each
        for each in order.work_orders.select_related("subscription")
    }


def complete(order: Order, *types: str, at: datetime = NOON) -> Order:
    """Complete the work orders of these types, or all."""
    ids = None
    if types:
        found = order.work_orders.filter(type__in=types)
        ids = list(found.values_list("pk", flat=True))
    work_orders.complete(order_id=order.pk, work_order_ids=ids, at=at)
    return Order.objects.get(pk=order.pk)
