"""Classes are data that is never deleted; a customer holds several. Source: S84-1, S84-2."""

import pytest
from django.db import DatabaseError, connection, transaction

from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry
from bss.kernel.periods import local_moment
from customers.models import ClassMembership, CustomerClass
from customers.queries.classes import classes_of
from customers.services.classes import add_class, change_class
from customers.services.classifying import give_class, give_class_to_many, take_class
from customers.services.merging import merge_customers
from tests.builders.classes import the_classes
from tests.builders.customers import a_company
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db

NOW = local_moment("2026-10-15T10:00")
LATER = local_moment("2026-10-15T11:00")


@pytest.fixture(autouse=True)
def classes():
    return the_classes()


@pytest.fixture
def staff():
    return a_staff()


def give(customer, one, staff, *, at=NOW):
    return give_class(
        customer_id=customer.pk, class_id=one.pk, reason="年度评定", at=at, by_id=staff.pk
    )


def test_a_class_is_added_renamed_and_switched_off(staff):
    made = add_class(number=31, name="重点行业", note="", at=NOW, by_id=staff.pk)
    change_class(
        class_id=made.pk, name="重点行业客户", note="电力", active=False, at=LATER, by_id=staff.pk
    )
    made.refresh_from_db()
    assert (made.number, made.name, made.note, made.active) == (31, "重点行业客户", "电力", False)
    actions = AuditEntry.objects.filter(action__startswith="customer_class.", kind="act")
    assert list(actions.order_by("pk").values_list("action", flat=True)) == [
        "customer_class.add", "customer_class.change",
    ]  # fmt: skip


def test_number_and_name_are_had_once(staff):
    with pytest.raises(BadInputError) as refused:
        add_class(number=2, name="大客户", note="", at=NOW, by_id=staff.pk)
    assert [place for place, _ in refused.value.faults] == ["number", "name"]


def delete_by_orm():
    CustomerClass.objects.filter(number=3).delete()


def delete_by_sql():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM customers_customerclass WHERE number = 3")


@pytest.mark.parametrize("delete", [delete_by_orm, delete_by_sql])
def test_the_database_itself_refuses_to_delete_a_class(delete, classes):
    with pytest.raises(DatabaseError), transaction.atomic():
        delete()
    assert CustomerClass.objects.filter(number=3).exists()


def test_a_customer_holds_several_each_once_and_dated(staff, classes):
    company = a_company()
    give(company, classes[2], staff)
    give(company, classes[3], staff)
    with pytest.raises(BadInputError):
        give(company, classes[2], staff)
    take_class(
        customer_id=company.pk, class_id=classes[3].pk, reason="已整改", at=LATER, by_id=staff.pk
    )
    assert [one.number for one in classes_of(company.pk)] == [2]
    rows = ClassMembership.objects.order_by("pk").values_list("valid_from", "valid_until")
    assert list(rows) == [(NOW, None), (NOW, LATER)]
    with pytest.raises(BadInputError):
        take_class(
            customer_id=company.pk, class_id=classes[3].pk, reason="再次", at=LATER, by_id=staff.pk
        )


def test_a_class_that_is_switched_off_is_given_to_nobody_new(staff, classes):
    classes[2].active = False
    classes[2].save()
    with pytest.raises(BadInputError) as refused:
        give(a_company(), classes[2], staff)
    assert "已停用" in str(refused.value)


def test_many_get_it_at_once_and_the_audit_says_it_once(staff, classes):
    companies = [a_company(name=f"第{n}商行") for n in range(3)]
    give(companies[0], classes[2], staff)
    given = give_class_to_many(
        customer_ids=[one.pk for one in companies], class_id=classes[2].pk, reason="年度评定",
        at=LATER, by_id=staff.pk, approval_id=7,
    )  # fmt: skip
    assert given == 2
    assert classes[2].memberships.count() == 3
    told = AuditEntry.objects.get(action="customer.classify_many").detail
    assert (told["customers"], told["asked"]) == ([companies[1].pk, companies[2].pk], 3)


def test_classes_go_with_a_merged_customer(staff, classes):
    survivor, double = a_company(), a_company(name="北京晨光商贸公司")
    give(survivor, classes[2], staff)
    give(double, classes[2], staff)
    give(double, classes[3], staff)
    merge_customers(
        survivor_id=survivor.pk, merged_id=double.pk, reason="同一企业", at=LATER,
        by_id=staff.pk, approval_id=1,
    )  # fmt: skip
    assert [one.number for one in classes_of(survivor.pk)] == [2, 3]
    assert classes_of(double.pk) == []
