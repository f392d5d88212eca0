"""A small operator for tests of usage: the sample catalogue, two bundles, and some alone."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import yaml

import packages_wo
from bss.kernel.periods import Month, local_moment
from customers.models import Customer, Subscription
from packages_wo.models import (
    Bundle,
    BundleChange,
    BundleTerm,
    CatalogueVersion,
    Membership,
    Pool,
    SubscriptionPlan,
)
from packages_wo.services.catalogue import load_catalogue
from tests.builders.billing import NEW_YEAR, a_customer, a_line

CATALOGUE = Path(packages_wo.__file__).parent / "catalogue.yaml"
OCTOBER = Month.parse("2026-10")
LOADED_AT = local_moment("2026-10-31T23:00:00")


def the_catalogue() -> CatalogueVersion:
    document = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))
    return load_catalogue(document=document, at=NEW_YEAR)


def a_subscriber(
    owner: Customer, number: str, service: str, plan: str, *, area: str = "010"
) -> Subscription:
    subscription = a_line(owner, number, service=service)
    if subscription.area != area:
        subscription.area = area
        subscription.save(update_fields=["area"])
    SubscriptionPlan.objects.create(subscription=subscription, plan=plan, valid_from=NEW_YEAR)
    return subscription


@dataclass(frozen=True)
class Part:
    subscription: Subscription
    part: str = Membership.Part.BASE


def a_bundle_in_force(
    owner: Customer,
    code: str,
    *parts: Part,
    minutes: int = 350,
    vpn_minutes: int | None = 300,
    since: date = OCTOBER.first_day,
    pools: tuple[Month, ...] = (OCTOBER,),
) -> Bundle:
    """A bundle whose rows say that it is in force since a 1st."""
    bundle = Bundle.objects.create(
        customer=owner, code=code, offering="basic", opened_as="A", accepted_at=NEW_YEAR
    )
    main = parts[0].subscription
    change = BundleChange.objects.create(
        bundle=bundle,
        kind="open",
        order_ref=code,
        accepted_at=NEW_YEAR,
        state="applied",
        effective_on=since,
        scheme="A",
        tier=56,
        main=main,
        base=[p.subscription.pk for p in parts if p.part == Membership.Part.BASE],
    )
    BundleTerm.objects.create(
        bundle=bundle,
        change=change,
        scheme="A",
        tier=56,
        main=main,
        minutes=minutes,
        vpn_minutes=vpn_minutes,
        valid_from=since,
    )
    for position, part in enumerate(parts):
        Membership.objects.create(
            bundle=bundle,
            subscription=part.subscription,
            change=change,
            part=part.part,
            state=Membership.State.IN_FORCE,
            position=position,
            valid_from=since,
        )
    for month in pools:
        Pool.objects.create(
            bundle=bundle, month=month.first_day, minutes=minutes, vpn_minutes=vpn_minutes
        )
    return bundle


@dataclass(frozen=True)
class Operator:
    """Who the usage tests call: ids by name, one bundle with everything, one with little."""

    owner: Customer
    subscriptions: dict[str, Subscription]
    bundles: dict[str, Bundle]


def an_operator() -> Operator:
    the_catalogue()
    owner = a_customer()
    made = {
        "f1": a_subscriber(owner, "01062000001", "fixed", "FIXED-STD"),
        "m1": a_subscriber(owner, "13011112222", "m2g", "M2G-STD"),
        "w1": a_subscriber(owner, "18611112222", "m3g", "3G-96"),
        "s1": a_subscriber(owner, "13011113333", "m2g", "M2G-BLOCK"),
        "v1": a_subscriber(owner, "13011114444", "m2g", "M2G-BLOCK"),
        "v2": a_subscriber(owner, "18611114444", "m3g", "3G-66"),
        "v3": a_subscriber(owner, "13011115555", "m2g", "M2G-STD", area="021"),
        "n1": a_subscriber(owner, "01080000001", "broadband", "ADSL-1M"),
        "f2": a_subscriber(owner, "01062000002", "fixed", "FIXED-STD"),
        "m2": a_subscriber(owner, "13011116666", "m2g", "M2G-PROMO"),
        "f9": a_subscriber(owner, "01062000009", "fixed", "FIXED-STD"),
        "m9": a_subscriber(owner, "13011119999", "m2g", "M2G-BLOCK"),
        "w9": a_subscriber(owner, "18611119999", "m3g", "3G-96"),
    }
    shared, vpn = Membership.Part.SHARED_TERMINAL, Membership.Part.VPN_TERMINAL
    big = a_bundle_in_force(
        owner,
        "b1",
        Part(made["f1"]),
        Part(made["m1"]),
        Part(made["w1"]),
        Part(made["n1"]),
        Part(made["s1"], shared),
        Part(made["v1"], vpn),
        Part(made["v2"], vpn),
        Part(made["v3"], vpn),
        minutes=60,
        vpn_minutes=30,
    )
    small = a_bundle_in_force(
        owner, "b2", Part(made["f2"]), Part(made["m2"]), minutes=40, vpn_minutes=None
    )
    return Operator(owner=owner, subscriptions=made, bundles={"b1": big, "b2": small})


def at(text: str) -> datetime:
    return local_moment(text)
