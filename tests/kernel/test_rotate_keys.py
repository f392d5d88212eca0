from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from bss.kernel import data_keys
from bss.kernel.clock import real_now
from bss.kernel.models import DataKey
from customers.models import Customer, Document
from customers.queries.search import by_document
from tests.builders.customers import a_company, a_person, a_subscription
from tests.kernel.test_sealing import HOME, sealed_as_before, store, stored

pytestmark = pytest.mark.django_db
SECOND = "2:a-second-secret-of-this-test"


def said(*options):
    out = StringIO()
    call_command("rotate_keys", *options, stdout=out)
    return out.getvalue()


def test_every_key_is_wrapped_by_the_first_of_the_ring_and_all_stays_readable(settings):
    customers = [a_company(name=f"北京第{n}商贸有限公司", postal_address=HOME) for n in range(5)]
    settings.FIELD_KEYS = SECOND

    text = said("--batch", "2")

    assert "wrapped by number 2: 5 of 5 data keys" in text
    assert "key number 1 (unwraps only): 0 data keys" in text
    settings.FIELD_KEYS, settings.FIELD_KEY = SECOND, ""
    settings.INDEX_KEY = "00" * 32
    data_keys.forget()
    assert {row.postal_address for row in Customer.objects.all()} == {HOME}
    assert len(customers) == 5


def test_a_second_run_does_nothing(settings):
    a_company(postal_address=HOME)
    settings.FIELD_KEYS = SECOND
    said()
    before = list(DataKey.objects.values_list("wrapped", flat=True))

    assert "wrapped" not in said()
    assert list(DataKey.objects.values_list("wrapped", flat=True)) == before


def test_values_of_the_first_format_are_sealed_under_the_data_key():
    company, person = a_company(), a_person()
    line = a_subscription(person, "fixed", install_address=HOME)
    store(company, sealed_as_before(HOME))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_document SET number = %s, address = %s WHERE customer_id = %s",
            [sealed_as_before("110105198806054024"), sealed_as_before(HOME), person.pk],
        )
        cursor.execute(
            "UPDATE customers_subscription SET install_address = %s WHERE id = %s",
            [sealed_as_before(HOME), line.pk],
        )
    assert "customers_document.number: 1 values of the first format" in said("--status")

    text = said()

    assert "customers_customer.postal_address: 1 values sealed" in text
    assert "first format" not in said("--status")
    assert stored(company).startswith(f"k1.{company.data_key_id.hex}.")
    document = Document.objects.get(customer=person)
    assert (document.number, document.address) == ("110105198806054024", HOME)
    line.refresh_from_db()
    assert line.install_address == HOME


def test_the_status_names_a_key_that_the_ring_lacks(settings):
    a_company()
    settings.FIELD_KEYS, settings.FIELD_KEY = SECOND, ""

    assert "key number 1 (MISSING from FIELD_KEYS): 1 data keys" in said("--status")


def test_destroyed_keys_are_counted_and_left_alone(settings):
    company = a_company()
    data_keys.destroy(company.data_key_id, at=real_now())
    settings.FIELD_KEYS = SECOND

    text = said()

    assert "destroyed: 1 data keys" in text
    assert DataKey.objects.get(pk=company.data_key_id).version == 1


def test_documents_are_found_after_the_first_key_is_gone(settings):
    company = a_company(postal_address=HOME)
    settings.FIELD_KEYS = SECOND
    said()
    settings.INDEX_KEY = said("--index-key").strip()
    settings.FIELD_KEY = ""

    assert by_document("91110105MA01C2XK3E", Customer.objects.all()).get() == company
