import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.models import (
    Account,
    BankFile,
    BankMandate,
    BankUpload,
    DebitBatch,
    Payment,
    UnidentifiedPayment,
)
from billing.tasks.bank_uploads import take_in_uploads
from bss.kernel import approvals, clock
from bss.kernel.models import Approval, AuditEntry
from tests.billing.views.house import a_member_of_staff
from tests.builders.banks import (
    a_batch,
    a_mandate,
    a_movement,
    a_number,
    a_statement,
    an_answer,
    taken_in,
)
from tests.builders.billing import a_bill, a_channel, a_customer, a_line, own_account

pytestmark = pytest.mark.django_db

NUMBER = a_number()


@pytest.fixture
def account() -> Account:
    a_channel()
    line = a_line(a_customer())
    a_bill(own_account(line), "2026-09", (line, "PLAN_FEE", 100_00))
    return own_account(line)


@pytest.fixture
def operator(client):
    client.force_login(a_member_of_staff("batch_operator"))
    return client


def upload(client, content: bytes, name: str = "bank.txt"):
    return client.post("/billing/bank-files/", {"file": SimpleUploadedFile(name, content)})


def a_form(**changes):
    return {
        "bank": "YZ",
        "number": NUMBER,
        "holder": "北京晨光商贸有限公司",
        "valid_from": "2026-11-05",
        "read_to": "on",
    } | changes


def test_a_mandate_is_signed_shown_masked_printed_and_ended(page, account):
    address = f"/billing/accounts/{account.code}/mandate"
    assert page.post(address, a_form(number=f"{NUMBER[:4]} {NUMBER[4:]}")).status_code == 302

    shown = page.get(address).content.decode()
    mandate = BankMandate.objects.get()
    assert mandate.number == NUMBER
    assert NUMBER not in shown
    assert mandate.masked_number in shown
    assert "99310001" in shown  # the collecting number of the first bank

    paper = page.get(f"/billing/mandates/{mandate.pk}.pdf")
    assert paper["Content-Type"] == "application/pdf"
    assert AuditEntry.objects.filter(action="personal.pdf").count() == 1

    page.post(f"/billing/mandates/{mandate.pk}/end")
    mandate.refresh_from_db()
    assert mandate.ended_at is not None
    assert "以前的协议" in page.get(address).content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"number": NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10)}, "校验位不对"),
        ({"number": "12"}, "8 至 30 位数字"),
        ({"holder": ""}, "请填写户名"),
        ({"valid_until": "2026-11-05"}, "终止日须晚于生效日"),
        ({"limit": "0"}, "0.01"),
        ({"read_to": ""}, "电话核实"),
        ({"bank": "XX"}, "开户银行"),
    ],
)
def test_a_mandate_that_cannot_be_is_refused_and_nothing_kept(page, account, wrong, sentence):
    answer = page.post(f"/billing/accounts/{account.code}/mandate", a_form(**wrong))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert BankMandate.objects.count() == 0


def test_a_second_mandate_waits_for_the_end_of_the_first(page, account):
    a_mandate(account)

    answer = page.post(f"/billing/accounts/{account.code}/mandate", a_form())

    assert answer.status_code == 422
    assert "请先终止再另签" in answer.content.decode()


def test_a_batch_goes_its_way_from_the_page_to_the_bank_and_back(operator, account):
    # given
    a_mandate(account)

    # when: drawn up, fetched, answered
    drawn = operator.post("/billing/debits/draw-up", {"bank": "YZ"})
    batch = DebitBatch.objects.get()
    assert drawn.url == f"/billing/debits/{batch.pk}"
    file = operator.post(f"/billing/debits/{batch.pk}/file")
    assert file["Content-Disposition"] == f'attachment; filename="DK-{batch.code}.txt"'
    answer = upload(operator, an_answer(batch, (1, 100_00, "01")), "HP.txt")

    # then
    taken = BankFile.objects.get()
    assert answer.url == f"/billing/bank-files/{taken.pk}"
    shown = operator.get(answer.url).content.decode()
    assert "扣款失败" in shown
    assert "余额不足" in shown
    lines = operator.get(f"/billing/debits/{batch.pk}").content.decode()
    assert account.code in lines
    assert "余额不足" in lines
    assert "已关闭" in lines
    read = AuditEntry.objects.get(action="personal.export")
    assert (read.customer_id, read.reason) == (account.owner_id, batch.code)


def test_nobody_to_draw_is_said_and_no_batch_made(operator, account):
    answer = operator.post("/billing/debits/draw-up", {"bank": "YZ"}, follow=True)

    assert "现在没有可扣的帐户" in answer.content.decode()
    assert DebitBatch.objects.count() == 0


def test_a_batch_that_was_sent_cannot_be_given_up(operator, account):
    a_mandate(account)
    batch = a_batch()

    answer = operator.post(f"/billing/debits/{batch.pk}/end", {"act": "withdraw"})

    assert answer.status_code == 422
    assert "现在是“已送银行”" in answer.content.decode()


def test_a_file_with_bad_lines_shows_each_with_its_reason_and_gives_them_as_a_file(
    operator, account
):
    a_mandate(account)
    batch = a_batch()

    answer = upload(operator, an_answer(batch, (1, 100_00, "00"), (8, 1_00, "00")))

    shown = operator.get(answer.url).content.decode()
    assert "批次中没有这一笔" in shown
    export = operator.get(f"{answer.url}?export=csv").content.decode("utf-8-sig")
    assert export.splitlines()[1].startswith("3,批次中没有这一笔,")
    assert Payment.objects.get().amount_fen == 100_00


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "空"),
        (b"nonsense", "第一行不是约定的文件头"),
        (a_statement(a_movement("R1", 1_00)).rstrip()[:-30], "结尾行"),
    ],
)
def test_a_file_that_is_not_whole_is_refused_with_one_sentence(operator, content, sentence):
    answer = upload(operator, content)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert BankFile.objects.count() == 0


def test_the_same_file_again_is_refused_with_the_name_of_the_first(operator, account):
    content = a_statement(a_movement("R1", 1_00))
    upload(operator, content, "first.txt")

    answer = upload(operator, content, "second.txt")

    assert answer.status_code == 422
    assert "first.txt" in answer.content.decode()
    assert UnidentifiedPayment.objects.count() == 1


def unidentified(amount_fen: int = 100_00, **more) -> UnidentifiedPayment:
    taken_in(a_statement(a_movement("BANK-REF-1", amount_fen, **more)))
    return UnidentifiedPayment.objects.get()


def test_unidentified_money_finds_its_account_by_what_it_says(operator, account):
    money = unidentified(payer_name="别家商行")

    shown = operator.get(f"/billing/unidentified/{money.pk}").content.decode()

    assert account.code in shown
    assert "欠费金额相同" in shown


def test_unidentified_money_is_given_to_the_account_that_was_searched(operator, account):
    money = unidentified(77_00)
    address = f"/billing/unidentified/{money.pk}"
    assert account.code in operator.get(f"{address}?q=晨光").content.decode()

    answer = operator.post(
        f"{address}/identify", {"account": account.code, "reason": "客户来函 17"}, follow=True
    )

    assert "已入帐到帐户" in answer.content.decode()
    assert Payment.objects.get(account=account).amount_fen == 77_00


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"account": "D999999999", "reason": "x"}, "没有这个帐户"),
        ({"account": "", "reason": "x"}, "请填写入帐帐户"),
        ({"account": "D1", "reason": ""}, "请填写处理依据"),
    ],
)
def test_money_is_not_given_to_nobody(operator, account, form, sentence):
    money = unidentified()

    answer = operator.post(f"/billing/unidentified/{money.pk}/identify", form)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Payment.objects.count() == 0


def test_a_large_sum_is_put_before_a_second_person_who_does_it(operator, account):
    money = unidentified(5_000_00)

    operator.post(
        f"/billing/unidentified/{money.pk}/identify",
        {"account": account.code, "reason": "客户来函 17"},
    )
    money.refresh_from_db()
    assert money.state == "open"
    approval = Approval.objects.get()
    assert [line["value"] for line in approval.shown][-2:] == ["5000.00", account.code]
    approvals.decide(
        approval_id=approval.pk,
        decided_by_id=a_member_of_staff("supervisor").pk,
        approve=True,
        at=clock.now(),
    )

    money.refresh_from_db()
    assert (money.state, money.payment.account) == ("identified", account)


def test_money_is_given_back_by_the_page(operator, account):
    money = unidentified(50_00)

    operator.post(f"/billing/unidentified/{money.pk}/give-back", {"reason": "银行查询书 3"})

    money.refresh_from_db()
    assert (money.state, money.reason) == ("returned", "银行查询书 3")


def test_the_list_says_how_long_money_waits_and_finds_it_by_amount(operator, account):
    unidentified(123_45, payer_name="王小明")

    shown = operator.get("/billing/unidentified/?q=123.45&age=week").content.decode()

    assert "BANK-REF-1" in shown
    assert "王**" in shown
    assert "王小明" not in shown
    assert "BANK-REF-1" not in operator.get("/billing/unidentified/?age=older").content.decode()


@pytest.mark.parametrize("address", ["debits/", "bank-files/", "unidentified/", "mandates/"])
def test_a_clerk_has_nothing_to_do_with_banks(client, address):
    client.force_login(a_member_of_staff("clerk"))

    assert client.get(f"/billing/{address}").status_code == 403


def test_who_only_looks_takes_no_file_in(client, account):
    client.force_login(a_member_of_staff("hq_viewer"))

    assert upload(client, a_statement(a_movement("R1", 1_00))).status_code == 403
    assert BankFile.objects.count() == 0


def test_a_large_file_waits_for_a_worker_and_its_page_says_how_far_it_is(
    operator, account, settings
):
    # given
    settings.BANK_FILE_AT_ONCE_BYTES = 10
    content = a_statement(a_movement("R1", 1_00), a_movement("R1", 1_00))

    # when
    answer = upload(operator, content, "large.txt")

    # then: it waits, on its own page and above the list
    kept = BankUpload.objects.get()
    assert answer.url == f"/billing/bank-files/uploads/{kept.pk}"
    shown = operator.get(answer.url).content.decode()
    assert "等待处理" in shown
    assert "every 2s" in shown
    assert "large.txt" in operator.get("/billing/bank-files/").content.decode()
    assert BankFile.objects.count() == 0

    # and: the sweeper's worker takes it in, and the page leads to the file
    assert take_in_uploads() == 1
    file = BankFile.objects.get()
    assert operator.get(answer.url).url == f"/billing/bank-files/{file.pk}"
    part = operator.get(answer.url, headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == f"/billing/bank-files/{file.pk}"
    assert "在处理和被拒绝的上传" not in operator.get("/billing/bank-files/").content.decode()


def test_a_large_file_that_is_refused_says_why_on_its_page_and_above_the_list(
    operator, account, settings
):
    settings.BANK_FILE_AT_ONCE_BYTES = 10
    answer = upload(operator, a_statement(a_movement("R1", 1_00)).rstrip()[:-30], "half.txt")

    take_in_uploads()

    for address in (answer.url, "/billing/bank-files/"):
        assert "文件没有结尾行" in operator.get(address).content.decode()
    assert "every 2s" not in operator.get(answer.url).content.decode()


def test_what_is_no_bank_file_is_refused_at_the_page_however_large(operator, settings):
    settings.BANK_FILE_AT_ONCE_BYTES = 10

    answer = upload(operator, b"id,amount\n" + b"1,2\n" * 100)

    assert answer.status_code == 422
    assert "第一行不是约定的文件头" in answer.content.decode()
    assert BankUpload.objects.count() == 0
