"""The pages of credit control: what they show, refuse and do."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from billing.models import (
    ClassLimit,
    CreditRun,
    Message,
    MessageTemplate,
    NoticeAddress,
    Reminder,
    ReminderStep,
)
from billing.services import exposure, payments
from bss.kernel.models import Approval, AuditEntry
from customers.models import Customer, Listing, Subscription
from tests.billing.views.house import a_member_of_staff
from tests.builders.billing import a_channel, moment
from tests.builders.credit import a_debtor, run_on, steps

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(settings, monkeypatch) -> None:
    settings.BUSINESS_TIME = "2027-01-01T10:00"
    monkeypatch.setattr("billing.views.credit_runs.worker_answers", lambda: False)
    steps()


@pytest.fixture
def page(client):
    client.force_login(a_member_of_staff("supervisor"))
    return client


def test_a_run_is_rehearsed_run_and_told(page) -> None:
    line, account, _ = a_debtor()
    rehearsed = page.get("/billing/credit/?on=2027-01-01").text
    assert account.code in rehearsed
    assert "最早一张帐单的缴费期限是 2026-11-30" in rehearsed
    assert "010****0001" in rehearsed
    assert (CreditRun.objects.count(), Reminder.objects.count()) == (0, 0)
    done = page.post("/billing/credit/run", follow=True).text
    assert "信控已运行。" in done
    run = CreditRun.objects.get()
    assert (run.stopped, run.reminded, run.parked, run.by.username) == (1, 0, 0, "supervisor")
    line.refresh_from_db()
    assert line.state == "suspended"
    page.post("/billing/credit/run")
    assert list(CreditRun.objects.order_by("pk").values_list("stopped", flat=True)) == [1, 0]


def test_an_absurd_day_is_refused_in_the_form(page) -> None:
    assert "输入一个有效的日期" in page.get("/billing/credit/?on=yesterday").text


def test_the_account_says_what_was_told_when_and_how_far_its_limit_is_used(page) -> None:
    ClassLimit.objects.create(customer_class=None, limit_fen=3000)
    _, account, _ = a_debtor()
    run_on("2026-12-27")
    text = page.get(f"/billing/accounts/{account.code}/credit").text
    for said in (
        "停机前 5 天",
        "预计停机日 2027-01-01",
        "25.00",
        "剩 5 元",
        "已用 25 / 30 元（83%）",
    ):
        assert said in text, said


def test_reminders_are_found_by_account_step_and_day(page) -> None:
    _, first, _ = a_debtor()
    _, second, _ = a_debtor("01062000002", name="上海虚构贸易有限公司")
    run_on("2026-12-27")
    step = ReminderStep.objects.get(code="stop_in_5")
    for query, codes in (
        ("", {first.code, second.code}),
        (f"q={first.code}", {first.code}),
        ("q=虚构", {second.code}),
        ("q=01062000002", {second.code}),
        (f"step={step.pk}", {first.code, second.code}),
        ("since=2026-12-28", set()),
        ("until=2026-12-26", set()),
    ):
        rows = page.get(f"/billing/credit/reminders/?{query}").context["list"].rows
        assert {one.account.code for one in rows} == codes, query
    exported = page.get("/billing/credit/reminders/?export=csv").content.decode("utf-8-sig")
    assert "短信 待发送" in exported


def test_a_dead_letter_is_sent_again_from_its_list_and_once(page) -> None:
    a_debtor()
    run_on("2026-12-27")
    message = Message.objects.get()
    assert page.post(f"/billing/credit/messages/{message.pk}/retry").status_code == 422
    Message.objects.update(state="failed", last_error="短信中心无法连接。", attempts=10)
    listed = page.get("/billing/credit/messages/?state=dead").text
    assert "短信中心无法连接。" in listed
    assert "重发</button>" in listed
    assert page.post(f"/billing/credit/messages/{message.pk}/retry").status_code == 302
    message.refresh_from_db()
    assert (message.state, message.attempts, message.rounds) == ("waiting", 0, 1)


def test_who_is_near_the_limit_is_listed_nearest_first(page) -> None:
    ClassLimit.objects.create(customer_class=None, limit_fen=3000)
    _, near, _ = a_debtor()
    _, over, _ = a_debtor("01062000002", name="上海虚构贸易有限公司", fen=4500)
    a_debtor("01062000003", name="广州虚构贸易有限公司", fen=100)
    exposure.warn(at=moment("2026-12-20T01:00"))

    def codes(query: str) -> list[str]:
        rows = page.get(f"/billing/credit/limits/?{query}").context["list"].rows
        return [one.account.code for one in rows]

    assert codes("") == [over.code, near.code]
    assert codes("reached=100") == [over.code]
    assert len(codes("reached=0")) == 3


def test_another_limit_goes_before_a_second_person(page) -> None:
    _, account, _ = a_debtor()
    address = f"/billing/accounts/{account.code}/credit/limit"
    refused = page.post(address, {"reason": "重点客户"})
    assert refused.status_code == 422
    assert "请填写信用额度，或选择取消本户额度。" in refused.text
    assert page.post(address, {"limit": "99999999", "reason": "x"}).status_code == 422
    asked = page.post(address, {"limit": "5000", "reason": "重点客户"})
    assert asked.url == f"/oversight/approvals/{Approval.objects.get().pk}"
    assert Approval.objects.get().payload == {"account_id": account.pk, "limit_fen": 500000}


def test_where_to_tell_is_kept_masked_and_cleared(page) -> None:
    _, account, _ = a_debtor()
    address = f"/billing/accounts/{account.code}/credit/address"
    wrong = page.post(address, {"mobile": "123", "email": "nowhere", "language": "zh"})
    assert wrong.status_code == 422
    assert "通知手机应为 11 位手机号码。" in wrong.text
    page.post(address, {"mobile": "13900002222", "email": "boss@chenguang.example",
                        "language": "en"})  # fmt: skip
    shown = page.get(f"/billing/accounts/{account.code}/credit").text
    assert "139****2222" in shown
    assert "b***@chenguang.example" in shown
    assert "13900002222" not in shown
    page.post(address, {"language": "zh"})
    assert NoticeAddress.objects.get().mobile == "13900002222"
    page.post(address, {"language": "zh", "clear": "on"})
    assert NoticeAddress.objects.get().mobile == ""


def test_steps_and_words_are_changed_with_an_entry_in_the_audit(page) -> None:
    step = ReminderStep.objects.get(code="stop_in_5")
    assert "预计停机日前 5 天" in page.get("/billing/credit/steps/").text
    address = f"/billing/credit/steps/{step.pk}"
    taken = page.post(address, {"days": "-1", "channels": ["sms"], "active": "on"})
    assert taken.status_code == 422
    page.post(address, {"days": "-7", "channels": ["email", "sms"]})
    step.refresh_from_db()
    assert (step.days, step.channels, step.active) == (-7, ["sms", "email"], False)
    told = AuditEntry.objects.get(kind="act", action="reminder_step.change")
    assert told.detail["before"] == {"days": -5, "channels": ["sms", "email"], "active": True}


@pytest.mark.parametrize(
    ("body", "sentence"),
    [("欠费 {dew} 元", "模板中没有 {dew} 这个位置"), ("长" * 501, "最多 500 字")],
)
def test_faulty_words_are_refused(page, body: str, sentence: str) -> None:
    words = MessageTemplate.objects.get(code="stopped", medium="sms", language="zh")
    refused = page.post(f"/billing/credit/steps/words/{words.pk}", {"body": body})
    assert refused.status_code == 422
    assert sentence in refused.text


def test_a_number_given_up_has_its_letter_and_is_closed_when_it_may(page, settings) -> None:
    line, _, _ = a_debtor()
    run_on("2027-01-01")
    run_on("2027-04-01")
    settings.BUSINESS_TIME = "2027-04-02T10:00"
    listed = page.get("/billing/credit/pre-terminations/").text
    assert "冻结至 2027-06-30" in listed
    assert "销户结案</button>" not in listed
    letter = page.get(f"/billing/credit/pre-terminations/{line.pk}.pdf")
    assert letter.content[:5] == b"%PDF-"
    words = PdfReader(BytesIO(letter.content)).pages[0].extract_text()
    assert "欠费预销号通知书" in words
    assert "25.00" in words
    close = f"/billing/credit/pre-terminations/{line.pk}/close"
    assert page.post(close).status_code == 422
    settings.BUSINESS_TIME = "2027-06-30T10:00"
    assert page.get("/billing/credit/pre-terminations/?stage=closable").context["list"].count == 1
    assert page.post(close, follow=True).status_code == 200
    assert Subscription.objects.get(pk=line.pk).state == "terminated"


def test_a_customer_is_put_on_a_list_and_taken_off(page) -> None:
    line, _, _ = a_debtor()
    code = line.owner.code
    unknown = page.post("/customers/lists/new", {"customer": "C0", "listed": "red", "reason": "x"})
    assert unknown.status_code == 422
    assert "没有编号为 C0 的客户" in unknown.text
    page.post("/customers/lists/new", {"customer": code.lower(), "listed": "red",
                                       "reason": "医院", "expires_on": "2027-12-31"})  # fmt: skip
    listing = Listing.objects.get()
    assert (listing.kind, f"{listing.expires_on}", listing.listed_by.username) == (
        "red", "2027-12-31", "supervisor",
    )  # fmt: skip
    assert "医院" in page.get("/customers/lists/?kind=red").text
    assert page.post(f"/customers/lists/{listing.pk}/end", {"reason": ""}).status_code == 422
    page.post(f"/customers/lists/{listing.pk}/end", {"reason": "到期"})
    assert Customer.objects.get(pk=line.owner_id).listed == "none"
    assert page.get("/customers/lists/").context["list"].count == 0
    assert page.get("/customers/lists/?state=ended").context["list"].count == 1


def test_paying_lifts_the_stop_and_the_page_says_so(page) -> None:
    _, account, _ = a_debtor()
    run_on("2027-01-01")
    payments.pay(
        account_id=account.pk, amount_fen=2500, key="p", at=moment("2027-01-01T10:00"),
        channel_id=a_channel().pk,
    )  # fmt: skip
    text = page.get(f"/billing/accounts/{account.code}/credit").text
    assert "2027-01-01 01:00" in text
    assert "复机通知" in text


def test_whoever_may_only_see_neither_runs_nor_sends_again(client) -> None:
    client.force_login(a_member_of_staff("agent"))
    a_debtor()
    run_on("2026-12-27")
    Message.objects.update(state="failed")
    text = client.get("/billing/credit/messages/").text
    assert "重发</button>" not in text
    assert "信控运行" not in text
    assert (
        client.post(f"/billing/credit/messages/{Message.objects.get().pk}/retry").status_code == 403
    )
