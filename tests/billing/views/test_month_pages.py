import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.models import Bill, ClosedMonth, StartedMonth, UsageReject
from billing.services import close_steps, month_end
from bss.kernel.models import BatchRun
from bss.kernel.periods import Month
from packages_wo.models import SubscriptionPlan
from tests.billing.views.house import a_member_of_staff, an_open_october

pytestmark = pytest.mark.django_db
ROOM = "/billing/months/2026-10"
HEADER = "record_id,service_number,call_type,other_number,start_at,duration_s\n"


@pytest.fixture(autouse=True)
def nobody_has_pressed():
    cache.clear()


@pytest.fixture
def operator_page(client):
    client.force_login(a_member_of_staff("batch_operator"))
    return client


def states(response):
    return {stage.key: stage.state for stage in response.context["pipeline"].stages}


def a_file(*lines):
    return SimpleUploadedFile("oct.csv", (HEADER + "\n".join(lines)).encode())


def test_the_batch_operator_starts_uploads_closes_and_opens_a_bill(operator_page):
    october = an_open_october()
    before = operator_page.get(ROOM)
    assert states(before) == {
        "start": "ready",
        "usage": "done",
        "rate": "ready",
        "close": "ready",
        "credit": "planned",
    }
    assert operator_page.post(f"{ROOM}/start").url == ROOM
    operator_page.post(
        f"{ROOM}/usage", {"file": a_file("c,01062000001,mo,01088880001,2026-10-07T09:00,60")}
    )
    assert operator_page.post(f"{ROOM}/close").url == ROOM
    after = operator_page.get(ROOM)
    assert states(after) == {
        "start": "done",
        "usage": "done",
        "rate": "done",
        "close": "done",
        "credit": "ready",
    }
    assert after.context["pipeline"].stage("rate").figures[0] == ("重新批价", "3")
    line = october.call_bill.lines.get(item="VOICE_LOCAL")
    assert line.amount_fen == 90
    assert "/billing/bills/?month=2026-10" in after.content.decode()
    bills = operator_page.get("/billing/bills/?month=2026-10")
    assert f"/billing/bills/{line.bill_id}" in bills.content.decode()
    opened = operator_page.get(f"/billing/bills/{line.bill_id}/lines/{line.pk}")
    assert opened.context["list"].count == 3


def test_a_second_press_changes_nothing(operator_page):
    an_open_october()
    for _ in range(2):
        operator_page.post(f"{ROOM}/start")
        operator_page.post(f"{ROOM}/close")
    assert StartedMonth.objects.count() == ClosedMonth.objects.count() == 1
    run = BatchRun.objects.get(kind="close_month")
    orders = operator_page.get(f"/billing/runs/{run.pk}").context["orders"]
    assert [(word, entry.staff.username) for entry, word in orders] == [
        ("启动", "batch_operator"),
        ("启动", "batch_operator"),
    ]
    bills = Bill.objects.count()
    operator_page.post(f"{ROOM}/close")
    assert Bill.objects.count() == bills


def test_a_press_while_the_step_is_asked_for_is_not_handed_on(operator_page, monkeypatch):
    an_open_october()
    handed = []
    monkeypatch.setattr("billing.views.running.worker_answers", lambda: True)
    monkeypatch.setattr(
        "billing.tasks.month.close.delay", lambda *arguments: handed.append(arguments[0])
    )
    for _ in range(3):
        operator_page.post(f"{ROOM}/close")
    assert handed == ["2026-10"]
    assert states(operator_page.get(ROOM))["rate"] in ("running", "ready")
    assert operator_page.get(ROOM).context["pipeline"].is_running


def test_a_month_that_is_not_over_is_not_closed(operator_page):
    an_open_october()
    response = operator_page.post("/billing/months/2026-11/close")
    assert response.status_code == 422
    assert "该月尚未结束，不能出帐。" in response.content.decode()
    assert not ClosedMonth.objects.exists()


def test_the_result_is_set_against_last_month(page, october):
    response = page.get(ROOM)
    rows = {row.item: (row.amount_fen, row.before_fen) for _, row in response.context["items"]}
    assert rows["VOICE_LOCAL"] == (75, 0)
    bills = response.context["bills"]
    assert bills.bills == Bill.objects.filter(month=Month.parse("2026-10").first_day).count()
    assert bills.total_fen == sum(Bill.objects.values_list("total_fen", flat=True))
    assert bills.due_fen == bills.total_fen - bills.paid_fen


def test_rejects_are_counted_by_cause_filtered_and_exported(operator_page):
    an_open_october()
    operator_page.post(
        f"{ROOM}/usage",
        {
            "file": a_file(
                "a,01062000001,mo,01088880001,2026-10-07T09:00,60",
                "x,01099999999,mo,01088880001,2026-10-07T09:00,60",
                "y,01099999999,mo,01088880001,2026-10-08T09:00,60",
                "z,01062000001,mo,01088880001,nonsense,60",
            )
        },
    )
    causes = {reason: count for reason, _, count, *_ in operator_page.get(ROOM).context["causes"]}
    assert causes == {"duplicate": 1, "unknown_number": 2, "malformed": 1}
    found = operator_page.get("/billing/rejects/?reason=unknown_number")
    assert [reject.line_no for reject in found.context["list"].rows] == [4, 3]
    file = operator_page.get("/billing/rejects/?q=nonsense&export=csv").content.decode("utf-8-sig")
    assert "oct.csv:5,格式错误" in file
    unknown = "/billing/rejects/retry?reason=unknown_number"
    assert operator_page.get(unknown).context["count"] == 2
    assert operator_page.post(unknown, {"count": "2"}).url == (
        "/billing/rejects/?reason=unknown_number"
    )
    assert UsageReject.objects.filter(state="open").count() == 4


def test_a_file_without_its_columns_is_refused_whole(operator_page):
    an_open_october()
    file = SimpleUploadedFile("bad.csv", b"what,ever\n1,2\n")
    response = operator_page.post(f"{ROOM}/usage", {"file": file})
    assert response.status_code == 422
    assert "record_id" in response.content.decode()


def test_no_file_is_said_in_a_sentence(operator_page):
    an_open_october()
    response = operator_page.post(f"{ROOM}/usage", {})
    assert response.status_code == 422
    assert "请填写话单文件。" in response.content.decode()


def test_the_months_are_listed_the_latest_first(page, october):
    rows = page.get("/billing/months/").context["rows"]
    assert [str(row["month"]) for row in rows] == ["2026-11", "2026-10"]
    assert [row["state"] for row in rows] == ["ready", "done"]


@pytest.mark.parametrize("step", ["start", "close", "credit", "usage"])
def test_who_may_only_look_cannot_press(client, step):
    client.force_login(a_member_of_staff("clerk"))
    assert client.post(f"{ROOM}/{step}").status_code == 403


@pytest.mark.parametrize("path", ["/billing/months/", ROOM, "/billing/rejects/"])
def test_a_clerk_is_sent_away_from_the_month(client, path):
    client.force_login(a_member_of_staff("clerk"))
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("month", ["2026-13", "0000-01"])
def test_what_is_no_month_is_not_there(page, month):
    assert page.get(f"/billing/months/{month}").status_code == 404


def test_a_close_that_fails_is_paused_and_goes_on(operator_page, monkeypatch):
    an_open_october()
    operator_page.post(f"{ROOM}/start")
    assert operator_page.post(f"{ROOM}/pause").status_code == 422
    with monkeypatch.context() as broken:
        broken.setattr(close_steps, "pay_bills", lambda **_: 1 / 0)
        operator_page.post(f"{ROOM}/close")
    failed = operator_page.get(ROOM)
    assert states(failed)["close"] == "failed"
    assert failed.context["pipeline"].orders == {"pause"}
    assert "ZeroDivisionError" in failed.content.decode()

    assert operator_page.post(f"{ROOM}/pause").url == ROOM
    paused = operator_page.get(ROOM)
    assert (states(paused)["close"], paused.context["pipeline"].orders) == ("paused", {"resume"})
    refused = operator_page.post(f"{ROOM}/cancel")
    assert refused.status_code == 422
    assert "已有步骤完成，不能取消" in refused.content.decode()

    assert operator_page.post(f"{ROOM}/resume").url == ROOM
    operator_page.post(f"{ROOM}/close")
    done = operator_page.get(ROOM)
    assert (states(done)["close"], done.context["pipeline"].orders) == ("done", frozenset())


def test_a_close_that_did_nothing_yet_can_be_cancelled_and_begun_anew(operator_page, monkeypatch):
    an_open_october()
    operator_page.post(f"{ROOM}/start")
    with monkeypatch.context() as broken:
        broken.setattr(month_end, "rate_month", lambda **_: 1 / 0)
        operator_page.post(f"{ROOM}/close")
    assert operator_page.post(f"{ROOM}/cancel").url == ROOM
    assert states(operator_page.get(ROOM))["rate"] == "cancelled"
    operator_page.post(f"{ROOM}/close")
    assert states(operator_page.get(ROOM))["close"] == "done"


def test_accounts_that_were_not_billed_are_listed_with_the_reason_and_billed_later(operator_page):
    october = an_open_october()
    w1 = october.operator.subscriptions["w1"]
    SubscriptionPlan.objects.filter(subscription=w1).update(plan="3G-GONE")
    operator_page.post(f"{ROOM}/start")
    operator_page.post(f"{ROOM}/close")
    page = operator_page.get(ROOM)
    close = page.context["pipeline"].stage("close")
    assert (close.state, close.figures[-1], close.press) == ("done", ("未出帐帐户", "1"), "close")
    assert "搁置 1 户" in page.content.decode()
    assert "搁置 1 户" in operator_page.get("/billing/months/").content.decode()
    assert "单产品套餐 3G-GONE 在该月的产品目录里没有价格。" in page.content.decode()

    SubscriptionPlan.objects.filter(subscription=w1).update(plan="3G-96")
    operator_page.post(f"{ROOM}/close")
    after = operator_page.get(ROOM)
    assert after.context["unbilled"] == []
    assert "搁置 1 户" not in operator_page.get("/billing/months/").content.decode()
    assert after.context["pipeline"].stage("close").press == ""


def test_a_month_is_rehearsed_on_its_page_and_one_beyond_the_bounds_asks_for_a_second_person(
    operator_page, settings
):
    settings.CLOSE_POLICY = "rehearsed"
    settings.CLOSE_BOUNDS = {"few": 0}
    october = an_open_october()
    w1 = october.operator.subscriptions["w1"]
    SubscriptionPlan.objects.filter(subscription=w1).update(plan="3G-GONE")
    operator_page.post(f"{ROOM}/start")
    refused = operator_page.post(f"{ROOM}/close")  # nobody rehearsed it, so it is rehearsed first
    assert refused.status_code == 422
    assert "2026-10 的试算有 1 项超出阈值" in refused.content.decode()

    assert operator_page.post(f"{ROOM}/rehearse").url == f"{ROOM}/rehearsal"
    alarm = operator_page.get(ROOM)
    assert alarm.context["waiting_rehearsal"].sentences
    assert "因有错而搁置的帐户 1 个，超过帐单数的 5‰。" in alarm.content.decode()
    page = operator_page.get(f"{ROOM}/rehearsal")
    assert "因有错而搁置的帐户 1 个，超过帐单数的 5‰。" in page.content.decode()
    assert "超出阈值" in operator_page.post(f"{ROOM}/close").content.decode()
    assert operator_page.post(f"{ROOM}/ask", {"reason": ""}).status_code == 422
    asked = operator_page.post(f"{ROOM}/ask", {"reason": "已逐户核对"})
    assert asked.url.startswith("/oversight/approvals/")
    assert Bill.objects.count() == 0


def test_a_closed_month_is_not_offered_for_rehearsal(operator_page):
    an_open_october()
    operator_page.post(f"{ROOM}/start")
    assert "开始试算" in operator_page.get(f"{ROOM}/rehearsal").content.decode()
    operator_page.post(f"{ROOM}/close")
    page = operator_page.get(f"{ROOM}/rehearsal").content.decode()
    assert "这个月已经出帐，不再试算。" in page
    assert "开始试算" not in page
