from packages_wo.rules.catalogue_difference import Difference, differences


def test_what_came_went_and_changed_is_told_by_its_place() -> None:
    before = {
        "plans": {"A": {"monthly": "25.00"}, "B": {"monthly": "30.00"}},
        "vas": {"x": ["m2g"]},
    }
    after = {"plans": {"A": {"monthly": "26.00"}, "C": {"monthly": "9.00"}}, "vas": {"x": ["m3g"]}}

    assert differences(before, after) == [
        Difference(place=("plans", "A", "monthly"), before="25.00", after="26.00"),
        Difference(place=("plans", "B", "monthly"), before="30.00", after=None),
        Difference(place=("plans", "C", "monthly"), before=None, after="9.00"),
        Difference(place=("vas", "x"), before="m2g", after="m3g"),
    ]


def test_equal_documents_have_none_whatever_they_are_called() -> None:
    document = {"version": "2026-10", "tax": {"category": [{"from": "2026-01-01", "sms": "basic"}]}}

    assert differences(document, {**document, "version": "2026-11"}) == []
