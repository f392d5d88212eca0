"""Callers with tokens, their customers, and what is held against the official schemas."""

from typing import Any

from rest_framework.test import APIClient

from bss.identity.models import PersonalToken
from bss.kernel.api import official
from bss.kernel.clock import real_now
from bss.kernel.models import Staff
from bss.kernel.periods import local_moment
from customers.models import Contact, Customer
from tests.builders.staff import a_role

REGISTERED = local_moment("2026-01-05T09:00")


def a_caller(username: str = "manager1", *, role: str = "account_manager") -> Staff:
    known = Staff.objects.filter(username=username).first()
    if known:
        return known
    staff = Staff.objects.create_user(
        username=username, password="not-a-real-one", display_name=f"测试{username}"
    )
    staff.roles.add(a_role(role))
    return staff


def client_of(staff: Staff) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {a_token_of(staff)}")
    return client


def a_token_of(staff: Staff) -> str:
    """A token of this person, whether or not they (still) have ``api.use``."""
    name = f"测试 {PersonalToken.objects.filter(user=staff).count() + 1}"
    # used just now: no call has to write down its use
    _, text = PersonalToken.objects.create(user=staff, name=name, last_used_at=real_now())
    return text


def a_customer(
    code: str, *, manager: Staff | None = None, kind: str = "enterprise", **more: Any
) -> Customer:
    return Customer.objects.create(
        code=code,
        kind=kind,
        account_manager=manager,
        **{"name": f"北京{code}试验公司", "registered_at": REGISTERED, **more},
    )


def a_contact(customer: Customer, *, phone: str = "13900001234") -> Contact:
    return Contact.objects.create(customer=customer, name="测试联系人", phone=phone)


def assert_official(api: str, name: str, value: object) -> None:
    """The value is what TM Forum's own definition says."""
    assert official.faults(api, name, value) == []
