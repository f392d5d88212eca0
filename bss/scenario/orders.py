"""An order of a scenario as the request that the acceptance service takes."""

from collections.abc import Mapping
from typing import Any

from bss.scenario.reader import BadScenarioError
from bss.scenario.world import World
from customers.models import Subscription
from orders.models import Order
from orders.rules.requests import (
    AnyOrder,
    CancelBundleOrder,
    ChangeBundleOrder,
    Named,
    NewSubscription,
    OpenBundleOrder,
    PackChoice,
    SingleOrder,
)


def request_of(given: Mapping[str, Any], world: World, place: str) -> AnyOrder:
    """The request, with names turned into ids; subscriptions under ``new`` keep their names."""
    return _Reading(given, world, place).request()


class _Reading:
    def __init__(self, given: Mapping[str, Any], world: World, place: str) -> None:
        self.given = given
        self.world = world
        self.place = place
        self.new = given.get("new", {})

    def request(self) -> AnyOrder:
        match self.given["type"]:
            case "open_bundle":
                return self.opening()
            case "change_bundle":
                return self.change()
            case "cancel_bundle":
                return self.cancellation()
            case _:
                return self.single()

    def named(self, name: str) -> Named:
        return name if name in self.new else self.world.subscription(name, self.place)

    def names(self, key: str) -> tuple[Named, ...]:
        return tuple(self.named(name) for name in self.given.get(key, ()))

    def existing(self, names: tuple[str, ...]) -> tuple[int, ...]:
        return tuple(self.world.subscription(name, self.place) for name in names)

    def customer(self) -> int:
        return self.world.customer(self.given["customer"], self.place)

    def packs(self) -> tuple[PackChoice, ...]:
        return tuple(
            PackChoice(
                pack=pack["pack"],
                terminal=self.named(pack["terminal"]) if "terminal" in pack else None,
            )
            for pack in self.given.get("packs", ())
        )

    def new_subscriptions(self) -> tuple[NewSubscription, ...]:
        for name in self.new:
            if name in self.world.subscriptions:
                raise BadScenarioError(self.place, f"{name!r} is a subscription already")
        return tuple(
            NewSubscription(
                key=name,
                service=new["service"],
                number=new["number"],
                plan=new["plan"],
                owner_id=self.world.customer(new["owner"], self.place) if "owner" in new else None,
            )
            for name, new in self.new.items()
        )

    def bundle_id(self) -> int:
        order = Order.objects.get(pk=self.world.order(self.given["bundle"], self.place))
        assert order.bundle_id is not None
        return order.bundle_id

    def opening(self) -> OpenBundleOrder:
        given = self.given
        documents = given.get("documents")
        return OpenBundleOrder(
            customer_id=self.customer(),
            offering=given["offering"],
            scheme=given["scheme"],
            tier=given["tier"],
            members=self.names("members"),
            account_id=self.world.unified_accounts.get(given["account"]),
            account_name=given["account"],
            packs=self.packs(),
            main=self.named(given["main"]) if "main" in given else None,
            separate_3g=given.get("separate_3g", False),
            filed_by_manager=given.get("filed_by_manager", False),
            documents=None if documents is None else tuple(documents),
            new=self.new_subscriptions(),
        )

    def change(self) -> ChangeBundleOrder:
        return ChangeBundleOrder(
            customer_id=self.customer(),
            bundle_id=self.bundle_id(),
            tier=self.given.get("tier"),
            add=self.names("add"),
            remove=self.existing(tuple(self.given.get("remove", ()))),
            packs=self.packs() if "packs" in self.given else None,
            new=self.new_subscriptions(),
        )

    def cancellation(self) -> CancelBundleOrder:
        plans = self.given.get("new_plans", {})
        return CancelBundleOrder(
            customer_id=self.customer(),
            bundle_id=self.bundle_id(),
            new_plans={
                self.world.subscription(name, self.place): plan for name, plan in plans.items()
            },
        )

    def single(self) -> SingleOrder:
        given = self.given
        subscription_id = self.world.subscription(given["subscription"], self.place)
        return SingleOrder(
            type=given["type"],
            customer_id=self.customer() if "customer" in given else self.owner_of(subscription_id),
            subscription_id=subscription_id,
            plan=given.get("plan", ""),
            number=given.get("number", ""),
            to_customer_id=(
                self.world.customer(given["to"], self.place) if "to" in given else None
            ),
            vas=given.get("vas", ""),
        )

    @staticmethod
    def owner_of(subscription_id: int) -> int:
        return Subscription.objects.values_list("owner_id", flat=True).get(pk=subscription_id)
