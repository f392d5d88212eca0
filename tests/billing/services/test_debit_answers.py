import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum

from billing.models import BankFile, Bill, DebitBatch, DebitLine, Entry, Payment
from billing.queries.house import house_balances
from billing.services import debit_batches, mandates, payments
from billing.services.reversals import reverse
from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry
from channels.models import RevenueFact
from tests.builders.banks import (
    ANSWERED_AT,
    DRAWN_AT,
    a_batch,
    a_mandate,
    an_answer,
    taken_in,
)
from tests.builders.billing import (
    a_bill,
    a_channel,
    a_customer,
    a_line,
    moment,
    own_account,
    public_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def somewhere():
    a_channel()


def debtors(count: int, *, bank: str = "YZ", first: int = 0):
    """Accounts with a mandate that owe 100.00, 200.00 …"""
    found = []
    for place in range(first, first + count):
        line = a_line(a_customer(f"北京第{place}商贸有限公司"), f"0106200{place:04d}")
        account = own_account(line)
        a_bill(account, "2026-09", (line, "PLAN_FEE", (place + 1) * 100_00))
        a_mandate(account, bank=bank)
        found.append(account)
    return found


def due_fen(account) -> int:
    bills = Bill.objects.filter(account=account)
    return bills.aggregate(due=Sum("total_fen") - Sum("paid_fen"))["due"]


@pytest.mark.parametrize("bank", ["YZ", "JH"])
def test_settled_lines_pay_bills_and_refused_ones_say_why(bank):
    # given
    one, two, three = debtors(3, bank=bank)
    batch = a_batch(bank)

    # when
    file = taken_in(an_answer(batch, (1, 100_00, "00"), (2, 200_00, "01"), (3, 300_00, "00")))

    # then
    assert (file.state, file.done_count, file.faults_count) == ("done", 3, 0)
    assert list(batch.lines.values_list("state", "reason")) == [
        ("settled", "00"), ("refused", "01"), ("settled", "00"),
    ]  # fmt: skip
    assert [due_fen(account) for account in (one, two, three)] == [0, 200_00, 0]
    assert house_balances()["clearing:debit"] == -400_00
    payment = Payment.objects.get(account=one)
    assert (payment.means, payment.amount_fen) == ("debit", 100_00)
    assert RevenueFact.objects.get(payment_ref=payment.key).amount_fen == 100_00
    batch.refresh_from_db()
    assert batch.state == DebitBatch.State.CLOSED


def test_every_journal_sums_to_zero_and_one_entry_of_the_audit_tells_of_the_step():
    debtors(3)
    batch = a_batch()

    taken_in(an_answer(batch, (1, 100_00, "00"), (2, 200_00, "00"), (3, 300_00, "03")))

    sums = Entry.objects.values("journal").annotate(sum=Sum("amount_fen"))
    assert {row["sum"] for row in sums} == {0}
    step = AuditEntry.objects.get(kind="step", action="bank_file.book")
    assert {name: step.detail[name] for name in ("settled", "refused", "amount_fen")} == {
        "settled": 2,
        "refused": 1,
        "amount_fen": 300_00,
    }


def test_an_account_is_not_drawn_twice_while_its_batch_is_open():
    (account,) = debtors(1)
    a_batch()

    assert debit_batches.draw_up(bank="YZ", at=DRAWN_AT) is None
    line = DebitLine.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        DebitLine.objects.create(
            batch=line.batch, position=2, mandate=line.mandate, account=account, amount_fen=1
        )


def test_what_was_refused_is_drawn_again_by_the_next_batch():
    debtors(1)
    taken_in(an_answer(a_batch(), (1, 100_00, "01")))

    again = a_batch(at=moment("2026-11-07T10:00"))

    assert (again.sequence, again.total_fen, again.code) == (2, 100_00, "YZ261107000002")


def test_a_payment_between_file_and_answer_leaves_an_overpayment_on_the_account():
    # given
    (account,) = debtors(1)
    batch = a_batch()
    payments.pay(
        account_id=account.pk,
        amount_fen=100_00,
        key="at the desk",
        at=DRAWN_AT,
        channel_id=a_channel().pk,
    )

    # when
    taken_in(an_answer(batch, (1, 100_00, "00")))

    # then
    assert due_fen(account) == 0
    assert public_of(account).cash_fen == 100_00


def test_what_the_bank_left_out_is_waiting_and_then_unanswered():
    debtors(3)
    batch = a_batch()
    taken_in(an_answer(batch, (2, 200_00, "00")))
    batch.refresh_from_db()
    assert batch.state == DebitBatch.State.PARTLY_ANSWERED
    assert batch.lines.filter(state="waiting").count() == 2

    debit_batches.close(batch_id=batch.pk, at=ANSWERED_AT)

    assert [line.state for line in batch.lines.all()] == ["unanswered", "settled", "unanswered"]


def test_an_answer_after_the_batch_was_closed_is_money_all_the_same():
    (account,) = debtors(1)
    batch = a_batch()
    debit_batches.close(batch_id=batch.pk, at=ANSWERED_AT)

    taken_in(an_answer(batch, (1, 100_00, "00")))

    assert due_fen(account) == 0
    assert batch.lines.get().state == "settled"


def test_bad_lines_keep_their_reason_and_the_rest_is_done():
    # given
    accounts = debtors(4)
    batch = a_batch()
    content = an_answer(
        batch,
        (1, 100_00, "00"),
        (2, 999_00, "00"),
        (77, 100_00, "00"),
        (1, 100_00, "00"),
        (3, 300_00, "77"),
        (4, -5, "00"),
    )

    # when
    file = taken_in(content)

    # then
    assert list(file.faults.values_list("line_no", "reason")) == [
        (3, "other_amount"),
        (4, "unknown_line"),
        (5, "answered"),
        (6, "unknown_code"),
        (7, "amount"),
    ]
    assert (file.lines_count, file.done_count, file.faults_count) == (6, 1, 5)
    assert [due_fen(account) for account in accounts] == [0, 200_00, 300_00, 400_00]


def test_another_file_about_the_same_line_pays_nothing():
    (account,) = debtors(1)
    batch = a_batch()
    taken_in(an_answer(batch, (1, 100_00, "00")))

    second = taken_in(an_answer(batch, (1, 100_00, "00"), day=DRAWN_AT.date()), name="again.txt")

    assert [fault.reason for fault in second.faults.all()] == ["answered"]
    assert Payment.objects.filter(account=account).count() == 1


def test_the_same_file_twice_is_refused_with_the_name_of_the_first():
    debtors(1)
    content = an_answer(a_batch(), (1, 100_00, "00"))
    first = taken_in(content, name="HP-1.txt")

    with pytest.raises(BadInputError) as refused:
        taken_in(content, name="HP-2.txt")

    ((_, sentence),) = refused.value.faults
    assert f"HP-1.txt，文件编号 {first.pk}" in sentence
    assert BankFile.objects.count() == 1


def test_an_answer_to_a_batch_of_nobody_is_refused_whole():
    debtors(1)
    batch = a_batch()
    content = an_answer(batch, (1, 100_00, "00")).replace(batch.code.encode(), b"YZ261105000099")

    with pytest.raises(BadInputError, match="YZ261105000099"):
        taken_in(content)
    assert BankFile.objects.count() == 0


def test_a_draw_is_no_more_than_the_limit_of_its_mandate():
    line = a_line(a_customer())
    a_bill(own_account(line), "2026-09", (line, "PLAN_FEE", 900_00))
    a_mandate(own_account(line), limit_fen=500_00)

    assert a_batch().total_fen == 500_00


def test_a_mandate_that_has_ended_or_not_begun_draws_nobody():
    line = a_line(a_customer())
    account = own_account(line)
    a_bill(account, "2026-09", (line, "PLAN_FEE", 900_00))
    mandate = a_mandate(account, valid_from=moment("2026-12-01T00:00").date())
    assert debit_batches.draw_up(bank="YZ", at=DRAWN_AT) is None
    mandates.end(mandate_id=mandate.pk, at=DRAWN_AT)

    assert debit_batches.draw_up(bank="YZ", at=moment("2026-12-02T00:00")) is None


def test_a_batch_that_was_not_sent_can_be_given_up_and_its_accounts_drawn_anew():
    debtors(2)
    batch = a_batch(sent=False)

    debit_batches.withdraw(batch_id=batch.pk, at=DRAWN_AT)

    assert a_batch().sequence == 2
    with pytest.raises(BadInputError, match="已作废"):
        debit_batches.export(batch_id=batch.pk, at=DRAWN_AT)


def test_the_file_is_the_same_however_often_it_is_fetched_and_holds_the_number_in_clear():
    (account,) = debtors(1)
    batch = a_batch(sent=False)

    first = debit_batches.export(batch_id=batch.pk, at=DRAWN_AT)
    again = debit_batches.export(batch_id=batch.pk, at=ANSWERED_AT)

    assert first == again
    assert account.mandates.get().number.encode() in first
    batch.refresh_from_db()
    assert (batch.state, batch.sent_at) == ("sent", DRAWN_AT)


def test_a_debit_can_be_reversed_into_what_the_bank_holds():
    (account,) = debtors(1)
    taken_in(an_answer(a_batch(), (1, 100_00, "00")))
    payment = Payment.objects.get(account=account)

    reverse(key=payment.key, at=ANSWERED_AT, supervisor=True)

    assert due_fen(account) == 100_00
    assert house_balances()["clearing:debit"] == 0
