import pytest
from django.db import connection

from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry
from bss.kernel.periods import local_moment
from customers.models import Customer, Subscription
from customers.services.lists import list_customer
from customers.services.registration import (
    ContactInput,
    DocumentInput,
    correct_customer,
    register_customer,
)
from customers.services.subscriptions import suspend
from tests.builders.customers import a_company, a_subscription

pytestmark = pytest.mark.django_db
AT = local_moment("2026-09-10T10:00")
LICENSE = DocumentInput(
    type="business_license", number="91110105MA01C2XK3E", address="北京市朝阳区晨光路 1 号"
)


def test_the_counter_asks_for_all_seven_fields_at_once():
    with pytest.raises(BadInputError) as caught:
        register_customer(
            kind="enterprise", name=" ", area="010", document=None, at=AT, complete=True
        )

    assert [place for place, _ in caught.value.faults] == [
        "name",
        "document_type",
        "document_number",
        "document_address",
        "contact_name",
        "contact_phone",
        "postal_address",
    ]
    assert not Customer.objects.exists()


def test_a_whole_record_is_kept_and_the_register_is_audited():
    customer = register_customer(
        kind="enterprise",
        name="北京晨光商贸有限公司",
        area="010",
        document=LICENSE,
        contact=ContactInput(name="李雷", phone="13800000000", position="经理"),
        postal_address="北京市朝阳区晨光路 1 号",
        at=AT,
        complete=True,
    )

    kept = Customer.objects.get(pk=customer.pk)
    assert kept.code == f"C{kept.pk:08d}"
    assert kept.documents.get().number == "91110105MA01C2XK3E"
    assert kept.contacts.get().name == "李雷"
    assert AuditEntry.objects.get(kind="act").action == "customer.register"


def test_document_numbers_and_addresses_are_sealed_in_the_database():
    customer = a_company(document=LICENSE, postal_address="北京市朝阳区晨光路 1 号")

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.number, d.address, c.postal_address FROM customers_document d "
            "JOIN customers_customer c ON c.id = d.customer_id WHERE c.id = %s",
            [customer.pk],
        )
        stored = "".join(cursor.fetchone())

    assert "MA01C2XK3E" not in stored
    assert "晨光路" not in stored


def test_a_contact_is_another_person_than_the_customer():
    with pytest.raises(BadInputError, match="S40-7"):
        register_customer(
            kind="individual",
            name="王芳",
            area="010",
            document=None,
            contact=ContactInput(name="王芳", phone="13800000000"),
            at=AT,
        )


def test_a_wrong_check_digit_registers_nothing():
    with pytest.raises(BadInputError, match="第 18 位"):
        a_company(document=DocumentInput(type="business_license", number="91110105MA01C2XK3A"))
    assert not Customer.objects.exists()


def test_a_corrected_name_is_found_by_its_new_parts_and_a_new_document_is_the_main_one():
    customer = a_company(document=LICENSE)

    correct_customer(
        customer_id=customer.pk,
        name="北京晨星商贸有限公司",
        document=DocumentInput(type="organisation_code", number="12345678-8"),
        at=AT,
        complete=False,
    )

    kept = Customer.objects.get(pk=customer.pk)
    assert "晨星" in kept.name_bigrams
    assert list(kept.documents.values_list("type", "main")) == [
        ("organisation_code", True),
        ("business_license", False),
    ]


def test_delisting_lifts_the_stop_of_the_black_list_and_no_other():
    customer = a_company(listed="black")
    black, debtor = a_subscription(customer, "m2g"), a_subscription(customer, "m2g")
    suspend(subscription_ids=[black.pk], reason="blacklist", at=AT)
    suspend(subscription_ids=[debtor.pk], reason="debt", at=AT)

    list_customer(customer_id=customer.pk, listed="none", reason="误列", at=AT)

    assert Subscription.objects.get(pk=black.pk).state == "active"
    assert Subscription.objects.get(pk=debtor.pk).state == "suspended"
