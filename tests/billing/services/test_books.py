"""The nightly look over the books: sound data is in order, doctored data is found, each kind."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from billing.batch.audit_ledgers import CHECKS, audit_ledgers
from billing.models import BooksCheck, Ledger, Payment
from billing.services import accounts, ledgers
from billing.services.books import check_books
from billing.services.payments import pay, reverse
from bss.kernel.models import AuditEntry, Notice, ScheduledRun
from bss.kernel.schedule import run_due
from bss.wiring.schedule import SCHEDULE
from tests.builders.banks import a_bank_day
from tests.builders.billing import (
    NEW_YEAR,
    a_bill,
    a_channel,
    a_customer,
    a_line,
    moment,
    own_account,
)
from tests.builders.by_hand import a_day_by_hand
from tests.builders.gateways import a_gateway_day
from tests.builders.staff import a_staff
from tests.builders.usage import the_catalogue

pytestmark = pytest.mark.django_db

NIGHT = moment("2026-03-10T02:30")


@pytest.fixture
def books() -> Ledger:
    """A unified account: a bill paid from a special ledger and the public one, parts to come."""
    owner = a_customer()
    line = a_line(owner)
    account = accounts.open_unified(owner_id=owner.pk, name="统一", at=NEW_YEAR)
    channel = a_channel().pk
    ledgers.open_special(
        account_id=account.pk, name="赠", amount_fen=300, gift=True, at=NEW_YEAR, channel_id=channel
    )
    ledgers.open_special(
        account_id=account.pk,
        name="分月",
        amount_fen=1000,
        months=3,
        at=NEW_YEAR,
        channel_id=channel,
    )
    a_bill(account, "2026-01", (line, "PLAN_FEE", 500), (line, "SMS", 120))
    public = account.ledgers.get(kind=Ledger.Kind.PUBLIC)
    pay(account_id=account.pk, amount_fen=400, key="p1", at=NIGHT, channel_id=channel)
    pay(account_id=account.pk, amount_fen=90, key="p2", at=NIGHT, channel_id=channel)
    reverse(key="p2", at=NIGHT, supervisor=True)
    return public


def doctor(sql: str, *parameters: object) -> None:
    """As one who may switch the triggers off."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, parameters)
        cursor.execute("SET LOCAL session_replication_role = origin")


def found() -> list[tuple[str, str, int, int]]:
    """(check, figure, expected, found) of every difference."""
    return [
        (one.check, one.part, one.expected_fen, one.found_fen)
        for one in audit_ledgers().differences
    ]


def test_what_the_services_wrote_is_in_order(books: Ledger) -> None:
    report = audit_ledgers()
    assert (report.count, report.differences) == (0, ())
    assert (report.journals, report.entries) == (7, 17)


def test_what_desks_banks_gateways_and_hands_do_is_in_order() -> None:
    the_catalogue()
    a_channel()
    line = a_line(a_customer(), "13062299901", service="m2g")
    at = moment("2026-11-20T10:00")
    a_bill(own_account(line), "2026-10", (line, "PLAN_FEE", 1000))
    a_bank_day(own_account(line), 1, at=at)
    a_gateway_day(own_account(line), 1, at=at)
    a_day_by_hand(line, 1, at=at)
    assert audit_ledgers().differences == ()


def test_a_changed_entry_is_found_from_every_side(books: Ledger) -> None:
    doctor("UPDATE billing_entry SET amount_fen = amount_fen + 7 WHERE ledger_id = %s", books.pk)
    checks = {check for check, *_ in found()}
    assert {"journals", "totals", "payments", "line_payments", "trial_balance"} <= checks


def test_a_changed_total_is_found(books: Ledger) -> None:
    doctor("UPDATE billing_ledger SET cash_fen = cash_fen + 50 WHERE id = %s", books.pk)
    assert found() == [("totals", "cash", 80, 130)]


def test_a_total_on_a_house_ledger_is_found(books: Ledger) -> None:
    doctor("UPDATE billing_ledger SET gift_fen = 1 WHERE name = 'gift'")
    assert found() == [("totals", "gift", 0, 1)]


def test_deleted_entries_leave_a_journal_that_is_found(books: Ledger) -> None:
    payment = Payment.objects.get(key="p1")
    doctor("DELETE FROM billing_entry WHERE journal_id = %s", payment.journal_id)
    assert found() == [
        ("journals", "payment", 0, 0),
        ("totals", "cash", -320, 80),
        ("payments", "cash", 400, 0),
    ]


def test_a_balanced_entry_slipped_into_a_journal_is_found(books: Ledger) -> None:
    doctor(
        "INSERT INTO billing_entry (journal_id, ledger_id, money, amount_fen)"
        " SELECT journal_id, ledger_id, 'cash', leg FROM billing_payment"
        " CROSS JOIN (VALUES (5), (-5)) AS legs (leg) WHERE key = 'p1'"
    )
    assert found() == []  # nothing came of it
    doctor(
        "INSERT INTO billing_entry (journal_id, ledger_id, money, amount_fen)"
        " SELECT payment.journal_id, ledger.id, 'cash', CASE name WHEN 'public' THEN 5 ELSE -5 END"
        " FROM billing_payment payment, billing_ledger ledger"
        " WHERE key = 'p1' AND (ledger.id = %s OR ledger.name = 'adjustment')",
        books.pk,
    )
    assert found() == [("totals", "cash", 85, 80), ("payments", "cash", 400, 405)]


def test_a_changed_bill_is_found(books: Ledger) -> None:
    doctor("UPDATE billing_bill SET total_fen = total_fen + 10, paid_fen = paid_fen - 5")
    assert found() == [
        ("bills", "paid", 620, 615),
        ("bills", "total", 620, 630),
        ("bill_journals", "total", 630, 620),
        ("house", "cash", -15, 0),
    ]


def test_a_bill_without_its_journal_is_found(books: Ledger) -> None:
    doctor(
        "INSERT INTO billing_bill (account_id, month, issued_at, due_on, total_fen, paid_fen)"
        " VALUES (%s, '2026-02-01', now(), '2026-03-31', 0, 0)",
        books.account_id,
    )
    assert found() == []  # a bill of nothing needs none
    doctor("UPDATE billing_bill SET total_fen = 40 WHERE month = '2026-02-01'")
    assert ("bill_journals", "total", 40, 0) in found()


def test_a_line_that_was_paid_by_nothing_is_found(books: Ledger) -> None:
    doctor("UPDATE billing_billline SET paid_fen = paid_fen - 1 WHERE item = 'SMS'")
    doctor("UPDATE billing_bill SET paid_fen = paid_fen - 1")
    assert found() == [("line_payments", "paid", 120, 119), ("house", "cash", -1, 0)]


def test_gift_money_called_cash_is_found(books: Ledger) -> None:
    doctor("UPDATE billing_billline SET paid_gift_fen = 0")
    assert found() == [("line_payments", "gift", 300, 0)]


def test_a_payment_that_says_it_was_reversed_is_found(books: Ledger) -> None:
    doctor("UPDATE billing_payment SET reversed_at = now() WHERE key = 'p1'")
    assert found() == [("payments", "cash", 0, 400)]


def test_a_part_to_come_that_vanished_is_found(books: Ledger) -> None:
    doctor("UPDATE billing_ledgerrelease SET amount_fen = 1 WHERE month = %s", date(2026, 2, 1))
    assert found() == [("house", "cash", 668, 1000)]


def test_revenue_shared_out_wrongly_is_found(books: Ledger) -> None:
    doctor(
        "INSERT INTO billing_revenueshare (line_id, service, amount_fen, tax_percent, tax_fen)"
        " SELECT id, 'fixed', 499, 9, 0 FROM billing_billline WHERE item = 'PLAN_FEE'"
    )
    assert found() == [("shares", "amount", 500, 499)]


def test_revenue_that_no_bill_earned_is_found(books: Ledger) -> None:
    doctor("UPDATE billing_billline SET item = 'DATA' WHERE item = 'SMS'")
    assert found() == [("house", "cash", 0, 120), ("house", "cash", 120, 0)]


def test_each_check_finds_what_only_it_looks_at(books: Ledger) -> None:
    """The tests above leave no check untried."""
    tried = {
        "journals", "totals", "bills", "bill_journals", "line_payments", "payments", "shares",
        "house", "trial_balance",
    }  # fmt: skip
    assert set(CHECKS) == tried


def test_who_may_check_the_books_hears_of_a_difference(books: Ledger) -> None:
    batch, agent = a_staff("batch_operator"), a_staff("agent")
    doctor("UPDATE billing_ledger SET cash_fen = cash_fen + 50 WHERE id = %s", books.pk)
    check = check_books(at=NIGHT)
    assert (check.differences, len(check.found)) == (1, 1)
    notice = Notice.objects.get(staff=batch)
    assert notice.url == f"/billing/books/checks/{check.pk}"
    assert not Notice.objects.filter(staff=agent).exists()
    entry = AuditEntry.objects.get(action="books.check")
    assert entry.detail["differences"] == 1


def test_nobody_is_called_when_all_is_in_order(books: Ledger) -> None:
    a_staff("batch_operator")
    assert check_books(at=NIGHT).differences == 0
    assert not Notice.objects.exists()


def test_the_command_says_what_differs_and_fails(
    books: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("audit_ledgers", "--at", "2026-03-10T02:30")
    assert "7 journals with 17 entries are in order" in capsys.readouterr().out
    doctor("UPDATE billing_ledger SET cash_fen = cash_fen + 50 WHERE id = %s", books.pk)
    with pytest.raises(CommandError, match="1 differences in the books"):
        call_command("audit_ledgers", "--at", "2026-03-10T02:30")
    said = capsys.readouterr().out
    assert f"totals: ledger:{books.pk}" in said
    assert "expected 80 fen, found 130 fen" in said


def test_the_night_looks_over_the_books(books: Ledger, job: Callable[[str], None]) -> None:
    job("books")
    assert BooksCheck.objects.get().at == NIGHT


@pytest.fixture
def job() -> Callable[[str], None]:
    """Run one job of the schedule, as the beat does."""

    def run(name: str) -> None:
        jobs = [one for one in SCHEDULE if one.name == name]
        assert run_due(jobs, at=NIGHT) == 1
        assert ScheduledRun.objects.get(name=name).done_at is not None

    return run
