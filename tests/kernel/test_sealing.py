"""The sealed field, as customers use it."""

import pickle

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as configured
from django.core import serializers
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Value
from django.test.utils import CaptureQueriesContext

from bss.kernel import data_keys
from bss.kernel.clock import real_now
from bss.kernel.sealed_field import ClearTextRefusedError, Sealed
from bss.kernel.sealing import blind_index, key_of, seal, unseal
from customers.models import Customer, Document
from tests.builders.customers import a_company

pytestmark = pytest.mark.django_db
HOME = "北京市试验区示例路 8 号"
PLACE = "customers_customer.postal_address"


def stored(customer):
    with connection.cursor() as cursor:
        cursor.execute("SELECT postal_address FROM customers_customer WHERE id = %s", [customer.pk])
        return cursor.fetchone()[0]


def store(customer, text):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_customer SET postal_address = %s WHERE id = %s", [text, customer.pk]
        )


def sealed_as_before(text):
    import base64
    import hashlib

    digest = hashlib.sha256(b"seal:" + configured.FIELD_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest)).encrypt(text.encode()).decode()


def test_a_row_is_sealed_under_its_customers_key_and_clear_in_python():
    company = a_company(postal_address=HOME)

    assert key_of(stored(company)) == company.data_key_id
    assert "示例路" not in stored(company)
    assert Customer.objects.get(pk=company.pk).postal_address == HOME
    assert company.documents.get().number == "91110105MA01C2XK3E"


def test_a_token_moved_to_another_column_does_not_open():
    company = a_company(postal_address=HOME)
    number = Document.objects.values_list("number", flat=True).get(customer=company)
    store(company, number.token)

    with pytest.raises(ValueError, match="does not belong to customers_customer"):
        _ = Customer.objects.get(pk=company.pk).postal_address


def test_a_token_that_names_another_key_does_not_open():
    mine, other = a_company(postal_address=HOME), a_company(name="北京暮色商贸有限公司")
    moved = stored(mine).replace(mine.data_key_id.hex, other.data_key_id.hex)

    with pytest.raises(ValueError, match="was altered"):
        unseal(moved, bound_to=PLACE)


def test_an_altered_token_does_not_open():
    token = stored(a_company(postal_address=HOME))
    altered = token[:-3] + ("A" if token[-3] != "A" else "B") + token[-2:]

    with pytest.raises(ValueError, match="was altered"):
        unseal(altered, bound_to=PLACE)


def test_the_same_text_never_seals_alike():
    company = a_company()
    tokens = {seal(HOME, key_id=company.data_key_id, bound_to=PLACE) for _ in range(20)}

    assert len(tokens) == 20


def test_what_was_not_changed_keeps_its_token():
    company = a_company(postal_address=HOME)
    before = stored(company)

    row = Customer.objects.get(pk=company.pk)
    row.area = "021"
    row.save()

    assert stored(company) == before


def test_fifty_rows_are_opened_by_two_queries():
    for place in range(50):
        a_company(name=f"北京第{place}商贸有限公司", postal_address=f"{HOME} {place} 室")
    data_keys.forget()

    with CaptureQueriesContext(connection) as queries:
        rows = list(Customer.objects.order_by("pk"))
        assert len(queries) == 1
        shown = [row.postal_address for row in rows]

    assert shown == [f"{HOME} {place} 室" for place in range(50)]
    assert len(queries) == 2


@pytest.mark.parametrize("value", ["北京市", Value("北京市"), F("name")])
def test_an_update_by_queryset_never_writes_clear_text(value):
    company = a_company(postal_address=HOME)
    before = stored(company)

    with pytest.raises((ClearTextRefusedError, IntegrityError)), transaction.atomic():
        Customer.objects.filter(pk=company.pk).update(postal_address=value)

    assert stored(company) == before


def test_a_bulk_update_is_refused_and_a_bulk_create_seals():
    company = a_company(postal_address=HOME)
    company.postal_address = "北京市"
    with pytest.raises(ClearTextRefusedError, match="save"), transaction.atomic():
        Customer.objects.bulk_update([company], ["postal_address"])

    [document] = Document.objects.bulk_create(
        [
            Document(
                customer=company,
                type="passport",
                number="E12345678",
                number_index=blind_index("E12345678"),
                main=False,
                recorded_at=real_now(),
            )
        ]
    )

    assert document.number == "E12345678"
    kept = Document.objects.values_list("number", flat=True).get(pk=document.pk)
    assert kept.key_id == company.data_key_id


def test_the_database_itself_refuses_clear_text():
    company = a_company(postal_address=HOME)

    with pytest.raises(IntegrityError, match="postal_address_is_sealed"), transaction.atomic():
        store(company, HOME)


def test_a_filter_by_clear_text_is_refused_not_silently_empty():
    with pytest.raises(ClearTextRefusedError, match="compared"):
        Customer.objects.filter(postal_address=HOME).exists()


def test_a_row_without_a_key_is_refused():
    keyless = Customer(code="C0", kind="enterprise", name="无钥匙", registered_at=real_now())
    keyless.postal_address = HOME

    with pytest.raises(ClearTextRefusedError, match="no data key"):
        keyless.save()


def test_after_its_key_is_destroyed_a_row_reads_empty_and_takes_nothing_new():
    company = a_company(postal_address=HOME)
    data_keys.destroy(company.data_key_id, at=real_now())

    row = Customer.objects.get(pk=company.pk)
    assert row.postal_address == ""
    with pytest.raises(data_keys.KeyDestroyedError):
        unseal(stored(company), bound_to=PLACE)
    row.postal_address = "北京市"
    with pytest.raises(data_keys.KeyDestroyedError):
        row.save()


def test_a_token_of_the_first_format_still_opens():
    company = a_company()
    store(company, sealed_as_before(HOME))

    assert Customer.objects.get(pk=company.pk).postal_address == HOME


def test_sealed_values_say_nothing_in_texts_pickles_and_fixtures():
    company = a_company(postal_address=HOME)
    sealed = Customer.objects.values_list("postal_address", flat=True).get(pk=company.pk)
    sealed.open()

    assert isinstance(sealed, Sealed)
    assert f"{sealed} {sealed!r}" == "<sealed> <sealed>"
    assert HOME.encode() not in pickle.dumps(sealed)
    assert "示例路" not in serializers.serialize("json", [company], ensure_ascii=False)
