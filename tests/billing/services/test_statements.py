from datetime import date

import pytest
from django.db.models import Sum

from billing.models import Bill, DebitBatch, Payment, StatementLine, UnidentifiedPayment
from billing.queries.house import house_balances
from billing.rules.banks import BANKS, virtual_number
from billing.services import unidentified
from billing.services.reversals import reverse
from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry
from bss.kernel.rulebook import RefusedError
from tests.builders.banks import (
    ANSWERED_AT,
    a_batch,
    a_mandate,
    a_movement,
    a_statement,
    an_answer,
    taken_in,
)
from tests.builders.billing import a_bill, a_channel, a_customer, a_line, own_account, public_of

pytestmark = pytest.mark.django_db

WHY = "客户来函 2026-17"


@pytest.fixture(autouse=True)
def somewhere():
    a_channel()


@pytest.fixture
def account():
    line = a_line(a_customer())
    a_bill(own_account(line), "2026-09", (line, "PLAN_FEE", 100_00))
    return own_account(line)


def the_line(reference: str = "R1") -> StatementLine:
    return StatementLine.objects.get(reference=reference)


def due_fen(account) -> int:
    bills = Bill.objects.filter(account=account)
    return bills.aggregate(due=Sum("total_fen") - Sum("paid_fen"))["due"]


@pytest.mark.parametrize("bank", ["YZ", "JH"])
def test_money_for_a_collecting_number_is_in_its_account_at_once(account, bank):
    number = virtual_number(BANKS[bank], account.pk)

    taken_in(a_statement(a_movement("R1", 120_00, virtual_number=number), bank=bank))

    assert (the_line().state, the_line().matched_by) == ("booked", "virtual")
    assert due_fen(account) == 0
    assert public_of(account).cash_fen == 20_00
    payment = Payment.objects.get(account=account)
    assert (payment.means, payment.channel.code) == ("transfer", f"BANK-{bank}")
    assert house_balances()["bank"] == -120_00
    assert the_line().journal == payment.journal


@pytest.mark.parametrize("remark", ["{} 话费", "付电话费{}", "帐户：{}，九月", "{0}、{0}"])
def test_an_account_code_in_the_remark_says_whose_money_it_is(account, remark):
    taken_in(a_statement(a_movement("R1", 100_00, remark=remark.format(account.code))))

    assert (the_line().matched_by, the_line().account) == ("remark", account)


def test_full_width_figures_in_a_remark_are_read(account):
    wide = account.code.translate({ord(c): ord(c) + 0xFEE0 for c in "TD0123456789"})

    taken_in(a_statement(a_movement("R1", 100_00, remark=wide)))

    assert the_line().account == account


def test_the_payers_name_counts_when_one_account_owes_exactly_that(account):
    owner = account.owner.name
    taken_in(
        a_statement(
            a_movement("R1", 99_00, payer_name=owner), a_movement("R2", 100_00, payer_name=owner)
        )
    )

    assert the_line("R1").state == "unidentified"
    assert (the_line("R2").state, the_line("R2").matched_by) == ("booked", "name")


def test_a_name_with_two_accounts_that_owe_the_same_says_nothing(account):
    other = a_line(account.owner, "01062000002")
    a_bill(own_account(other), "2026-09", (other, "PLAN_FEE", 100_00))

    taken_in(a_statement(a_movement("R1", 100_00, payer_name=account.owner.name)))

    assert the_line().state == "unidentified"


@pytest.mark.parametrize("remark", ["", "D000099999", "T000000001 D000000002"])
def test_money_of_nobody_stands_on_the_unidentified_ledger_at_once(remark):
    taken_in(a_statement(a_movement("R1", 88_00, remark=remark)))

    assert house_balances() == {"bank": -88_00, "unidentified": 88_00}
    kept = UnidentifiedPayment.objects.get()
    assert (kept.state, kept.amount_fen, kept.arrived_on) == ("open", 88_00, date(2026, 11, 5))


def test_money_that_went_out_is_kept_and_not_booked():
    taken_in(a_statement(a_movement("R1", 5_00, direction="D", remark="手续费")))

    assert the_line().state == "outgoing"
    assert house_balances() == {}


def test_a_reference_is_booked_once_whichever_file_brings_it(account):
    first = taken_in(a_statement(a_movement("R1", 100_00, remark=account.code)))

    second = taken_in(
        a_statement(
            a_movement("R1", 100_00, remark=account.code),
            a_movement("R2", 50_00),
            a_movement("R2", 50_00),
            serial="2",
        )
    )

    assert (first.done_count, second.done_count, second.faults_count) == (1, 1, 2)
    assert list(second.faults.values_list("line_no", "reason")) == [
        (2, "duplicate"), (4, "duplicate"),
    ]  # fmt: skip
    assert house_balances()["bank"] == -150_00


def test_the_same_reference_of_another_bank_is_other_money():
    taken_in(a_statement(a_movement("R1", 10_00)))
    taken_in(a_statement(a_movement("R1", 10_00), bank="JH"))

    assert house_balances()["unidentified"] == 20_00


def test_the_sum_that_a_bank_pays_for_a_batch_clears_it(account):
    # given
    a_mandate(account)
    batch = a_batch()
    taken_in(an_answer(batch, (1, 100_00, "00")))

    # when
    taken_in(a_statement(a_movement("R1", 100_00, remark=f"代收 {batch.code}")))

    # then
    assert (the_line().state, the_line().batch) == ("cleared", batch)
    balances = house_balances()
    assert (balances["clearing:debit"], balances["bank"]) == (0, -100_00)
    assert "unidentified" not in balances


def test_a_sum_that_is_not_the_batchs_is_unidentified(account):
    a_mandate(account)
    batch = a_batch()
    taken_in(an_answer(batch, (1, 100_00, "00")))

    taken_in(a_statement(a_movement("R1", 99_00, remark=batch.code)))

    assert the_line().state == "unidentified"
    assert DebitBatch.objects.filter(cleared_by__isnull=False).count() == 0


def test_no_table_keeps_the_payers_number_in_clear():
    number = "6229001234567890123"
    taken_in(
        a_statement(
            a_movement("R1", 10_00, payer_number=number),
            a_movement("R1", 10_00, payer_number=number),
        )
    )

    line = the_line()
    assert line.payer_number == "6229***********0123"
    assert len(line.payer_index) == 64
    assert number not in line.file.faults.get().line


def unidentified_money(amount_fen: int = 100_00) -> UnidentifiedPayment:
    taken_in(a_statement(a_movement("R1", amount_fen)))
    return UnidentifiedPayment.objects.get()


def test_identified_money_pays_the_accounts_bills(account):
    money = unidentified_money(130_00)

    for _ in range(2):
        unidentified.identify(
            unidentified_id=money.pk, account_id=account.pk, reason=WHY, at=ANSWERED_AT
        )

    assert due_fen(account) == 0
    assert public_of(account).cash_fen == 30_00
    assert house_balances()["unidentified"] == 0
    money.refresh_from_db()
    assert (money.state, money.payment.amount_fen, money.reason) == ("identified", 130_00, WHY)
    entry = AuditEntry.objects.get(kind="act", action="unidentified.identify")
    assert (entry.customer_id, entry.reason) == (account.owner_id, WHY)


def test_money_identified_for_the_wrong_account_comes_back_by_a_reversal(account):
    money = unidentified_money()
    unidentified.identify(
        unidentified_id=money.pk, account_id=account.pk, reason=WHY, at=ANSWERED_AT
    )
    money.refresh_from_db()

    reverse(key=money.payment.key, at=ANSWERED_AT, supervisor=True)

    money.refresh_from_db()
    assert (money.state, house_balances()["unidentified"]) == ("open", 100_00)
    other = own_account(a_line(a_customer("北京另一家商行"), "01062000003"))
    unidentified.identify(unidentified_id=money.pk, account_id=other.pk, reason=WHY, at=ANSWERED_AT)
    assert public_of(other).cash_fen == 100_00


def test_money_that_goes_back_leaves_the_ledger_and_the_bank():
    money = unidentified_money()

    unidentified.give_back(unidentified_id=money.pk, reason=WHY, at=ANSWERED_AT)

    assert house_balances() == {"bank": 0, "unidentified": 0}
    with pytest.raises(BadInputError, match="已退回"):
        unidentified.identify(
            unidentified_id=money.pk,
            account_id=own_account(a_line(a_customer())).pk,
            reason=WHY,
            at=ANSWERED_AT,
        )


@pytest.mark.parametrize("act", ["identify", "give_back"])
def test_a_large_sum_takes_two_people(account, act):
    money = unidentified_money(5_000_00)
    asked = {"unidentified_id": money.pk, "reason": WHY, "at": ANSWERED_AT}
    if act == "identify":
        asked["account_id"] = account.pk

    with pytest.raises(RefusedError) as refused:
        getattr(unidentified, act)(**asked)

    assert refused.value.rules == ["PAY-1"]
    getattr(unidentified, act)(**asked, approved=True)
    assert house_balances()["unidentified"] == 0


def test_nothing_is_settled_without_a_reason(account):
    money = unidentified_money()

    with pytest.raises(BadInputError, match="依据"):
        unidentified.give_back(unidentified_id=money.pk, reason=" ", at=ANSWERED_AT)
    money.refresh_from_db()
    assert money.state == "open"
