"""The pages of the books: balance, entries, journals, checks, revenue, statements, changes."""

from io import BytesIO

import pytest
from django.db import connection
from openpyxl import load_workbook
from pypdf import PdfReader

from billing.models import BooksCheck, Journal, Ledger
from billing.services import ledgers
from billing.services.books import check_books
from billing.services.payments import pay
from bss.kernel.models import AuditEntry
from tests.billing.views.house import CLOSED_AT, a_member_of_staff
from tests.builders.billing import NEW_YEAR, a_channel, moment, public_of

pytestmark = pytest.mark.django_db

PAID_AT = moment("2026-11-04T10:00")


@pytest.fixture
def paid(october):
    """3.00 came in and paid a part of the own account's bill."""
    return pay(
        account_id=october.own.pk,
        amount_fen=300,
        key="k1",
        at=PAID_AT,
        channel_id=a_channel().pk,
    )


def sheet(response):
    """The rows of an XLSX answer."""
    assert response.status_code == 200
    return list(load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True))


def text_of(response):
    return response.content.decode()


def test_the_trial_balance_of_a_month_is_balanced(page, paid):
    response = page.get("/billing/books/?month=2026-11")
    totals = response.context["totals"]
    assert totals.balanced
    assert totals.debit_fen == totals.credit_fen > 300
    assert "试算平衡" in text_of(response)


def test_the_trial_balance_goes_out_as_it_is_shown(page, paid):
    head, *rows = sheet(page.get("/billing/books/?month=2026-11&export=xlsx"))
    assert head[:3] == ("科目编号", "科目", "类别")
    cash = next(row for row in rows if row[0] == "1001")
    assert cash[1:] == ("库存现金", "资产", "0.00", "0.00", "3.00", "0.00", "3.00", "0.00")


def test_a_month_that_is_none_shows_the_present_one(page, paid):
    assert str(page.get("/billing/books/?month=nonsense").context["month"]) == "2026-11"


def test_a_subject_leads_to_its_entries_and_these_to_their_journals(page, paid):
    response = page.get("/billing/books/subjects/1001?month=2026-11")
    [(entry, debit_fen, credit_fen)] = response.context["rows"]
    assert (debit_fen, credit_fen) == (300, 0)
    journal = page.get(f"/billing/books/journals/{entry.journal_id}")
    assert journal.context["debit_fen"] == journal.context["credit_fen"] == 300
    assert [leg["code"] for leg in journal.context["legs"]] == ["1001", "220301"]


def test_entries_are_found_by_kind_and_by_account(page, paid, october):
    url = "/billing/books/subjects/220301?month=2026-11"
    assert page.get(url).context["list"].count > 1
    assert page.get(f"{url}&kind=payment").context["list"].count == 1
    assert page.get(f"{url}&q={october.unified.code}").context["list"].count == 0


def test_a_subject_that_is_none_is_not_there(page):
    assert page.get("/billing/books/subjects/4711").status_code == 404
    assert page.get("/billing/books/journals/4711").status_code == 404


def test_the_books_are_checked_by_hand(page, paid):
    response = page.post("/billing/books/checks/run")
    check = BooksCheck.objects.get()
    assert response.url == f"/billing/books/checks/{check.pk}"
    assert check.differences == 0
    assert "没有差异" in text_of(page.get(response.url))


def test_a_check_shows_what_differs_with_the_way_to_it(page, paid, october):
    bill = october.call_bill
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE billing_bill SET total_fen = total_fen + 1 WHERE id = %s", [bill.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
    check = check_books(at=PAID_AT)
    said = text_of(page.get(f"/billing/books/checks/{check.pk}"))
    assert check.differences == 3
    assert f'href="/billing/bills/{bill.pk}"' in said
    assert f"{october.own.code}/2026-10" in said


def test_revenue_is_what_the_bills_come_to(page, october):
    response = page.get("/billing/books/revenue/")
    found = response.context["found"]
    bills = october.call_bill.total_fen + october.fee_bill.total_fen
    assert found.billed_fen >= bills
    assert found.difference_fen == 0
    assert "与帐单相符" in text_of(response)
    head, *rows = sheet(page.get("/billing/books/revenue/?by=month&export=xlsx"))
    assert head[0] == "月份"
    assert [row[0] for row in rows] == ["2026-10"]


def test_a_ledgers_statement_is_a_page_a_file_and_a_paper(page, paid, october):
    url = f"/billing/accounts/{october.own.code}/ledgers/{public_of(october.own).pk}"
    statement = page.get(url).context["statement"]
    assert (statement.opening_fen, statement.in_fen, statement.out_fen) == (0, 300, 75)
    _head, *rows = sheet(page.get(f"{url}?first=2026-11&last=2026-11&export=xlsx"))
    assert (rows[0][1], rows[0][-1]) == ("期初余额", "0.00")
    assert (rows[-1][1], rows[-1][-1]) == ("期末余额", "2.25")
    assert [row[4:6] for row in rows[1:-1]] == [("3.00", None), (None, "0.75")]
    paper = page.get(f"{url}.pdf?first=2026-11&last=2026-11")
    assert paper["Content-Type"] == "application/pdf"
    assert "账本对帐单" in PdfReader(BytesIO(paper.content)).pages[0].extract_text()
    assert AuditEntry.objects.filter(detail__ledger=public_of(october.own).pk).exists()


def test_months_out_of_reach_are_shown_as_the_latest(page, october):
    url = f"/billing/accounts/{october.own.code}/ledgers/{public_of(october.own).pk}"
    shown = page.get(f"{url}?first=1999-01&last=2026-11").context["statement"]
    assert (str(shown.first), str(shown.last)) == ("2026-09", "2026-11")


def test_the_cash_of_an_expired_ledger_is_freed_by_a_press(page, october):
    special = ledgers.open_special(
        account_id=october.unified.pk,
        name="老合约",
        amount_fen=700,
        at=NEW_YEAR,
        channel_id=a_channel().pk,
        expires_on=CLOSED_AT.date().replace(month=1),
        scope=ledgers.Scope(items=("INFO_FEE",)),
    )
    url = f"/billing/accounts/{october.unified.code}/ledgers/{special.pk}"
    assert "现金转入公用账本" in text_of(page.get(url))
    assert page.post(f"{url}/free-cash").url == url
    special.refresh_from_db()
    assert special.cash_fen == 0
    assert "现金转入公用账本" not in text_of(page.get(url))


def test_the_cash_of_a_ledger_in_use_is_not(page, october):
    ledger = public_of(october.own)
    response = page.post(f"/billing/accounts/{october.own.code}/ledgers/{ledger.pk}/free-cash")
    assert response.status_code == 422
    assert "只有专用账本的现金可以转入公用账本" in text_of(response)
    assert not Journal.objects.filter(kind="move").exists()


def test_another_accounts_ledger_is_not_there(page, october):
    ledger = Ledger.objects.get(account=october.unified)
    assert page.get(f"/billing/accounts/{october.own.code}/ledgers/{ledger.pk}").status_code == 404


def test_the_first_bill_says_that_there_is_nothing_to_compare(page, october):
    said = text_of(page.get(f"/billing/bills/{october.call_bill.pk}/changes"))
    assert "没有上月帐单可以比较" in said


@pytest.mark.parametrize(
    "address", ["/billing/books/", "/billing/books/checks/", "/billing/books/revenue/"]
)
def test_the_books_are_not_for_everyone(client, october, address):
    client.force_login(a_member_of_staff("clerk"))
    assert client.get(address).status_code == 403
