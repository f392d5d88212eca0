"""The score of a record. Source: S40-6."""

import pytest

from customers.rules.completeness import LABELS, WEIGHTS, completeness, points_without
from customers.rules.record_fields import RecordFields

WHOLE = dict.fromkeys(WEIGHTS, "x")


def test_the_weights_of_the_seven_fields_make_a_hundred():
    assert list(WEIGHTS) == list(LABELS)
    assert sum(WEIGHTS.values()) == 100


def test_a_whole_record_scores_a_hundred_and_a_mere_name_twenty():
    assert completeness(RecordFields(**WHOLE)) == 100
    assert completeness(RecordFields(name="晨光")) == 20


@pytest.mark.parametrize(
    ("field", "score"),
    [
        ("name", 80),
        ("document_type", 90),
        ("document_number", 80),
        ("document_address", 90),
        ("contact_name", 90),
        ("contact_phone", 85),
        ("postal_address", 85),
    ],
)
def test_each_field_that_lacks_costs_its_weight(field, score):
    assert completeness(RecordFields(**WHOLE | {field: "  "})) == score
    assert points_without([field]) == score
