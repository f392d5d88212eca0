import pytest

from customers.rules.areas import area_of_number
from customers.rules.documents import (
    document_fault,
    organisation_check_digit,
    registration_check_digit,
)
from customers.rules.record_fields import contact_faults

GOOD = [
    ("business_license", "91110105MA01C2XK3E"),
    ("business_license", " 9111 0105 ma01 c2xk3e "),
    ("business_license", "110108000000016"),
    ("organisation_code", "12345678-8"),
    ("organisation_code", "123456788"),
    ("organisation_code", "D2143569-X"),
    ("resident_id", "110105198806054024"),
    ("passport", "E12345678"),
    ("military_unit_code", "军字第 001 号"),
    ("legal_person_authorisation", "委-2026-001"),
]
BAD = [
    ("business_license", "91110105MA01C2XK3A", "第 18 位"),
    ("business_license", "91110105MA01C2XK3", "18 位"),
    ("business_license", "91110105MA01C2IO3E", "不含 I、O"),
    ("business_license", "110108000000015", "第 15 位"),
    ("organisation_code", "12345678-9", "校验码"),
    ("organisation_code", "1234567", "8 位"),
    ("resident_id", "110105198806054025", "校验码"),
    ("resident_id", "110105198813054024", "出生日期"),
    ("resident_id", "11010519880605402", "18 位"),
    ("passport", "E1", "护照"),
    ("military_unit_code", "  ", "请填写"),
    ("library_card", "1", "未知"),
]


@pytest.mark.parametrize(("type", "number"), GOOD)
def test_a_number_that_can_be_right_has_no_fault(type, number):
    assert document_fault(type=type, number=number) == ""


@pytest.mark.parametrize(("type", "number", "sentence"), BAD)
def test_a_number_that_cannot_be_right_says_why(type, number, sentence):
    assert sentence in document_fault(type=type, number=number)


def test_check_digits_of_the_standards_own_examples():
    assert organisation_check_digit("D2143569") == "X"
    assert registration_check_digit("11010800000001") == "6"


@pytest.mark.parametrize(
    ("number", "area"),
    [
        ("01062000001", "010"),
        ("02166660001", "021"),
        ("03118880001", "0311"),
        ("62000001", ""),
        ("13011112222", ""),
    ],
)
def test_a_line_has_the_area_that_its_number_begins_with(number, area):
    assert area_of_number(number) == area


def test_the_longest_home_area_counts_before_the_shape():
    assert area_of_number("03118880001", home_areas=["03", "031"]) == "031"


def test_a_contact_may_not_be_the_number_that_is_being_opened():
    faults = contact_faults(
        name="李雷",
        phone="130-1111-2222",
        customer_name="北京晨光商贸有限公司",
        opened_numbers={"13011112222"},
    )
    assert [field for field, _ in faults] == ["contact_phone"]
