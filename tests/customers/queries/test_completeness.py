"""The score as the database counts it, beside the pure rule."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Customer
from customers.queries.completeness import incomplete, missing_of, with_completeness
from customers.rules.completeness import completeness
from customers.services.record_input import ContactInput, DocumentInput
from customers.views.known import known_record
from tests.builders.customers import a_company

pytestmark = pytest.mark.django_db

LICENCE = DocumentInput(type="business_license", number="91110105MA01C2XK3E", address="东城路 1 号")
CONTACT = ContactInput(name="李雷", phone="13900000001")


def companies():
    return [
        a_company(name="全", document=LICENCE, contact=CONTACT, postal_address="东城路 1 号"),
        a_company(name="缺联系人", document=LICENCE, postal_address="东城路 1 号"),
        a_company(name="缺证件", document=None, contact=CONTACT),
        a_company(name="只有名称", document=None),
    ]


def test_the_database_counts_as_the_rule_does():
    made = companies()

    counted = dict(with_completeness(Customer.objects).values_list("pk", "completeness"))

    assert [counted[one.pk] for one in made] == [100, 75, 45, 20]
    assert [completeness(known_record(one)) for one in made] == [100, 75, 45, 20]


def test_a_former_document_counts_nothing():
    whole = companies()[0]
    whole.documents.update(main=False)
    assert with_completeness(Customer.objects).get(pk=whole.pk).completeness == 60


def test_what_lacks_is_said_in_the_order_of_the_form_with_three_queries_for_all():
    made = companies()
    with CaptureQueriesContext(connection) as queries:
        missing = missing_of([one.pk for one in made])
    assert [missing[one.pk] for one in made] == [
        [],
        ["联系人", "联系电话"],
        ["证件类型", "证件号码", "证件地址", "通信地址"],
        ["证件类型", "证件号码", "证件地址", "联系人", "联系电话", "通信地址"],
    ]
    assert len(queries) == 3
    assert set(incomplete(with_completeness(Customer.objects))) == set(made[1:])
