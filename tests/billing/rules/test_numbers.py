"""The golden table of number analysis."""

import pytest

from billing.rules.numbers import analyse_number, plain_number
from tests.billing.rules.rating_table import DIRECTORY, NUMBER_PLAN


def analysed(dialled: str, area: str = "010"):
    return analyse_number(
        dialled,
        caller_area=area,
        plan=NUMBER_PLAN,
        subscriber_area=lambda number: (
            DIRECTORY.subscribers[number].area if number in DIRECTORY.subscribers else None
        ),
        segment_place=DIRECTORY.segment_place,
    )


@pytest.mark.parametrize(
    ("dialled", "number"),
    [
        ("01088880001", "01088880001"),
        ("+861088880001", "01088880001"),  # 10 digits are left: they get their 0
        ("00862166660001", "02166660001"),
        ("+8675588880001", "075588880001"),  # 11 digits, no mobile
        ("+8602166660001", "02166660001"),
        ("+8613910120000", "13910120000"),
        ("008613910120000", "13910120000"),
        ("8613910120000", "13910120000"),
        ("862166660001", "862166660001"),  # 86 is taken off before a mobile number only
        ("+864008001234", "4008001234"),
        ("+868008101234", "8008101234"),
        ("+8695588", "95588"),
        ("+8610010", "10010"),
        ("+8688880001", "88880001"),
        ("+85212345678", "0085212345678"),
        ("+12125550100", "0012125550100"),
        ("0085212345678", "0085212345678"),
    ],
)
def test_the_ways_to_write_a_number_come_to_one(dialled, number):
    assert plain_number(dialled, plan=NUMBER_PLAN) == number


@pytest.mark.parametrize(
    ("dialled", "call_class"),
    [
        ("110", "free"),
        ("10010", "free"),
        ("+8610010", "free"),
        ("8008101234", "free"),
        ("80081012345", None),  # eleven digits are no 800 number
        ("1790902166660001", "service"),
        ("193021666600", "service"),  # access code, 0, twelve digits
        ("19302166660", "domestic"),  # eleven digits: a mobile number
        ("1790913910120000", None),  # no 0 after the access code
        ("0085212345678", "hmt"),
        ("+85366660001", "hmt"),
        ("0088621234", "hmt"),
        ("0012125550100", "international"),
        ("00", "international"),
        ("4008001234", "service"),
        ("400800123", None),
        ("40080012345", None),
        ("95588", "service"),
        ("12345678", "service"),
        ("123456789", None),  # nine digits
        ("9", "service"),
        ("13910120000", "local"),
        ("13162220000", "domestic"),
        ("14900000000", "domestic"),  # no such segment
        ("13011112222", "local"),  # ours
        ("13011114444", "domestic"),  # ours, in Shanghai
        ("12910120000", None),  # 11 digits, not 1[3-9]
        ("01088880001", "local"),
        ("010", "local"),
        ("02166660001", "domestic"),
        ("013910120000", "domestic"),
        ("88880001", "local"),
        ("2222222", "local"),
        ("222222", None),
        ("222222222", None),
        ("11111111", "service"),
    ],
)
def test_a_number_called_from_beijing_is_of_this_class(dialled, call_class):
    called = analysed(dialled)

    assert (called and called.call_class) == call_class


def test_the_area_decides_between_local_and_domestic():
    assert analysed("13162220000", area="021").call_class == "local"
    assert analysed("02166660001", area="021").call_class == "local"
    assert analysed("01088880001", area="021").call_class == "domestic"
    assert analysed("18802200000", area="022").call_class == "local"


def test_a_caller_from_an_area_without_a_name_calls_every_segment_as_domestic():
    assert analysed("13910120000", area="0571").call_class == "domestic"


def test_a_local_number_is_completed_with_the_callers_area_code():
    assert analysed("62000001").number == "01062000001"
    assert analysed("66660001", area="021").number == "02166660001"
