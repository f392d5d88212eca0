"""What belongs to others stays theirs: every address and id, asked for by an outsider."""

import re

import pytest
from django.urls import reverse

from billing.models import Bill
from bss.kernel.models import Organisation, Role, Staff
from customers.models import Customer
from orders.models import Order
from tests.api.people import client_of
from tests.builders.staff import a_staff
from tests.security.attacks.house import kind_of, signed_in

pytestmark = pytest.mark.django_db

CLOSED = {403, 404, 405}
DETAILS_AT_LEAST = 40
# About a person or thing of the house itself, not about anybody's customer.
OF_THE_HOUSE = re.compile(
    r"^(identity|oversight|channels|billing:(month|run)|packages_wo|catalogue)"
)


def test_a_manager_of_nobody_reaches_no_customer_of_others(walks, figure):
    outsider = a_staff("account_manager", username="outsider")
    client, through, tried = signed_in(outsider), [], 0
    for url in details_about_customers(walks):
        tried += 1
        if client.get(url).status_code not in CLOSED:
            through.append(url)
        if client.post(url).status_code not in CLOSED:
            through.append(f"POST {url}")
    figure(f"foreign addresses: tried {tried}, let through {len(through)}")

    assert through == []
    assert tried >= DETAILS_AT_LEAST


def test_a_clerk_of_another_province_reaches_no_customer_of_this_one(walks, figure):
    outsider = a_staff("clerk", username="far-away")
    province = Organisation.objects.create(code="P-FAR", name="远方省", level="province")
    city = Organisation.objects.create(
        code="C-FAR", name="远方市", level="city", area="0999", parent=province
    )
    Staff.objects.filter(pk=outsider.pk).update(organisation=city)
    client, through, tried = signed_in(Staff.objects.get(pk=outsider.pk)), [], 0
    for url in details_about_customers(walks):
        tried += 1
        if client.get(url).status_code not in CLOSED:
            through.append(url)
    figure(f"addresses of another province: tried {tried}, let through {len(through)}")

    assert through == []


def test_no_id_of_the_open_interface_opens_what_is_not_ones_own(operator, figure):
    outsider = a_staff("account_manager", username="outsider")
    client, through, tried = client_of(outsider), [], 0
    for base, ids in (
        ("/tmf-api/customerManagement/v4/customer", Customer.objects.values_list("code")),
        ("/tmf-api/productOrderingManagement/v4/productOrder", Order.objects.values_list("code")),
        ("/tmf-api/customerBillManagement/v4/customerBill", Bill.objects.values_list("pk")),
    ):
        assert client.get(base).json() == []
        for (key,) in ids:
            tried += 1
            if client.get(f"{base}/{key}").status_code != 404:
                through.append(f"{base}/{key}")
    figure(f"foreign ids of the interface: tried {tried}, let through {len(through)}")

    assert through == []
    assert tried > 50


def test_without_signing_in_every_address_leads_to_the_sign_in(walks, client, figure):
    through, tried = [], 0
    for url in sorted({url for walked in walks.values() for url in walked.urls}):
        tried += 1
        answer = client.get(url)
        if answer.status_code == 302 and answer.headers["Location"].startswith(reverse("login")):
            continue
        if kind_of(url).split()[0] not in {"login", "healthz"}:
            through.append(f"{url} → {answer.status_code}")
    figure(f"addresses without a session: tried {tried}, let through {len(through)}")

    assert through == []


def test_who_was_just_disabled_reaches_nothing_with_the_session_they_have(operator):
    staff = a_staff("supervisor", username="leaver")
    client = signed_in(staff)
    assert client.get("/customers/").status_code == 200

    Staff.objects.filter(pk=staff.pk).update(is_active=False, state="disabled")

    assert client.get("/customers/").status_code == 302


def test_a_role_taken_away_closes_its_pages_at_once(operator):
    staff = a_staff("clerk", username="mover")
    client = signed_in(staff)
    assert client.get("/customers/").status_code == 200

    staff.roles.remove(Role.objects.get(code="clerk"))

    assert client.get("/customers/").status_code == 403


def details_about_customers(walks):
    """Each address with an id in it that any role came across, and that is about a customer."""
    urls = {url for walked in walks.values() for url in walked.urls}
    for url in sorted(urls):
        kind = kind_of(url).split()[0]
        path = url.partition("?")[0]
        if re.search(r"/(?=[^/]*\d)[A-Z0-9_-]+", path) and not OF_THE_HOUSE.match(kind):
            yield url
