"""Long lists leave the house only after a second person's yes; the customers stand in for any."""

import pytest

from bss.kernel import approvals
from bss.kernel.models import Approval, AuditEntry, Organisation, Staff
from bss.kernel.periods import local_moment
from tests.builders.customers import a_company, a_subscription
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db

LIST = "/customers/?q=测试&export=csv"


@pytest.fixture(autouse=True)
def the_day(settings):
    settings.BUSINESS_TIME = "2026-10-15T10:00"
    settings.BULK_EXPORT_ROWS = 2


@pytest.fixture
def asker():
    return a_staff("supervisor")


@pytest.fixture
def checker():
    return a_staff("supervisor", username="checker")


@pytest.fixture
def page(client, asker):
    client.force_login(asker)
    return client


def companies(count, *, first=0):
    for n in range(first, first + count):
        a_company(name=f"测试{n}号商贸有限公司", document=None)


def approve(checker, *, at="2026-10-15T11:00"):
    return approvals.decide(
        approval_id=Approval.objects.get(state="asked").pk,
        decided_by_id=checker.pk,
        approve=True,
        at=local_moment(at),
    )


def is_file(response):
    return "attachment" in response.headers.get("Content-Disposition", "")


def exports():
    return AuditEntry.objects.filter(action="list.export")


def test_a_short_list_leaves_at_once_and_is_audited(page, asker):
    companies(2)
    assert is_file(page.get(LIST))
    entry = exports().get()
    assert (entry.staff_id, entry.subject) == (asker.pk, "list:/customers/")
    assert (entry.detail["rows"], entry.detail["filters"]) == (2, [["查找", "测试"]])
    assert entry.detail["approval"] is None


def test_a_long_list_shows_what_would_leave_and_asks_why(page):
    companies(3)
    answer = page.get(LIST)
    text = answer.content.decode()
    assert not is_file(answer)
    for part in ("导出需要审批", "客户编号、类型", "<b>3</b>", "导出原因"):
        assert part in text
    assert not exports().exists()
    assert not Approval.objects.exists()


def test_asking_says_exactly_what_will_leave(page, asker):
    companies(3)
    assert page.post(LIST, {"reason": "四季度走访名单"}).status_code == 302
    approval = Approval.objects.get()
    assert [(line.label, line.value) for line in approvals.lines_of(approval)] == [
        ("清单", "客户"),
        ("查找", "测试"),
        (
            "列",
            [
                "客户",
                "客户编号",
                "类型",
                "名单",
                "资料完整度(分)",
                "长途区号",
                "用户数",
                "客户经理",
                "登记时间",
            ],
        ),
        ("行数上限", 3),
        ("可下载时间", "批准后 24 小时内，每次下载都有审计记录"),
    ]
    assert "正在等待审批" in page.get(LIST).content.decode()


def test_whoever_reads_english_is_shown_the_columns_in_english(page, client, settings, checker):
    companies(3)
    page.post(LIST, {"reason": "四季度走访名单"})
    client.force_login(checker)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    text = client.get(f"/oversight/approvals/{Approval.objects.get().pk}").text

    assert "Customer, Customer code, Type, List, " in text
    assert "客户编号" not in text


@pytest.mark.parametrize("reason", ["", "看看"])
def test_asking_without_a_proper_reason_is_refused(page, reason):
    companies(3)
    assert page.post(LIST, {"reason": reason}).status_code == 422
    assert not Approval.objects.exists()


def test_who_was_given_it_fetches_it_within_a_day_in_either_form(page, checker, settings):
    companies(3)
    page.post(LIST, {"reason": "四季度走访名单"})
    approval = approve(checker)
    settings.BUSINESS_TIME = "2026-10-16T10:59"
    assert is_file(page.get(LIST))
    assert is_file(page.get(LIST.replace("csv", "xlsx") + "&sort=code"))
    assert [e.detail["approval"] for e in exports()] == [approval.pk] * 2
    settings.BUSINESS_TIME = "2026-10-16T11:00"
    assert not is_file(page.get(LIST))


def test_the_yes_is_for_this_list_and_this_person_alone(page, checker):
    companies(3)
    page.post(LIST, {"reason": "四季度走访名单"})
    approve(checker)
    assert not is_file(page.get("/customers/?export=csv"))
    page.force_login(checker)
    assert not is_file(page.get(LIST))


def test_the_yes_is_for_so_many_rows(page, checker):
    companies(3)
    page.post(LIST, {"reason": "四季度走访名单"})
    approve(checker)
    companies(1, first=3)
    text = page.get(LIST).content.decode()
    assert "批准的是 3 行，现在有 4 行" in text


def test_a_number_typed_as_a_filter_is_masked_in_what_is_kept(page, settings):
    settings.BULK_EXPORT_ROWS = 0
    company = a_company(document=None)
    line = a_subscription(company, "m2g", number="13011119999")
    page.post(f"/customers/?q={line.number}&export=csv", {"reason": "核对一户资料"})
    kept = Approval.objects.get().payload
    assert kept["filters"] == [["查找", "130****9999"]]
    assert kept["way"] == "/customers/"
    assert line.number not in str(kept)


def test_who_may_not_export_gets_nothing_and_sees_no_button(client):
    companies(1)
    client.force_login(a_staff("clerk"))
    assert client.get(LIST).status_code == 403
    assert "export=csv" not in client.get("/customers/").content.decode()


def test_a_colleague_of_another_branch_does_not_decide(asker, page):
    companies(3)
    page.post(LIST, {"reason": "四季度走访名单"})
    here, there = (
        Organisation.objects.create(code=code, name=code, level="province") for code in ("P1", "P2")
    )
    asker.organisation = here
    asker.save(update_fields=["organisation"])
    far = a_staff("supervisor", username="far")
    far.roles.update(reach="province")
    approval = Approval.objects.get()
    for place, decides in ((there, False), (here, True), (None, False)):
        Staff.objects.filter(pk=far.pk).update(organisation=place)
        assert approvals.may_decide(Staff.objects.get(pk=far.pk), approval) is decides
