import pytest

from complaints.rules.hotlines import hotline_for, refusals_of_hotline


@pytest.mark.parametrize(
    ("company", "personal_matter", "hotline"),
    [
        (True, False, "10019"),
        (True, True, "10010"),
        (False, False, "10010"),
        (False, True, "10010"),
    ],
)
def test_the_company_line_serves_legal_persons_alone(company, personal_matter, hotline):
    assert hotline_for(company=company, personal_matter=personal_matter) == hotline


def test_a_person_on_the_company_line_is_refused():
    assert [r.rule for r in refusals_of_hotline(hotline="10019", company=False)] == ["CARE-1"]


@pytest.mark.parametrize(
    ("hotline", "company"), [("10019", True), ("10010", True), ("10010", False)]
)
def test_every_other_choice_of_line_is_allowed(hotline, company):
    assert refusals_of_hotline(hotline=hotline, company=company) == ()
