"""The red and the black list: put on with a reason, off by hand or when the time is over."""

from datetime import date

import pytest

from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry
from bss.kernel.periods import local_moment
from customers.models import Customer, Listing, Subscription
from customers.services import lists
from customers.services.subscriptions import suspend
from tests.builders.customers import a_company, a_subscription
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db
AT = local_moment("2026-09-10T10:00")


def put_on(customer: Customer, listed: str = "red", **more) -> Listing:
    return lists.put_on(
        customer_id=customer.pk, listed=listed, **({"reason": "医院", "at": AT} | more)
    )


def test_an_entry_says_who_why_and_until_when_and_the_audit_does_too() -> None:
    customer, staff = a_company(), a_staff()
    entry = put_on(customer, expires_on=date(2026, 9, 30), by_id=staff.pk)
    customer.refresh_from_db()
    assert (customer.listed, customer.listed_reason) == ("red", "医院")
    assert (entry.kind, entry.reason, entry.expires_on, entry.listed_by) == (
        "red", "医院", date(2026, 9, 30), staff,
    )  # fmt: skip
    told = AuditEntry.objects.get(kind="act", action="customer.list")
    assert told.detail == {"before": "none", "after": "red", "expires_on": "2026-09-30"}
    assert (told.reason, told.staff_id) == ("医院", staff.pk)


@pytest.mark.parametrize(
    ("faulty", "sentence"),
    [({"reason": " "}, "请写明原因"), ({"expires_on": date(2026, 9, 9)}, "不能早于今天")],
)
def test_what_is_faulty_is_refused_and_changes_nothing(faulty, sentence: str) -> None:
    customer = a_company()
    with pytest.raises(BadInputError, match=sentence):
        put_on(customer, **faulty)
    assert (Customer.objects.get(pk=customer.pk).listed, Listing.objects.count()) == ("none", 0)


def test_nobody_is_on_two_lists_or_on_one_twice() -> None:
    customer = a_company()
    put_on(customer)
    with pytest.raises(BadInputError, match="已在红名单中"):
        put_on(customer)
    with pytest.raises(BadInputError, match="请先移出"):
        put_on(customer, "black")


def test_off_the_black_list_its_stops_end_and_the_entry_stays_as_history() -> None:
    customer, staff = a_company(), a_staff()
    line = a_subscription(customer, "m2g")
    put_on(customer, "black", reason="欺诈")
    suspend(subscription_ids=[line.pk], reason="blacklist", at=AT)
    later = local_moment("2026-09-20T10:00")
    lists.take_off(customer_id=customer.pk, reason="查清", at=later, by_id=staff.pk)
    entry = Listing.objects.get()
    assert (entry.valid_until, entry.ended_because, entry.ended_by) == (later, "查清", staff)
    assert Subscription.objects.get(pk=line.pk).state == "active"
    with pytest.raises(BadInputError, match="不在名单中"):
        lists.take_off(customer_id=customer.pk, reason="再来", at=later)


def test_an_entry_lasts_through_its_last_day() -> None:
    customer = a_company()
    put_on(customer, expires_on=date(2026, 9, 30))
    assert lists.end_expired(at=local_moment("2026-09-30T23:59")) == 0
    assert lists.end_expired(at=local_moment("2026-10-01T00:00")) == 1
    assert lists.end_expired(at=local_moment("2026-10-01T00:00")) == 0
    customer.refresh_from_db()
    assert (customer.listed, Listing.objects.get().ended_because) == ("none", "到期自动移出")


def test_whoever_is_registered_on_a_list_has_an_entry() -> None:
    assert Listing.objects.get(customer=a_company(listed="black")).kind == "black"
