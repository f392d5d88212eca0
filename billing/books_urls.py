"""The addresses of the books: trial balance, ledgers' entries and statements, checks, revenue."""

from django.urls import path

from billing.views.bill_changes import bill_changes_page
from billing.views.books_checks import books_check, books_checks, run_check
from billing.views.ledger import free_expired_cash, ledger_page
from billing.views.ledger_paper import ledger_pdf
from billing.views.revenue import revenue_page
from billing.views.subject_entries import journal_page, subject_entries
from billing.views.trial_balance import trial_balance_page

urlpatterns = [
    path("books/", trial_balance_page, name="books"),
    path("books/subjects/<str:code>", subject_entries, name="subject"),
    path("books/journals/<int:journal_id>", journal_page, name="journal"),
    path("books/checks/", books_checks, name="books_checks"),
    path("books/checks/run", run_check, name="check_books"),
    path("books/checks/<int:check_id>", books_check, name="books_check"),
    path("books/revenue/", revenue_page, name="revenue"),
    path("bills/<int:bill_id>/changes", bill_changes_page, name="bill_changes"),
    path("accounts/<str:code>/ledgers/<int:ledger_id>", ledger_page, name="ledger"),
    path("accounts/<str:code>/ledgers/<int:ledger_id>.pdf", ledger_pdf, name="ledger_pdf"),
    path(
        "accounts/<str:code>/ledgers/<int:ledger_id>/free-cash",
        free_expired_cash,
        name="free_cash",
    ),
]
