import pytest

from bss.kernel.errors import BadInputError
from bss.kernel.periods import local_moment
from bss.kernel.rulebook import RefusedError
from complaints.models import Case
from complaints.services.intake import About
from tests.complaints.people import MORNING, a_bill_line, a_case, a_colleague, a_company, a_person

pytestmark = pytest.mark.django_db


def test_a_case_is_taken_owned_and_promised():
    case = a_case(by_id=a_colleague("kefu7").pk)
    assert (case.state, case.kind, case.hotline) == ("accepted", "complaint", "10019")
    assert case.owner.username == "kefu7"
    assert case.handler is None
    assert case.accepted_at == MORNING
    assert case.due_at == local_moment("2026-10-20T10:00")
    assert case.code == f"AJ20261015{case.pk:06d}"


def test_the_first_step_is_the_customers_words():
    step = a_case().steps.get()
    assert (step.action, step.text, step.at) == ("accept", "客户认为套餐费不应全额收取。", MORNING)


def test_a_persons_matter_goes_to_the_personal_line():
    assert a_case(customer_id=a_person().pk).hotline == "10010"


def test_a_member_of_a_company_may_come_with_a_personal_matter():
    assert a_case(hotline="10010").hotline == "10010"


def test_a_person_on_the_company_line_is_refused_and_nothing_is_kept():
    with pytest.raises(RefusedError) as caught:
        a_case(customer_id=a_person().pk, hotline="10019")
    assert caught.value.rules == ["CARE-1"]
    assert not Case.objects.exists()


def test_an_unknown_category_is_bad_input():
    with pytest.raises(BadInputError) as caught:
        a_case(category="weather")
    assert caught.value.faults == (("category", "请选择案件类别"),)


def test_a_case_about_a_bill_line_keeps_it():
    line = a_bill_line(owner=a_company())
    assert a_case(about=About(bill_line_id=line.pk)).bill_line == line


def test_every_link_that_is_another_customers_is_told_at_once():
    line = a_bill_line(owner=a_person())
    with pytest.raises(BadInputError) as caught:
        a_case(about=About(bill_line_id=line.pk, order_id=987654, subscription_id=987654))
    assert [place for place, _ in caught.value.faults] == ["subscription", "bill_line", "order"]
    assert not Case.objects.exists()


def test_a_double_click_makes_one_case():
    assert a_case(form_key="k1") == a_case(form_key="k1")
    assert Case.objects.count() == 1
    assert Case.objects.get().steps.count() == 1
