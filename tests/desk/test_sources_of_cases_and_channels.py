import pytest

from bss.desk.search import search
from tests.channels.somewhere import a_channel
from tests.complaints.people import a_case, a_colleague
from tests.complaints.views.test_case_pages import with_role

pytestmark = pytest.mark.django_db


def found(text, staff):
    return {group.title: [hit.detail for hit in group.hits] for group in search(text, staff=staff)}


def test_a_case_is_found_by_its_number_and_by_its_words():
    boss, case = with_role(a_colleague("boss"), "supervisor"), a_case()
    assert found(case.code.lower(), boss) == {"案件": [case.code]}
    assert found("套餐月费", boss) == {"案件": [case.code]}
    assert search(case.code, staff=boss)[0].hits[0].exact


def test_a_hall_is_found_by_its_name_and_by_its_code():
    boss, hall = with_role(a_colleague("boss"), "supervisor"), a_channel(name="东四营业厅")
    assert found("东四", boss) == {"渠道": [hall.code]}
    assert found("hall-01", boss) == {"渠道": [hall.code]}


def test_more_than_fit_are_a_link_to_the_list():
    boss = with_role(a_colleague("boss"), "supervisor")
    for number in range(9):
        a_channel(code=f"HALL-{number:02d}")
    (group,) = search("HALL", staff=boss)
    assert (len(group.hits), group.more_url) == (8, "/channels/?q=HALL")


def test_who_may_not_see_a_kind_of_thing_does_not_find_it():
    operator = with_role(a_colleague("yuejie"), "batch_operator")
    assert found(a_case().code, operator) == {}
    assert found(a_channel().code, operator) == {}
