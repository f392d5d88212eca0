"""What the migrations do to a database with customers in it."""

from importlib import import_module

import pytest
from django.apps import apps

from bss.kernel import data_keys
from bss.kernel.models import DataKey
from customers.models import Customer
from tests.builders.customers import a_company

pytestmark = pytest.mark.django_db


def test_customers_that_were_there_before_get_a_data_key_each():
    companies = [a_company(name=f"北京第{n}商行") for n in range(5)]
    Customer.objects.update(data_key=None)
    kept = Customer.objects.filter(pk=companies[0].pk)
    kept.update(data_key=companies[0].data_key_id)
    migration = import_module("customers.migrations.0003_a_data_key_for_everybody")

    migration.give_keys(apps, None)

    keys = set(Customer.objects.values_list("data_key", flat=True))
    assert len(keys) == 5
    assert kept.get().data_key_id == companies[0].data_key_id
    data_keys.forget()
    assert {len(data_keys.opened(key)) for key in keys} == {32}
    assert DataKey.objects.count() == 9
