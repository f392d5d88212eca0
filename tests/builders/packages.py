"""Catalogue, members and bundles for tests, made by the services."""

from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from bss.kernel.periods import Month, local_moment
from customers.models import Customer, Subscription
from packages_wo.models import Bundle
from packages_wo.rules.catalogue import Catalogue
from packages_wo.rules.catalogue_document import parse_catalogue
from packages_wo.rules.composition import PackIn
from packages_wo.rules.requests import OpenBundle
from packages_wo.services import bundles, holdings, month_start
from packages_wo.services.catalogue import load_catalogue
from tests.builders.customers import LONG_AGO, a_company, a_subscription

SAMPLE_FILE = Path(__file__).parents[2] / "packages_wo" / "catalogue.yaml"
SAMPLE: dict[str, Any] = yaml.safe_load(SAMPLE_FILE.read_text(encoding="utf-8"))
USUAL_PLANS = {"fixed": "FIXED-STD", "broadband": "ADSL-2M", "m2g": "M2G-STD", "m3g": "3G-96"}
ACCEPTED_AT = local_moment("2026-09-10T10:00")
COMPLETED_AT = local_moment("2026-09-12T16:00")
OCTOBER = Month(2026, 10)


def sample_document() -> dict[str, Any]:
    """A fresh copy of the shipped catalogue's document."""
    return deepcopy(SAMPLE)


def sample_catalogue() -> Catalogue:
    return parse_catalogue(SAMPLE)


def a_catalogue(**sections: Any) -> None:
    """The shipped catalogue, loaded, with these sections deep-merged over it."""
    load_catalogue(document=_merged(sample_document(), sections), at=LONG_AGO)


def a_member(
    owner: Customer, service: str, *, plan: str = "", vas: tuple[str, ...] = (), **fields: Any
) -> Subscription:
    """A subscription in service with its own plan and products."""
    member = a_subscription(owner, service, **fields)
    holdings.start_plan(
        subscription_id=member.pk, plan=plan or USUAL_PLANS[service], at=member.in_service_at
    )
    for product in vas:
        holdings.open_vas(subscription_id=member.pk, product=product, at=member.in_service_at)
    member.refresh_from_db()
    return member


def an_opening(customer: Customer, *members: Subscription, **fields: Any) -> OpenBundle:
    """The request for Basic A 106 with these members, unless the fields say otherwise."""
    usual: dict[str, Any] = {
        "offering": "basic",
        "scheme": "A",
        "tier": 106,
        "documents": ("business_license",),
    }
    return OpenBundle(
        customer_id=customer.pk,
        members=tuple(member.pk for member in members),
        **(usual | fields),
    )


def an_accepted_bundle(
    customer: Customer,
    *members: Subscription,
    order_ref: str = "o1",
    at: datetime = ACCEPTED_AT,
    **fields: Any,
) -> Bundle:
    request = an_opening(customer, *members, **fields)
    assert bundles.check_opening(request=request, at=at) == []
    return bundles.accept_opening(request=request, order_ref=order_ref, at=at)


def a_bundle(
    customer: Customer, *members: Subscription, order_ref: str = "o1", **fields: Any
) -> Bundle:
    """A bundle in force from October 2026."""
    bundle = an_accepted_bundle(customer, *members, order_ref=order_ref, **fields)
    bundles.schedule(order_ref=order_ref, completed_at=COMPLETED_AT)
    month_start.apply_due(on=OCTOBER.first_day)
    bundle = Bundle.objects.get(pk=bundle.pk)
    assert bundle.state == Bundle.State.IN_FORCE
    return bundle


def a_basic_pair(customer: Customer | None = None) -> tuple[Customer, Subscription, Subscription]:
    """A company with a fixed line and a 2G mobile."""
    owner = customer or a_company()
    return owner, a_member(owner, "fixed"), a_member(owner, "m2g")


def a_pack(pack: str, terminal: Subscription | None = None) -> PackIn:
    return PackIn(pack=pack, terminal=terminal.pk if terminal else None)


def _merged(under: Any, over: Any) -> Any:
    if not (isinstance(under, dict) and isinstance(over, dict)):
        return over
    return under | {key: _merged(under.get(key), value) for key, value in over.items()}
