"""Customers and subscriptions for tests, made by the services; names are plainly made up."""

from datetime import datetime
from itertools import count
from typing import Any

from bss.kernel.periods import local_moment
from customers.models import Customer, Subscription
from customers.services.registration import DocumentInput, register_customer
from customers.services.subscriptions import take_over

LONG_AGO = local_moment("2026-01-01T00:00")
_serial = count(1)
_PREFIX = {"fixed": "0106200", "broadband": "0108000", "m2g": "1301111", "m3g": "1861111"}


def a_company(*, name: str = "北京晨光商贸有限公司", **fields: Any) -> Customer:
    fields.setdefault(
        "document", DocumentInput(type="business_license", number="91110105MA01C2XK3E")
    )
    return register_customer(kind="enterprise", name=name, at=LONG_AGO, **fields)


def a_person(*, name: str = "王芳", **fields: Any) -> Customer:
    fields.setdefault("document", DocumentInput(type="resident_id", number="110105198806054024"))
    return register_customer(kind="individual", name=name, at=LONG_AGO, **fields)


def a_number(service: str) -> str:
    """A number of the service's shape that no other subscription of this run has."""
    return f"{_PREFIX[service]}{next(_serial):04d}"


def a_subscription(
    owner: Customer, service: str, *, since: datetime = LONG_AGO, **fields: Any
) -> Subscription:
    fields.setdefault("number", a_number(service))
    return take_over(owner_id=owner.pk, service=service, since=since, **fields)
