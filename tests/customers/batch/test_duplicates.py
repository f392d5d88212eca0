"""The nightly look for customers that may be one."""

import pytest

from bss.kernel.periods import local_moment
from customers.batch.duplicates import find_duplicates
from customers.models import Contact, Customer, DuplicatePair
from customers.queries.duplicate_candidates import SHARED_BY_AT_MOST
from customers.services.duplicates import say_different
from customers.services.record_input import ContactInput, DocumentInput
from tests.builders.customers import a_company, a_person
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db

TONIGHT = local_moment("2026-10-15T04:00")
TOMORROW = local_moment("2026-10-16T04:00")
PHONE = "139-0000-0001"


def by_phone(name, phone=PHONE, make=a_company):
    return make(name=name, document=None, contact=ContactInput(name="李雷", phone=phone))


def found():
    return [
        (p.first, p.second, p.same_document, p.same_phone, p.score, p.state)
        for p in DuplicatePair.objects.select_related("first", "second")
    ]


def test_the_same_document_makes_a_pair_with_the_oldest_that_has_it():
    number = DocumentInput(type="business_license", number="91110105MA01C2XK3E")
    first, second, third = (a_company(name=f"第{n}商行", document=number) for n in range(3))

    assert find_duplicates(at=TONIGHT) == 2
    assert found() == [
        (first, second, True, False, 100, "open"),
        (first, third, True, False, 100, "open"),
    ]


def test_a_like_name_and_the_same_phone_however_it_is_written_make_a_pair():
    first = by_phone("北京晨光商贸有限公司")
    second = by_phone("北京晨光商贸公司", phone="13900000001")
    by_phone("上海远航物流", phone="13900000001")
    by_phone("北京晨光商贸有限公司", make=a_person)  # a person is no company

    assert find_duplicates(at=TONIGHT) == 1
    assert found() == [(first, second, False, True, 88, "open")]


def test_a_phone_that_very_many_share_says_nothing():
    for n in range(SHARED_BY_AT_MOST + 1):
        by_phone(f"北京晨光商贸{n}店")
    assert find_duplicates(at=TONIGHT) == 0
    Contact.objects.earliest("pk").delete()
    assert find_duplicates(at=TONIGHT) == 190


def test_what_was_said_to_differ_is_not_asked_again():
    by_phone("北京晨光商贸有限公司")
    by_phone("北京晨光商贸公司")
    find_duplicates(at=TONIGHT)
    pair = DuplicatePair.objects.get()
    say_different(pair_id=pair.pk, note="两家分店", at=TONIGHT, by_id=a_staff().pk)

    assert find_duplicates(at=TOMORROW) == 0
    assert DuplicatePair.objects.get().state == "different"


def test_a_corrected_record_takes_its_pair_off_the_list():
    by_phone("北京晨光商贸有限公司")
    second = by_phone("北京晨光商贸公司")
    assert find_duplicates(at=TONIGHT) == 1
    second.contacts.update(phone="13900000009")

    assert find_duplicates(at=TOMORROW) == 0
    assert not DuplicatePair.objects.exists()


def test_who_was_erased_is_nobody_s_duplicate():
    a_company(name="甲")
    other = a_company(name="乙")
    Customer.objects.filter(pk=other.pk).update(erased_at=TONIGHT)
    assert find_duplicates(at=TONIGHT) == 0
