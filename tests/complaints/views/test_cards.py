import pytest
from django.test import RequestFactory

from complaints.views.cards import my_cases
from tests.builders.staff import a_role
from tests.complaints.people import a_case, a_colleague

pytestmark = pytest.mark.django_db


def asked_by(staff):
    request = RequestFactory().get("/")
    staff.roles.add(a_role("agent"))
    request.user = staff
    return request


def test_the_home_page_shows_my_open_cases_the_most_urgent_first(settings):
    settings.BUSINESS_TIME = "2026-10-15T15:00"
    me = a_colleague("kefu1")
    slow, urgent = a_case(by_id=me.pk), a_case(by_id=me.pk, category="bill_enquiry")
    a_case(by_id=a_colleague("kefu2").pk)
    shown = my_cases(asked_by(me))
    assert [case.code for case in shown["cases"]] == [urgent.code, slow.code]
    assert shown["counts"]["mine"] == 2


def test_who_has_no_case_sees_no_card():
    assert my_cases(asked_by(a_colleague("kefu1"))) is None
