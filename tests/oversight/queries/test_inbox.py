"""What waits for whom: one query for each sort of thing that approvals are about."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bss.identity.services.recovery import RECOVER
from bss.kernel import approvals
from bss.kernel.models import Approval, Staff
from bss.oversight.personal_kinds import ERASE
from bss.oversight.queries.inbox import waiting_for
from customers.approval_kinds import UNMASK
from customers.models import Customer
from tests.builders.accounts import a_province, at_work, place
from tests.builders.customers import a_company
from tests.oversight.people import MORNING

pytestmark = pytest.mark.django_db


def a_request(kind: str, asker: Staff, **payload: object) -> Approval:
    return approvals.ask(
        kind=kind, payload=payload, asked_by_id=asker.pk, at=MORNING, reason="试验申请"
    )


def a_customer_of(hall: str) -> Customer:
    customer = a_company()
    Customer.objects.filter(pk=customer.pk).update(organisation=place(hall))
    return customer


def fresh(staff: Staff) -> Staff:
    """The same person, as a new request reads them."""
    return Staff.objects.get(pk=staff.pk)


def test_only_what_one_reaches_wholly_waits_for_one() -> None:
    # given a supervisor whose role reaches no further than the hall
    a_province()
    asker = at_work("supervisor", number="super01", where="HE")
    other = at_work("supervisor", number="super02", where="HE031101")
    other.roles.update(reach="hall")
    near, far = a_customer_of("HE031101"), a_customer_of("HE031102")

    # when
    reached = a_request(UNMASK, asker, customer_ids=[near.pk])
    a_request(UNMASK, asker, customer_ids=[near.pk, far.pk])
    a_request(ERASE, asker, customer_id=far.pk)
    erased = a_request(ERASE, asker, customer_id=near.pk)

    # then
    assert waiting_for(fresh(other)) == [reached, erased]
    assert approvals.may_decide(fresh(other), erased)
    assert waiting_for(fresh(asker)) == []


def test_a_longer_list_asks_the_database_no_more() -> None:
    a_province()
    supervisor = at_work("supervisor", number="super01", where="HE")
    checker = at_work("supervisor", number="super02", where="HE")
    checker.roles.add(at_work("security_officer", number="security01", where="HE").roles.get())

    def add(first: int, last: int) -> None:
        for number in range(first, last):
            customer = a_customer_of("HE031101")
            clerk = at_work("clerk", number=f"clerk{number:02d}")
            a_request(UNMASK, supervisor, customer_ids=[customer.pk])
            a_request(ERASE, supervisor, customer_id=customer.pk)
            a_request(RECOVER, supervisor, staff_id=clerk.pk, lost_second_factor=False)

    def asked() -> tuple[int, int]:
        reader = fresh(checker)
        with CaptureQueriesContext(connection) as queries:
            return len(waiting_for(reader)), len(queries)

    add(0, 3)
    _, three = asked()
    add(3, 12)

    assert asked() == (36, three)
