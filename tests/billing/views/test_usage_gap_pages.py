"""Files and gaps: the alarm stands on every page about usage until somebody ends it."""

import pytest

from billing.models import UsageFile, UsageGap
from billing.services import gap_alarms
from tests.billing.views.house import a_member_of_staff
from tests.builders.usage import LOADED_AT

pytestmark = pytest.mark.django_db
PAGES = ("/billing/usage-files/", "/billing/months/", "/billing/months/2026-10")


@pytest.fixture
def gap(settings):
    settings.BUSINESS_TIME = "2026-11-01T09:00"
    for number in (7, 9):
        UsageFile.objects.create(
            name=f"bj-{number}.csv", switch="BJ-01", sequence=number, loaded_at=LOADED_AT
        )
    (found,) = gap_alarms.look(at=LOADED_AT)
    return found


@pytest.fixture
def operator_page(client):
    client.force_login(a_member_of_staff("batch_operator"))
    return client


@pytest.mark.parametrize("address", PAGES)
def test_the_alarm_stands_on_the_page_until_it_is_ended(operator_page, gap, address):
    link = f'href="/billing/usage-files/gaps/{gap.pk}"'
    assert link in operator_page.get(address).text
    UsageGap.objects.update(state="came", ended_at=LOADED_AT)
    assert link not in operator_page.get(address).text


def test_the_files_are_found_by_switch_day_and_number(operator_page, gap):
    def found(query):
        return [file.name for file in operator_page.get(f"{PAGES[0]}?{query}").context["list"].rows]

    assert found("switch=BJ-01&sort=number") == ["bj-7.csv", "bj-9.csv"]
    assert found("q=9") == ["bj-9.csv"]
    assert found("day=2026-10-31&sort=file") == ["bj-7.csv", "bj-9.csv"]
    assert found("day=2026-10-30") == []
    assert found("rejects=on") == []


def test_a_gap_shows_its_neighbours_and_is_ended_with_a_reason(operator_page, gap):
    address = f"/billing/usage-files/gaps/{gap.pk}"
    page = operator_page.get(address).text
    assert "bj-7.csv" in page
    assert "bj-9.csv" in page
    assert operator_page.post(f"{address}/excuse", {}).status_code == 422
    done = operator_page.post(f"{address}/excuse", {"reason": "割接跳号"}, follow=True)
    assert "已记下说明，缺号报警结束。" in done.text
    again = operator_page.post(f"{address}/excuse", {"reason": "割接跳号"})
    assert again.status_code == 422
    assert "这个缺号已经结束，不能再说明。" in again.text


@pytest.mark.parametrize(("text", "count"), [("8", 1), ("bj", 1), ("7", 0)])
def test_gaps_are_found_by_a_number_within_them(operator_page, gap, text, count):
    assert operator_page.get(f"/billing/usage-files/gaps/?q={text}").context["list"].count == count
