"""Duplicates for ever: within a file, between files, against rejects; large loads and small."""

import numpy as np
import pytest
from django.db import connection

from billing.batch.usage import known as known_module
from billing.batch.usage import load as load_module
from billing.batch.usage.known import BITS_PER_KEY, PLAIN_AT_MOST, KnownIds, filter_of, may_be_known
from billing.models import UsageReject
from billing.services import usage
from tests.builders.usage import LOADED_AT, an_operator

CALL = {
    "service_number": "01062000009",
    "call_type": "mo",
    "other_number": "01088880001",
    "start_at": "2026-10-05T09:00:00",
    "duration_s": 60,
}


@pytest.fixture(params=(False, True), ids=("small", "large"))
def any_size(request, monkeypatch):
    """Each load as a small one, and as the large ones go: with filters and tables of their own."""
    if request.param:
        monkeypatch.setattr(load_module, "MANY", 1)
        monkeypatch.setattr("billing.batch.usage.known.FEW", 0)


@pytest.mark.django_db
@pytest.mark.usefixtures("any_size")
def test_the_first_line_with_an_id_has_it_for_ever_rated_or_not():
    an_operator()
    usage.load(
        rows=[
            {**CALL, "record_id": "a"},
            {**CALL, "record_id": "b", "service_number": "13099999999"},
            {**CALL, "record_id": "b"},
            {**CALL, "record_id": "c", "duration_s": -1},
        ],
        name="first",
        at=LOADED_AT,
    )

    usage.load(
        rows=[{**CALL, "record_id": record_id} for record_id in ("b", "a", "c", "c", "d")],
        name="second",
        at=LOADED_AT,
    )

    assert [
        (one.file.name, one.line_no, one.reason)
        for one in UsageReject.objects.order_by("file_id", "line_no")
    ] == [
        ("first", 3, "unknown_number"),
        ("first", 4, "duplicate"),
        ("first", 5, "malformed"),
        ("second", 2, "duplicate"),
        ("second", 3, "duplicate"),
        ("second", 5, "duplicate"),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT split_part(line, ',', 1) FROM billing_record ORDER BY 1")
        assert [record_id for (record_id,) in cursor.fetchall()] == ["a", "c", "d"]


@pytest.mark.django_db
@pytest.mark.usefixtures("any_size")
def test_the_source_fields_are_kept_as_they_came():
    an_operator()
    line = {**CALL, "record_id": "007", "duration_s": "0060", "info_fee_hao": "000"}

    usage.load(rows=[line], name="one", at=LOADED_AT)

    with connection.cursor() as cursor:
        cursor.execute("SELECT line FROM billing_record")
        assert cursor.fetchall() == [
            ("007,01062000009,mo,01088880001,2026-10-05T09:00:00,0060,,,000",)
        ]


def test_a_filter_is_the_same_however_much_of_it_is_made_at_once(monkeypatch):
    keys = np.random.default_rng(4).integers(-(2**63), 2**63 - 1, PLAIN_AT_MOST * 2)
    whole = filter_of(keys)

    monkeypatch.setattr(known_module, "MARKS_AT_ONCE", 1 << 18)

    assert whole[0] == 21
    assert filter_of(keys) == whole


def test_a_filter_forgets_none_and_lets_few_others_pass(figure):
    random = np.random.default_rng(3)
    keys = random.integers(-(2**63), 2**63 - 1, PLAIN_AT_MOST * 4)
    bits, content = filter_of(keys)
    known = KnownIds(parts=[1], months=[], bits=bits, content=content)

    assert len(may_be_known(keys, known)) == len(keys)
    others = random.integers(-(2**63), 2**63 - 1, 200_000)
    passed = len(may_be_known(others, known))
    assert len(content) * 8 >= BITS_PER_KEY * len(keys)
    assert passed < len(others) * 0.003
    figure(f"{passed} of {len(others):,} unknown ids pass a filter of {bits} bits")
