"""The customer's copy is whole: what leads to a customer is in it, or is left out with a reason."""

import pytest
from django.apps import apps
from django.utils import translation

from billing.models import NoticeAddress
from bss.kernel.sealed_field import SealedTextField
from bss.oversight.queries.subject import IN_CLEAR, sections_of, told
from bss.oversight.queries.subject_tables import LEFT_OUT, TABLES
from customers.models import Customer
from customers.services.reveal import opened
from tests.billing.views.house import a_closed_october, a_member_of_staff
from tests.builders.customers import a_person
from tests.builders.orders import a_source
from tests.desk.a_grown_house import add_rows

# What no day of the grown house brings: the tables' own tests do.
NOT_GROWN = {
    "contacts",
    "credit_limits",
    "debt_stops",
    "figures",
    "looked_at",
    "packs",
    "plan_changes",
    "plans",
    "points",
    "recoveries",
    "releases",
    "transfers_in",
    "value_added",
}
# Rows without a foreign key that name their customer all the same.
BY_NUMBER_ALONE = {"kernel.AuditEntry", "channels.SaleFact", "channels.RevenueFact"}
# Seen by nobody but the house: an index by which the value is found, or kept as files of their own.
SEALED_ELSEWHERE = {"customers.DocumentCopy.content", "billing.BankMandate.number"}


def leading_to_a_customer():
    """Every model from which foreign keys lead to a customer, over however many others."""
    found = {Customer}
    while fresh := {
        model
        for model in apps.get_models()
        for field in model._meta.local_fields
        if model not in found and field.remote_field and field.related_model in found
    }:
        found |= fresh
    by_number = {
        model
        for model in apps.get_models()
        if any(field.name == "customer_id" for field in model._meta.local_fields)
    }
    assert {model._meta.label for model in by_number} == BY_NUMBER_ALONE
    return found | by_number


def test_whatever_leads_to_a_customer_is_told_or_left_out_with_a_reason():
    there = leading_to_a_customer()
    assert len(there) > 60

    forgotten = sorted(model._meta.label for model in there - told() - LEFT_OUT.keys())
    assert not forgotten, (
        f"{forgotten} lead to a customer: tell them in bss/oversight/queries/subject_tables, or "
        "say in left_out.py why not"
    )
    assert sorted(model._meta.label for model in LEFT_OUT.keys() - there) == []
    assert sorted(model._meta.label for model in LEFT_OUT.keys() & told()) == []
    assert all(LEFT_OUT.values())


def test_every_sealed_column_of_what_is_told_is_told():
    by_model = {table.model: table for table in TABLES}
    missing = [
        label
        for model in told() - set(IN_CLEAR)
        for field in model._meta.local_fields
        if isinstance(field, SealedTextField)
        and (label := f"{model._meta.label}.{field.name}") not in SEALED_ELSEWHERE
        and field.name not in by_model[model].columns
    ]

    assert missing == []


@pytest.mark.django_db
def test_each_table_tells_the_rows_of_its_customer_and_of_nobody_else(settings):
    # given: everything twice over, of two customers, and one of whom nothing is held
    settings.BUSINESS_TIME = "2026-11-05T10:00"
    manager = a_member_of_staff("account_manager")
    a_source()
    a_closed_october()
    add_rows(0, 2, manager=manager)
    stranger = a_person(name="欧阳试验")
    one, other = Customer.objects.filter(name__regex="^北京第[01]商贸有限").order_by("pk")
    NoticeAddress.objects.create(account=one.accounts.earliest("pk"), email="someone@example.com")

    # when
    copies = {
        customer.pk: {section.code: section for section in sections_of(customer, opened(customer))}
        for customer in (one, other, stranger)
    }

    # then
    empty = {code for code, section in copies[one.pk].items() if not section.rows}
    assert " ".join(sorted(empty - NOT_GROWN)) == ""
    [told_where] = copies[one.pk]["notice_addresses"].rows
    assert told_where[2] == "someone@example.com"
    assert {code for code, section in copies[stranger.pk].items() if section.rows} == {
        "record",
        "documents",
    }
    for table in TABLES:
        keys = [set(table.rows_of(pk).values_list("pk", flat=True)) for pk in (one.pk, other.pk)]
        assert keys[0].isdisjoint(keys[1]), table.code


def test_titles_and_columns_are_each_others_only(db):
    for language in ("zh-hans", "en"):
        with translation.override(language):
            titles = [str(table.title) for table in TABLES]
            assert sorted(set(titles)) == sorted(titles)
            assert [title for title in titles if len(title) > 31] == []
    codes = [table.code for table in TABLES]
    assert sorted(set(codes)) == sorted(codes)
