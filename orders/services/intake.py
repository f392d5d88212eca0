"""What the intakes of orders share: what an order came to, and the ids behind its names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bss.kernel.errors import BadInputError
from customers.models import Subscription
from customers.queries.locked import lock_customer
from orders.rules.parsing import WorkOrderSpec
from orders.rules.requests import Named, PackChoice
from orders.services.new_subscriptions import resolved
from packages_wo.models import Bundle
from packages_wo.rules.composition import PackIn


@dataclass(frozen=True, slots=True)
class Taken:
    """What an order came to when it was taken."""

    specs: tuple[WorkOrderSpec, ...]
    services: Mapping[int, str]
    bundle_id: int | None = None
    subscription_id: int | None = None
    superseded: tuple[str, ...] = ()
    new_numbers: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


def locked_bundle(bundle_id: int, *, locked_customer: int) -> Bundle:
    bundle: Bundle | None = Bundle.objects.filter(pk=bundle_id).first()
    if bundle is None:
        raise BadInputError(("bundle", "没有这个融合套餐。"))
    if bundle.customer_id != locked_customer:
        lock_customer(bundle.customer_id)
    return bundle


def packs_in(
    packs: Iterable[PackChoice], created: Mapping[str, Subscription]
) -> tuple[PackIn, ...]:
    return tuple(
        PackIn(
            pack=chosen.pack,
            terminal=None if chosen.terminal is None else resolved(chosen.terminal, created),
        )
        for chosen in packs
    )


def consents_in(
    consents: Iterable[Named] | None, created: Mapping[str, Subscription]
) -> frozenset[int] | None:
    """The subscriptions whose owners signed; None when all did (ELG-2)."""
    if consents is None:
        return None
    return frozenset(resolved(named, created) for named in consents)


def ids_of(created: Mapping[str, Subscription]) -> frozenset[int]:
    return frozenset(subscription.pk for subscription in created.values())


def services_of(found: Mapping[int, Subscription]) -> dict[int, str]:
    return {pk: subscription.service for pk, subscription in found.items()}


def opened_products(specs: Iterable[WorkOrderSpec]) -> list[tuple[int, str]]:
    return [
        (spec.key.subscription_id, spec.key.product)
        for spec in specs
        if spec.key.type == "open_vas"
    ]
