import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bss.kernel.models import AuditEntry
from bss.kernel.periods import local_moment
from bss.oversight.models import RelativeNumber, SecurityCase, SecurityEvidence, WatchSetting
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db

NOON = local_moment("2026-10-15T12:00")


@pytest.fixture(autouse=True)
def the_day(settings):
    settings.BUSINESS_TIME = "2026-10-15T15:00"


@pytest.fixture
def clerk():
    return a_staff("clerk")


@pytest.fixture
def officer():
    return a_staff("security_officer")


@pytest.fixture
def page(client, officer):
    client.force_login(officer)
    return client


def a_security_case(staff, *, rule="night"):
    case = SecurityCase.objects.create(
        rule=rule, whom=f"staff:{staff.pk}", staff=staff, opened_at=NOON, last_hit_at=NOON
    )
    entry = AuditEntry.objects.create(
        kind="read",
        action="personal.reveal",
        subject="customer:7",
        customer_id=7,
        staff=staff,
        at=NOON,
        reason="客户来电核对。",
    )
    SecurityEvidence.objects.create(case=case, rule=rule, entry_id=entry.pk, found_at=NOON)
    case.steps.create(action="open", text="1", at=NOON)
    return case


def text(response):
    return response.content.decode()


def shown(response):
    return [case.pk for case, *_ in response.context["rows"]]


def test_the_list_holds_living_cases_by_rule_and_person(page, clerk):
    case = a_security_case(clerk)
    address = "/oversight/security-cases/"
    assert shown(page.get(address)) == [case.pk]
    for query, found in (
        ("view=concluded", False),
        ("view=all&rule=night", True),
        ("rule=many", False),
        ("q=clerk", True),
        ("q=nobody", False),
        ("view=mine", False),
    ):
        assert shown(page.get(f"{address}?{query}")) == ([case.pk] if found else []), query
    counts = {key: count for key, _, _, count in page.get(address).context["tabs"]}
    assert counts == {"open": 1, "mine": 0, "concluded": 0, "all": 1}


def test_the_case_shows_what_was_counted(page, clerk):
    case = a_security_case(clerk)
    shown_page = text(page.get(f"/oversight/security-cases/{case.pk}"))
    for part in ("夜间查看客户资料", "个人信息 · 查看明文", "客户来电核对。", "命中 1 条审计记录"):
        assert part in shown_page


def test_a_case_is_taken_and_concluded_from_its_page(page, clerk, officer):
    case = a_security_case(clerk)
    address = f"/oversight/security-cases/{case.pk}"
    page.post(f"{address}/review", {"assignee": officer.pk, "text": ""})
    answer = page.post(f"{address}/dismiss", {"text": ""})
    assert answer.status_code == 422
    assert "请写明查到了什么" in text(answer)
    page.post(f"{address}/dismiss", {"text": "夜班值守，有排班表。"})
    case = SecurityCase.objects.get()
    assert (case.state, case.assignee) == ("dismissed", officer)
    assert "夜班值守，有排班表。" in text(page.get(address))


def test_nobody_sees_a_case_about_themselves(page, officer):
    case = a_security_case(officer)
    assert shown(page.get("/oversight/security-cases/")) == []
    assert page.get(f"/oversight/security-cases/{case.pk}").status_code == 404
    assert page.post(f"/oversight/security-cases/{case.pk}/note", {"text": "x"}).status_code == 404


@pytest.mark.parametrize("role", ["clerk", "supervisor", "auditor"])
@pytest.mark.parametrize("place", ["security-cases/", "watch/", "watch/night", "relatives/"])
def test_it_is_for_those_who_guard(client, role, place):
    client.force_login(a_staff(role, username="other"))
    assert client.get(f"/oversight/{place}").status_code == 403


def test_limits_are_set_with_a_reason_and_keep_their_versions(page, officer):
    address = "/oversight/watch/night"
    given = {
        "active": "on",
        "threshold": "1",
        "window_minutes": "60",
        "from_time": "21:00",
        "until_time": "07:00",
        "reason": "",
    }
    assert page.post(address, given).status_code == 422
    assert page.post(address, {**given, "reason": "假日从严。"}).url == "/oversight/watch/"
    setting = WatchSetting.objects.get()
    assert (setting.threshold, setting.window_minutes, setting.set_by) == (1, 60, officer)
    assert "21:00–07:00" in text(page.get("/oversight/watch/"))
    assert "假日从严。" in text(page.get(address))


def test_a_span_of_the_day_is_whole(page):
    answer = page.post(
        "/oversight/watch/export",
        {"threshold": "1", "window_minutes": "1", "from_time": "21:00", "reason": "试。"},
    )
    assert answer.status_code == 422
    assert "请填写起止时间" in text(answer)
    assert not WatchSetting.objects.exists()


def test_there_is_no_other_rule(page):
    assert page.get("/oversight/watch/nothing").status_code == 404


def test_family_is_registered_once_masked_and_taken_off(page, clerk):
    given = {"staff": "clerk", "number": "130 1111 2222", "relation": "spouse"}
    assert page.post("/oversight/relatives/", given).url == "/oversight/relatives/"
    assert "130****2222" in text(page.get("/oversight/relatives/"))
    again = page.post("/oversight/relatives/", given)
    assert again.status_code == 422
    assert "已经登记在这位同事名下" in text(again)
    bad = page.post("/oversight/relatives/", {**given, "number": "家里"})
    assert "请填写 7 到 20 位数字的号码。" in text(bad)
    page.post(f"/oversight/relatives/{RelativeNumber.objects.get().pk}/remove")
    assert "130****2222" not in text(page.get("/oversight/relatives/"))
    assert RelativeNumber.objects.get().removed_at is not None


def test_the_list_asks_the_database_the_same_however_long_it_is(page):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert page.get("/oversight/security-cases/").status_code == 200
        return len(queries)

    for n in range(3):
        a_security_case(a_staff("clerk", username=f"clerk{n}"))
    asked()
    first = asked()
    for n in range(3, 12):
        a_security_case(a_staff("clerk", username=f"clerk{n}"))
    assert asked() == first
