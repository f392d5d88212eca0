"""Pages of money moved by hand: what they show before, what they refuse, what they ask for."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from billing.models import Adjustment, Bill, Promise, Reason, Receipt, Refund, Transfer, WriteOff
from billing.services.month_end import close_month
from billing.services.payments import pay
from bss.kernel import approvals
from bss.kernel.models import Approval
from bss.kernel.periods import Month
from customers.services import subscriptions
from tests.billing.views.house import a_member_of_staff
from tests.builders.billing import (
    a_bill,
    a_channel,
    a_customer,
    a_line,
    moment,
    own_account,
    public_of,
)
from tests.builders.by_hand import NOON, a_checker, a_day_by_hand, a_reason
from tests.builders.packages import a_catalogue
from tests.builders.till import a_shift, taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    return a_line(a_customer())


@pytest.fixture
def account(line):
    return own_account(line)


@pytest.fixture
def clerk():
    return a_member_of_staff("clerk")


@pytest.fixture
def desk(client, clerk):
    client.force_login(clerk)
    return client


@pytest.fixture
def bills(account, line) -> list[Bill]:
    """September's 60.00 is overdue on 5 November, October's 40.00 is not."""
    return [
        a_bill(account, month, (line, "PLAN_FEE", fen))
        for month, fen in (("2026-09", 60_00), ("2026-10", 40_00))
    ]


def paid_in(account, fen: int, key: str = "p1") -> None:
    channel = a_channel().pk
    pay(account_id=account.pk, amount_fen=fen, key=key, at=NOON, channel_id=channel)


def agreed(response) -> Approval:
    """What was asked for, decided by a second person."""
    assert response.status_code == 302
    asked = Approval.objects.get()
    return approvals.decide(
        approval_id=asked.pk, decided_by_id=a_checker().pk, approve=True, at=NOON
    )


def sentences(response) -> str:
    assert response.status_code == 422
    return response.content.decode()


def shares(response) -> list[tuple[str, int, int]]:
    return [(label, share.pays_fen, share.left_fen) for share, label in response.context["shares"]]


def test_the_pay_page_says_which_bills_the_money_pays_before_it_is_taken(desk, account, bills):
    address = f"/billing/accounts/{account.code}/pay"
    whole = desk.get(address)
    assert shares(whole) == [("2026-09 帐单", 60_00, 0), ("2026-10 帐单", 40_00, 0)]
    part = desk.get(address, {"amount": "70"})
    assert shares(part) == [("2026-09 帐单", 60_00, 0), ("2026-10 帐单", 10_00, 30_00)]
    more = desk.post(address, {"amount": "150", "means": "cash", "ledger": "公用", "act": "check"})
    assert more.status_code == 422  # another ledger than the account has
    assert not Receipt.objects.exists()
    over = desk.get(address, {"amount": "150"})
    assert (over.context["forecast"].pays_fen, over.context["forecast"].balance_fen) == (
        100_00,
        50_00,
    )
    assert shares(desk.get(address, {"amount": "much"}))[0] == ("2026-09 帐单", 0, 60_00)


def test_the_receipt_says_what_the_money_did(desk, clerk, account, bills):
    a_shift(clerk)
    receipt = taken(account, clerk, 110_00)
    used = desk.get(f"/billing/receipts/{receipt.pk}").context["used"]
    assert [(bill.pk, fen) for bill, fen in used.bills] == [
        (bills[0].pk, 60_00),
        (bills[1].pk, 40_00),
    ]
    assert used.stays_fen == 10_00


def test_money_for_an_account_that_pays_nobody_any_more_is_taken_too(desk, clerk, account, line):
    subscriptions.terminate(subscription_id=line.pk, at=moment("2026-11-04T09:00"))
    response = desk.get(f"/billing/accounts/{account.code}/pay")
    assert "现在不为任何用户付费" in response.content.decode()
    a_shift(clerk)
    assert taken(account, clerk, 5_00).amount_fen == 5_00


def test_a_refund_within_the_limit_is_made_at_once_and_has_a_paper_to_sign(desk, clerk, account):
    a_shift(clerk)
    taken(account, clerk, 80_00)
    form = {
        "request_key": "k",
        "amount": "30",
        "means": "cash",
        "reason": a_reason("refund", "overpaid"),
        "payee_name": "北京晨光商贸有限公司",
    }
    for _ in range(2):
        response = desk.post(f"/billing/accounts/{account.code}/refund", form)
        assert response.status_code == 302
    made = Refund.objects.get()
    assert public_of(account).cash_fen == 50_00
    paper = desk.get(f"/billing/refunds/{made.pk}.pdf")
    text = PdfReader(BytesIO(paper.content)).pages[0].extract_text()
    assert made.code in text
    assert "30.00" in text
    assert "收款人签字" in text


def test_a_refund_beyond_the_limit_waits_for_another_and_hides_the_bank_account(
    desk, clerk, account
):
    paid_in(account, 900_00)
    form = {
        "request_key": "k",
        "amount": "600",
        "means": "transfer",
        "reason": a_reason("refund", "overpaid"),
        "payee_name": "测试收款人",
        "payee_bank": "示范银行",
        "payee_account": "6222 0000 0000 1234",
    }
    response = desk.post(f"/billing/accounts/{account.code}/refund", form)
    assert not Refund.objects.exists()
    asked = Approval.objects.get()
    assert "6222000000001234" not in str(asked.payload) + str(asked.shown)
    agreed(response)
    made = Refund.objects.get()
    assert (made.payee_account, made.by, made.approval) == ("6222000000001234", clerk, asked)
    page = desk.get(f"/billing/refunds/{made.pk}").content.decode()
    assert "****1234" in page
    assert "62220000" not in page


def test_a_refund_of_more_than_there_is_says_how_much_there_is(desk, account):
    paid_in(account, 10_00)
    form = {
        "request_key": "k",
        "amount": "11",
        "means": "transfer",
        "reason": a_reason("refund", "overpaid"),
        "payee_name": "某",
        "payee_bank": "示范银行",
        "payee_account": "62220000",
    }
    response = desk.post(f"/billing/accounts/{account.code}/refund", form)
    assert "可动用的现金只有 10.00 元" in sentences(response)


def test_a_refund_that_went_by_transfer_is_settled_by_its_slip(client, clerk, line):
    made = Refund.objects.get(pk=a_day_by_hand(line, 1, at=NOON)["refund"])
    client.force_login(clerk)
    assert client.post(f"/billing/refunds/{made.pk}/settle").status_code == 403
    client.force_login(a_checker())
    assert "请填写银行回单号" in sentences(client.post(f"/billing/refunds/{made.pk}/settle"))
    client.post(f"/billing/refunds/{made.pk}/settle", {"bank_reference": "HD-1"})
    made = Refund.objects.get()
    assert (made.state, made.bank_reference) == ("paid", "HD-1")
    response = client.post(f"/billing/refunds/{made.pk}/return")
    assert "已经办结" in sentences(response)


def test_a_large_reversal_is_put_before_another(page, account):
    paid_in(account, 60_000_00)
    payment = account.payments.get()
    agreed(page.post(f"/billing/payments/{payment.pk}/reverse"))
    payment.refresh_from_db()
    assert payment.reversed_at == NOON
    assert public_of(account).cash_fen == 0


def test_a_transfer_to_another_customer_waits_for_another(desk, account):
    paid_in(account, 50_00)
    other = own_account(a_line(a_customer("北京另一家商贸有限公司"), "01062000099"))
    form = {"request_key": "k", "amount": "20", "reason": a_reason("transfer")}
    address = f"/billing/accounts/{account.code}/transfer"
    assert "没有这个转入帐户" in sentences(desk.post(address, form | {"target": "NOBODY"}))
    agreed(desk.post(address, form | {"target": other.code.lower()}))
    made = Transfer.objects.get()
    assert (public_of(account).cash_fen, public_of(other).cash_fen) == (30_00, 20_00)

    assert desk.post(f"/billing/transfers/{made.pk}/reverse").status_code == 302
    assert public_of(account).cash_fen == 50_00
    assert "已撤销" in sentences(desk.post(f"/billing/transfers/{made.pk}/reverse"))


def test_a_write_off_waits_for_another_and_the_bill_says_so(page, account, bills):
    a_catalogue()
    address = f"/billing/accounts/{account.code}/write-off"
    shown = page.get(address).context["bills"]
    assert shown == [bills[0]]
    form = {"bills": [bills[0].pk], "reason": a_reason("write_off")}
    agreed(page.post(address, form))
    assert WriteOff.objects.get().amount_fen == 60_00
    assert "已核销" in page.get(f"/billing/bills/{bills[0].pk}").content.decode()
    listed = page.get("/billing/bills/", {"state": "written_off"}).context["list"].rows
    assert [bill.pk for bill in listed] == [bills[0].pk]


def test_a_line_is_corrected_from_its_own_page_and_its_note_is_printed(page, october):
    line = october.call_bill.lines.first()
    address = f"/billing/bills/{line.bill_id}/lines/{line.pk}"
    assert f"{address}/adjust" in page.get(address).content.decode()
    form = {"direction": "credit", "amount": "0.01", "reason": a_reason("adjustment")}
    too_much = page.post(f"{address}/adjust", form | {"amount": "9999"})
    assert "最多还可减免" in sentences(too_much)
    agreed(page.post(f"{address}/adjust", form))
    made = Adjustment.objects.get()
    assert (made.amount_fen, made.bill_line) == (-1, line)
    paper = page.get(f"/billing/adjustments/{made.pk}.pdf")
    text = PdfReader(BytesIO(paper.content)).pages[0].extract_text()
    assert made.code in text
    assert "0.01" in text
    close_month(month=Month(2026, 11), at=Month(2026, 12).starts_at)
    told = page.get(f"/billing/adjustments/{made.pk}")
    assert "已列入帐单" in told.content.decode()


def test_a_clerk_may_ask_for_corrections_up_to_a_limit(desk, account, line):
    form = {
        "direction": "credit",
        "amount": "2000.01",
        "subscription": line.pk,
        "reason": a_reason("adjustment"),
    }
    address = f"/billing/accounts/{account.code}/adjust"
    assert "请由主管经办" in sentences(desk.post(address, form))
    agreed(desk.post(address, form | {"amount": "2000"}))
    assert Adjustment.objects.get().amount_fen == -2000_00


def test_a_promise_is_made_and_withdrawn_on_the_accounts_page(desk, account, bills):
    address = f"/billing/accounts/{account.code}/promise"
    assert "最多 15 天" in sentences(desk.post(address, {"until": "2027-01-01"}))
    assert desk.post(address, {"until": "2026-11-15"}).status_code == 302
    made = Promise.objects.get()
    assert made.amount_fen == 60_00
    assert "2026-11-15" in desk.get(f"/billing/accounts/{account.code}").content.decode()
    assert desk.post(f"/billing/promises/{made.pk}/withdraw").status_code == 302
    made.refresh_from_db()
    assert made.outcome == "withdrawn"


def test_reasons_are_the_operators_own(page):
    page.post("/billing/reasons/", {"purpose": "refund", "words": "会议纪要"})
    own = Reason.objects.get(words="会议纪要")
    assert "已有同样的原因" in sentences(
        page.post("/billing/reasons/", {"purpose": "refund", "words": "会议纪要"})
    )
    page.post(f"/billing/reasons/{own.pk}/retire", {"active": "0"})
    own.refresh_from_db()
    assert own.active is False


def test_each_list_is_found_by_its_number_and_goes_out_as_a_file(page, line):
    keys = a_day_by_hand(line, 1, at=NOON)
    for address, prefix, key in (
        ("refunds", "TK", "refund"),
        ("transfers", "ZZ", "transfer"),
        ("write-offs", "HX", "write_off"),
        ("adjustments", "TZ", "adjustment"),
    ):
        code = f"{prefix}{int(keys[key]):08d}"
        rows = page.get(f"/billing/{address}/", {"q": code}).context["list"].rows
        assert [row.code for row in rows] == [code]
        assert code in page.get(f"/billing/{address}/?export=csv").content.decode("utf-8-sig")
    found = page.get("/billing/promises/", {"state": "open"}).context["list"].rows
    assert [str(row.pk) for row in found] == [keys["promise"]]
