"""The rejects' pages: found by filters, judged again by number, corrected one by one."""

import pytest

from billing.models import UsageFile, UsageReject
from billing.services import usage
from tests.billing.views.house import a_member_of_staff
from tests.builders.usage import LOADED_AT, a_subscriber, an_operator

pytestmark = pytest.mark.django_db
STRANGER = {
    "record_id": "a",
    "service_number": "01062009999",
    "call_type": "mo",
    "other_number": "01088880001",
    "start_at": "2026-10-05T09:00:00",
    "duration_s": 60,
}
BAD = {**STRANGER, "record_id": "bad", "start_at": "nonsense"}


@pytest.fixture
def house(settings):
    settings.BUSINESS_TIME = "2026-10-31T23:30"
    operator = an_operator()
    usage.load(rows=[STRANGER, {**STRANGER, "record_id": "b"}, BAD], name="x.csv", at=LOADED_AT)
    UsageFile.objects.update(switch="BJ-01", sequence=1)
    return operator


@pytest.fixture
def operator_page(client):
    client.force_login(a_member_of_staff("batch_operator"))
    return client


def a_reject(record_id="a"):
    return UsageReject.objects.get(record_id=record_id)


@pytest.mark.parametrize(
    ("query", "count"),
    [("switch=BJ-01", 3), ("day=2026-10-31", 3), ("day=2026-10-30", 0), ("reason=malformed", 1)],
)
def test_what_the_filters_show_is_what_is_offered(operator_page, house, query, count):
    page = operator_page.get(f"/billing/rejects/?{query}")
    assert page.context["list"].count == count
    offered = [way.label for way in page.context["list"].ways]
    assert offered == ([f"重批这 {count} 条"] if count else [])
    assert operator_page.get(f"/billing/rejects/retry?{query}").context["count"] == count


def test_a_number_that_has_changed_since_is_shown_again(operator_page, house):
    a_subscriber(house.owner, "01062009999", "fixed", "FIXED-STD")
    changed = operator_page.post("/billing/rejects/retry", {"count": "2"})
    assert changed.status_code == 422
    assert "现在有 3 条待处理，刚才显示的是 2 条。" in changed.text
    done = operator_page.post("/billing/rejects/retry", {"count": "3"}, follow=True)
    assert "重批了 3 条：2 条已批价，1 条仍是错单。" in done.text


def test_many_are_handed_to_a_worker(operator_page, house, monkeypatch):
    handed = []
    monkeypatch.setattr("billing.views.reject_retry.AT_ONCE", 1)
    monkeypatch.setattr("billing.views.reject_retry.worker_answers", lambda: True)
    monkeypatch.setattr("billing.tasks.rejects.retry.delay", lambda *told: handed.append(told))
    operator_page.post("/billing/rejects/retry?day=2026-10-31", {"count": "3"})
    ((asked, at, _by_id),) = handed
    assert (asked["day"], at[:10]) == ("2026-10-31", "2026-10-31")


def test_a_reject_says_why_in_one_sentence_with_its_numbers_masked(operator_page, house):
    page = operator_page.get(f"/billing/rejects/{a_reject().pk}").text
    assert "计费号码 010****9999 不在系统内。" in page
    assert "这个号码现在仍未登记" in page
    assert "01062009999" not in page
    assert "01088880001" not in page


def test_one_is_judged_again_when_its_number_was_registered(operator_page, house):
    a_subscriber(house.owner, "01062009999", "fixed", "FIXED-STD")
    address = f"/billing/rejects/{a_reject().pk}"
    assert "这个号码现在已经登记，可以重批这一条。" in operator_page.get(address).text
    done = operator_page.post(f"{address}/retry", follow=True)
    assert "重批了 1 条，全部已批价。" in done.text
    assert "这条话单已于 2026-10-31 23:30 批价" in done.text
    assert a_reject("b").state == "open"


def test_a_malformed_field_is_named_and_corrected(operator_page, house):
    reject = UsageReject.objects.get(reason="malformed")
    address = f"/billing/rejects/{reject.pk}"
    page = operator_page.get(address)
    assert "开始时间：不是时间，应如 2026-10-05T09:00:00。" in page.text
    values = {
        "start_at": "2026-10-05T09:00:00",
        "service_number": "01062000001",
        "reason": "工单 7",
    }
    done = operator_page.post(f"{address}/correct", values, follow=True)
    assert "重批了 1 条，全部已批价。" in done.text
    assert "工单 7" in done.text


def test_a_correction_without_a_reason_keeps_what_was_typed(operator_page, house):
    address = f"/billing/rejects/{a_reject().pk}/correct"
    refused = operator_page.post(address, {"service_number": "01062000001"})
    assert refused.status_code == 422
    assert "请填写理由。" in refused.text
    assert 'value="01062000001"' in refused.text


def test_a_correction_that_is_wrong_again_names_its_field(operator_page, house):
    address = f"/billing/rejects/{a_reject().pk}/correct"
    refused = operator_page.post(address, {"duration_s": "long", "reason": "工单 7"})
    assert refused.status_code == 422
    assert "时长(秒)" in refused.text
    assert "不是从 0 起的整数，或者太大。" in refused.text
