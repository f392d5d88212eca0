"""The nightly grading over customers that were billed or have phones."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry
from bss.kernel.periods import local_moment
from customers.batch.grading import grade_customers
from customers.models import ClassMembership, CustomerFigures, LevelChange
from customers.queries.classes import classes_of
from customers.services.grading import decide_level
from tests.builders.classes import the_classes
from tests.builders.customers import a_company, a_person, a_subscription
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db

TONIGHT = local_moment("2026-10-15T04:00")
TOMORROW = local_moment("2026-10-16T04:00")
BY_DAY = local_moment("2026-10-16T10:00")


@pytest.fixture(autouse=True)
def classes():
    return the_classes()


def grade(billed, *, at=TONIGHT, months=3):
    return grade_customers(at=at, billed=lambda first, last: billed, months=months)


def a_group(phones, name="北京晨光商贸有限公司"):
    company = a_company(name=name)
    for _ in range(phones):
        a_subscription(company, "m3g")
    return company


def held(customer):
    return [one.number for one in classes_of(customer.pk)]


def changes():
    return [
        (c.before and c.before.number, c.after and c.after.number, c.state)
        for c in LevelChange.objects.order_by("pk")
    ]


def test_a_card_is_given_changed_and_lost_by_itself_and_its_history_stays():
    person = a_person()
    assert grade({person.pk: 450000}) == {"applied": 1, "proposed": 0, "customers": 1}
    assert held(person) == [12]
    assert grade({person.pk: 450000}, at=TOMORROW)["applied"] == 0
    grade({person.pk: 199800}, at=TOMORROW)
    assert held(person) == [13]
    grade({}, at=BY_DAY)

    assert held(person) == []
    rows = ClassMembership.objects.order_by("pk")
    assert [(m.customer_class.number, m.valid_from, m.valid_until, m.given_by) for m in rows] == [
        (12, TONIGHT, TOMORROW, None),
        (13, TOMORROW, BY_DAY, None),
    ]
    assert changes() == [
        (None, 12, "applied"),
        (12, 13, "applied"),
        (13, None, "applied"),
    ]


def test_what_was_counted_is_kept_for_the_work_lists():
    person = a_person()
    a_subscription(person, "m3g")
    a_subscription(person, "broadband")
    grade({person.pk: 100000})
    figures = CustomerFigures.objects.get()
    assert (figures.billed_fen, figures.months, figures.monthly_fen, figures.phones) == (
        100000, 3, 33333, 1,
    )  # fmt: skip


def test_a_small_group_is_graded_by_itself_and_a_large_one_is_proposed():
    small = a_group(11)
    classes = the_classes()
    level = classes[22].level
    level.phones = 12
    level.save()
    large = a_group(12, name="上海远航物流")

    assert grade({}) == {"applied": 1, "proposed": 1, "customers": 2}

    assert (held(small), held(large)) == ([23], [])
    assert changes() == [(None, 23, "applied"), (None, 22, "open")]
    assert grade({}, at=TOMORROW) == {"applied": 0, "proposed": 0, "customers": 2}


def test_a_person_takes_a_proposed_class_over_or_declines_it_for_good():
    level = the_classes()[22].level
    level.phones = 2
    level.save()
    first, second = a_group(2), a_group(2, name="上海远航物流")
    grade({})
    staff = a_staff()
    taken, declined = LevelChange.objects.order_by("pk")

    decide_level(change_id=taken.pk, take=True, note="已上门核实", at=BY_DAY, by_id=staff.pk)
    decide_level(change_id=declined.pk, take=False, note="临时加装", at=BY_DAY, by_id=staff.pk)

    assert (held(first), held(second)) == ([22], [])
    with pytest.raises(BadInputError):
        decide_level(change_id=taken.pk, take=True, note="", at=BY_DAY, by_id=staff.pk)
    assert grade({}, at=BY_DAY)["proposed"] == 0
    assert AuditEntry.objects.filter(action="customer.level_taken").get().reason == "已上门核实"


def test_what_a_person_gave_is_not_taken_by_the_night(classes):
    person = a_person()
    ClassMembership.objects.create(
        customer=person, customer_class=classes[11], valid_from=TONIGHT, given_by=a_staff()
    )
    assert grade({})["applied"] == 0
    assert held(person) == [11]
    assert changes() == [(11, None, "open")]
    grade({person.pk: 900001}, at=TOMORROW)
    assert changes() == [(11, None, "lapsed")]


def test_a_class_that_is_switched_off_is_reached_by_nobody(classes):
    classes[12].active = False
    classes[12].save()
    person = a_person()
    grade({person.pk: 450000})
    assert held(person) == [13]


def test_a_night_asks_the_same_for_three_customers_as_for_thirty(monkeypatch):
    monkeypatch.setattr("customers.batch.grading.LOT", 10**6)  # all in one, whatever their ids

    def queries():
        with CaptureQueriesContext(connection) as asked:
            grade(dict.fromkeys(range(10**6), 450000))
        return len(asked)

    for n in range(3):
        a_person(name=f"王{n}")
    three = queries()
    ClassMembership.objects.all().delete()
    for n in range(27):
        a_person(name=f"李{n}")
    assert queries() == three
    assert AuditEntry.objects.filter(action="customer.grade").count() == 2
