import pytest
from django.db import connection

from customers.models import Customer
from customers.queries.duplicates import likely_duplicates
from customers.queries.search import by_name, search_customers
from customers.rules.name_grams import grams
from customers.services.registration import ContactInput
from tests.builders.customers import LONG_AGO, a_company, a_person, a_subscription

pytestmark = pytest.mark.django_db
CHARACTERS = "东西南北山河湖海春夏秋冬金木水火土日月星辰风云雨雪松竹梅兰"


def found(text, scope=None):
    return [(hit.customer.name, hit.by) for hit in search_customers(text, scope)]


def test_two_characters_of_a_name_find_it_wherever_they_stand():
    a_company(name="北京晨光商贸有限公司")
    a_company(name="上海光明乳品有限公司")
    a_person(name="王晨光")

    assert found("晨光") == [("北京晨光商贸有限公司", "name"), ("王晨光", "name")]
    assert found("光") == [
        ("上海光明乳品有限公司", "name"),
        ("北京晨光商贸有限公司", "name"),
        ("王晨光", "name"),
    ]
    assert found("光晨") == []


def test_a_longer_part_must_stand_there_as_it_is():
    a_company(name="北京北海北京饭店")
    a_company(name="京北海北京北饭店")

    assert found("北海北京饭") == [("北京北海北京饭店", "name")]


def test_latin_names_are_found_whatever_the_case():
    a_company(name="Lotus Trading 北京")

    assert found("lotus") == [("Lotus Trading 北京", "name")]


def test_the_exact_number_comes_first_then_the_document():
    owner = a_company()
    line = a_subscription(owner, "fixed", number="01062000001")

    assert found("010-62000001") == [(owner.name, "number")]
    assert found(line.number[:-1]) == []
    assert found("91110105ma01c2xk3e") == [(owner.name, "document")]
    assert found(owner.code) == [(owner.name, "code")]


def test_a_scope_hides_the_customers_of_others():
    a_company()

    assert found("晨光", Customer.objects.none()) == []


def test_a_name_part_is_found_through_the_index():
    size = len(CHARACTERS)
    names = [
        CHARACTERS[i % size] + CHARACTERS[i // size % size] + CHARACTERS[i * 7 % size] + "商行"
        for i in range(4000)
    ]
    Customer.objects.bulk_create(
        Customer(
            code=f"X{i}",
            kind="enterprise",
            name=name,
            name_bigrams=grams(name),
            registered_at=LONG_AGO,
        )
        for i, name in enumerate(names)
    )
    with connection.cursor() as cursor:
        # what other tests left waiting in the index makes it look dear
        cursor.execute("SELECT gin_clean_pending_list('customer_name_bigrams')")
        cursor.execute("ANALYZE customers_customer")

    plan = by_name("松竹", Customer.objects.all())[:20].explain()

    assert "customer_name_bigrams" in plan
    assert "Seq Scan" not in plan


def test_the_same_document_or_name_and_phone_is_a_likely_duplicate():
    known = a_company(contact=ContactInput(name="李雷", phone="13800000000"))

    assert likely_duplicates(document_number="9111 0105 MA01C2XK3E") == [known]
    assert likely_duplicates(name=known.name, phone="13800000000") == [known]
    assert likely_duplicates(name=known.name, phone="13800000001") == []
    assert likely_duplicates(document_number="91110105MA01C2XK3E", besides_id=known.pk) == []
