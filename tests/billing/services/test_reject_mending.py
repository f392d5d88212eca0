"""Rejects judged again: by choice, with a field put right, and never charged twice."""

import pytest

from billing.models import RejectCorrection, UsageFile, UsageReject
from billing.queries.rejects import line_to_judge, rejects_found
from billing.queries.usage import usage_totals
from billing.services import reject_mending, usage
from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry
from tests.builders.staff import a_staff
from tests.builders.usage import LOADED_AT, a_subscriber, an_operator

pytestmark = pytest.mark.django_db
CALL = {
    "service_number": "01062000001",
    "call_type": "mo",
    "other_number": "01088880001",
    "start_at": "2026-10-05T09:00:00",
    "duration_s": 60,
}
STRANGER = {**CALL, "service_number": "01062009999"}


@pytest.fixture
def operator():
    return an_operator()


def load(*rows, name="rows"):
    return usage.load(rows=rows, name=name, at=LOADED_AT)


def correct(reject, reason="按工单 123 更正", **values):
    return reject_mending.correct(
        reject_id=reject.pk, values=values, reason=reason, by_id=None, at=LOADED_AT
    )


def open_reject(record_id):
    return UsageReject.objects.get(record_id=record_id, state="open")


def test_only_what_was_chosen_is_judged_again(operator):
    load({**STRANGER, "record_id": "a"}, name="first.csv")
    second = load({**STRANGER, "record_id": "b"}, name="second.csv")
    a_subscriber(operator.owner, "01062009999", "fixed", "FIXED-STD")
    chosen = rejects_found({"file": second.file_id})
    assert reject_mending.retry(rejects=chosen, at=LOADED_AT) == reject_mending.Mended(
        tried=1, rated=1
    )
    assert UsageReject.objects.get(record_id="b").state == "mended"
    assert open_reject("a")


def test_all_are_judged_again_file_by_file_and_nothing_is_dropped(operator):
    load({**STRANGER, "record_id": "a"}, {**CALL, "record_id": "b", "start_at": "x"})
    load({**STRANGER, "record_id": "c"})
    a_subscriber(operator.owner, "01062009999", "fixed", "FIXED-STD")
    done = reject_mending.retry(rejects=UsageReject.objects.all(), at=LOADED_AT)
    assert (done.tried, done.rated) == (3, 2)
    assert usage_totals() == {"records": 3, "rated": 2, "rejected": {"malformed": 1}}


def test_a_field_is_put_right_with_a_reason_and_the_original_stays(operator):
    load({**STRANGER, "record_id": "a"})
    reject = open_reject("a")
    before = reject.original
    assert correct(reject, service_number="01062000001").rated == 1
    reject.refresh_from_db()
    assert (reject.state, reject.original) == ("mended", before)
    correction = RejectCorrection.objects.get()
    assert (correction.fields, correction.reason) == (["service_number"], "按工单 123 更正")
    assert "01062000001" in correction.sealed
    assert "01062000001" not in correction.line
    entry = AuditEntry.objects.get(action="usage.correct")
    assert entry.reason == "按工单 123 更正"
    assert entry.detail == {"file": reject.file_id, "line": 2, "fields": ["service_number"]}
    assert usage_totals() == {"records": 1, "rated": 1, "rejected": {}}


def test_what_was_put_right_and_still_waits_is_judged_as_it_was_put_right(operator):
    load({**CALL, "record_id": "a", "start_at": "nonsense", "service_number": "01062009999"})
    reject = UsageReject.objects.get()
    assert correct(reject, start_at="2026-10-05T09:00:00").rated == 0
    reject.refresh_from_db()
    assert (reject.reason, reject.record_id) == ("unknown_number", "a")
    a_subscriber(operator.owner, "01062009999", "fixed", "FIXED-STD")
    assert "2026-10-05T09:00:00" in line_to_judge(reject)
    assert usage.retry_rejects(reason="unknown_number", at=LOADED_AT) == 1


@pytest.mark.parametrize(
    ("values", "reason", "sentence"),
    [
        ({}, "按工单", "至少更正一个字段"),
        ({"service_number": "01062000001"}, " ", "写明更正的理由"),
        ({"record_id": "b"}, "按工单", "话单号是这条话单的身份"),
        ({"duration_s": "-5"}, "按工单", "不是从 0 起的整数"),
    ],
)
def test_a_correction_that_mends_nothing_is_refused(operator, values, reason, sentence):
    load({**STRANGER, "record_id": "a"})
    with pytest.raises(BadInputError, match=sentence):
        correct(open_reject("a"), reason, **values)
    assert not RejectCorrection.objects.exists()


def test_a_duplicate_cannot_be_made_a_second_charge(operator):
    load({**CALL, "record_id": "a"}, {**CALL, "record_id": "a"})
    with pytest.raises(BadInputError, match="同号话单已经有了"):
        correct(UsageReject.objects.get(), record_id="b")


def test_a_corrected_line_cannot_take_the_id_of_another_record(operator):
    load({**CALL, "record_id": "a"}, {**CALL, "record_id": "", "duration_s": 61})
    reject = UsageReject.objects.get()
    assert correct(reject, record_id="a").rated == 0
    reject.refresh_from_db()
    assert reject.reason == "duplicate"


@pytest.mark.parametrize("few", [5_000, 0])
def test_a_mended_record_is_known_to_later_loads_of_any_size(operator, monkeypatch, few):
    monkeypatch.setattr("billing.batch.usage.known.FEW", few)
    load({**STRANGER, "record_id": "a"}, {**CALL, "record_id": "b", "start_at": "x"})
    a_subscriber(operator.owner, "01062009999", "fixed", "FIXED-STD")
    reject_mending.retry(rejects=UsageReject.objects.all(), at=LOADED_AT)
    correct(UsageReject.objects.get(state="open"), start_at="2026-10-05T09:00:00")
    again = load({**CALL, "record_id": "a"}, {**CALL, "record_id": "b"})
    assert (again.rated, again.rejected) == (0, {"duplicate": 2})


def test_who_mended_is_told(operator):
    staff = a_staff("batch_operator")
    load({**STRANGER, "record_id": "a"})
    file = UsageFile.objects.get()
    reject_mending.retry(rejects=UsageReject.objects.all(), at=LOADED_AT, by_id=staff.pk)
    entry = AuditEntry.objects.get(action="usage.retry")
    assert (entry.subject, entry.staff, entry.detail["tried"], entry.detail["rated"]) == (
        f"usagefile:{file.pk}",
        staff,
        1,
        0,
    )
