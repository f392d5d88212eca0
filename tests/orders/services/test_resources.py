from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model

from bss.kernel.errors import BadInputError
from orders.models import NumberResource
from orders.queries.numbers import free_numbers
from orders.services import resources
from tests.builders.orders import NOON, a_company, a_new, a_subscription, accepted, an_opening

pytestmark = pytest.mark.django_db

NUMBER = "01062009001"
State = NumberResource.State


@pytest.fixture
def clerks() -> tuple[int, int]:
    staff = get_user_model()
    return tuple(staff.objects.create(username=name).pk for name in ("c1", "c2"))  # type: ignore[return-value]


def the_number() -> NumberResource:
    resources.add_numbers(service="fixed", area="010", numbers=[NUMBER])
    return NumberResource.objects.get(number=NUMBER)


def offered(at=NOON) -> list[str]:  # type: ignore[no-untyped-def]
    return [each.number for each in free_numbers(service="fixed", area="010", at=at)]


def test_a_held_number_is_offered_to_nobody_until_the_hold_expires(clerks) -> None:  # type: ignore[no-untyped-def]
    the_number()

    held = resources.hold_number(number=NUMBER, by_id=clerks[0], at=NOON)

    assert held.held_until == NOON + timedelta(minutes=30)
    assert offered() == []
    with pytest.raises(BadInputError):
        resources.hold_number(number=NUMBER, by_id=clerks[1], at=NOON)
    assert offered(NOON + timedelta(minutes=30)) == [NUMBER]
    assert (
        resources.hold_number(
            number=NUMBER, by_id=clerks[1], at=NOON + timedelta(minutes=30)
        ).held_by_id
        == clerks[1]
    )


def test_expired_holds_and_quarantines_are_released(clerks) -> None:  # type: ignore[no-untyped-def]
    the_number()
    resources.hold_number(number=NUMBER, by_id=clerks[0], at=NOON)

    assert resources.release_expired(at=NOON + timedelta(minutes=29)) == 0
    assert resources.release_expired(at=NOON + timedelta(minutes=30)) == 1
    resources.quarantine(numbers=[NUMBER], at=NOON)
    assert resources.release_expired(at=NOON + timedelta(days=89)) == 0
    assert resources.release_expired(at=NOON + timedelta(days=90)) == 1
    assert the_number().state == State.FREE


def test_the_holder_lets_go(clerks) -> None:  # type: ignore[no-untyped-def]
    the_number()
    resources.hold_number(number=NUMBER, by_id=clerks[0], at=NOON)

    assert resources.let_go(number=NUMBER, by_id=clerks[1]) == 0
    assert resources.let_go(number=NUMBER, by_id=clerks[0]) == 1
    assert offered() == [NUMBER]


def test_an_order_reserves_the_number_that_its_clerk_holds_and_nobody_elses(clerks) -> None:  # type: ignore[no-untyped-def]
    the_number()
    resources.hold_number(number=NUMBER, by_id=clerks[0], at=NOON)
    company = a_company()
    phone = a_subscription(company, "m2g")
    request = an_opening(company, "f1", phone, new=(a_new("f1", "fixed", number=NUMBER),))

    with pytest.raises(BadInputError):
        accepted(request, by_id=clerks[1])
    order = accepted(request, by_id=clerks[0])

    found = the_number()
    assert (found.state, found.order_id, found.held_until) == (State.RESERVED, order.pk, None)
