"""Watched tables tell the audit what changed, who changed it and from where."""

import pytest
from django.db import connection, transaction

from bss.kernel import audit
from bss.kernel.models import AuditEntry, Staff
from customers.models import Contact, Customer
from customers.services import lists
from tests.builders.customers import a_company
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db


def changes(action: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(kind="change", action=action).order_by("id"))


def test_a_change_is_told_by_its_changed_columns_alone() -> None:
    company, clerk = a_company(), a_staff("clerk")

    with audit.acting(staff_id=clerk.pk, source="web", address="10.1.2.3", reason="来函更正"):
        Customer.objects.filter(pk=company.pk).update(listed="red", listed_reason="政府客户")

    [entry] = changes("customer.update")
    assert (entry.staff_id, entry.source, entry.address) == (clerk.pk, "web", "10.1.2.3")
    assert (entry.reason, entry.subject) == ("来函更正", f"customer:{company.pk}")
    assert entry.customer_id == company.pk
    assert entry.detail == {
        "before": {"listed": "none", "listed_reason": ""},
        "after": {"listed": "red", "listed_reason": "政府客户"},
    }


def test_raw_sql_is_told_as_well_and_says_that_nobody_acted() -> None:
    company = a_company()

    with connection.cursor() as cursor:
        cursor.execute("UPDATE customers_customer SET area = '021' WHERE id = %s", [company.pk])

    [entry] = changes("customer.update")
    assert (entry.staff_id, entry.source, entry.detail["after"]) == (None, "", {"area": "021"})


def test_what_stays_the_same_is_not_told() -> None:
    company = a_company()

    Customer.objects.filter(pk=company.pk).update(area=company.area)

    assert changes("customer.update") == []


def test_sealed_columns_and_passwords_are_told_as_changed_and_names_masked() -> None:
    company, clerk = a_company(), a_staff("clerk")
    Staff.objects.filter(pk=clerk.pk).update(password="another hash")
    company.postal_address = "西长安街 1 号"
    company.save(update_fields=["postal_address"])
    contact = Contact.objects.create(
        customer=company, name="王小明", phone="13800001234", main=False
    )
    contact.delete()

    assert changes("staff.update")[-1].detail == {
        "before": {"password": "•••"},
        "after": {"password": "•••"},
    }
    assert changes("customer.update")[-1].detail["after"] == {"postal_address": "•••"}
    told = changes("contact.insert")[-1].detail["after"]
    assert (told["name"], told["phone"]) == ("王**", "138****34")
    assert changes("contact.delete")[-1].detail["before"]["phone"] == "138****34"
    assert changes("contact.delete")[-1].customer_id == company.pk


def test_granting_a_role_is_told() -> None:
    clerk = a_staff("clerk")
    [granted] = changes("staff_roles.insert")
    assert granted.detail["after"]["staff_id"] == clerk.pk

    clerk.roles.clear()

    assert len(changes("staff_roles.delete")) == 1


def test_signing_in_alone_changes_nothing_worth_telling() -> None:
    clerk = a_staff("clerk")

    Staff.objects.filter(pk=clerk.pk).update(last_login="2026-10-03T12:00+08:00")

    assert changes("staff.update") == []


def test_who_acts_is_known_again_after_a_savepoint_was_rolled_back() -> None:
    company, clerk = a_company(), a_staff("clerk")

    with audit.acting(staff_id=clerk.pk):
        with transaction.atomic():
            Customer.objects.filter(pk=company.pk).update(area="021")
            transaction.set_rollback(True)
        Customer.objects.filter(pk=company.pk).update(area="022")
    Customer.objects.filter(pk=company.pk).update(area="023")

    told = [(entry.detail["after"]["area"], entry.staff_id) for entry in changes("customer.update")]
    assert told == [("022", clerk.pk), ("023", None)]


@pytest.mark.django_db(transaction=True)
def test_outside_of_transactions_each_statement_knows_its_own_actor() -> None:
    company, clerk = a_company(), a_staff("clerk")

    with audit.acting(staff_id=clerk.pk):
        Customer.objects.filter(pk=company.pk).update(area="021")
    Customer.objects.filter(pk=company.pk).update(area="022")
    with audit.acting(source="command x"), transaction.atomic():
        Customer.objects.filter(pk=company.pk).update(area="023")
    Customer.objects.filter(pk=company.pk).update(area="024")

    told = [(entry.staff_id, entry.source) for entry in changes("customer.update")]
    assert told == [(clerk.pk, ""), (None, ""), (None, "command x"), (None, "")]


def test_services_entries_take_who_and_where_from_the_edge() -> None:
    company, clerk = a_company(), a_staff("clerk")

    with audit.acting(staff_id=clerk.pk, source="web", address="10.1.2.3"):
        lists.list_customer(
            customer_id=company.pk, listed="red", reason="政府客户", at=company.registered_at
        )

    entry = AuditEntry.objects.get(action="customer.list")
    assert (entry.staff_id, entry.source, entry.address) == (clerk.pk, "web", "10.1.2.3")
