"""How many queries each page asks: exactly what ``tests/query_counts.json`` says, however long.

After a change that asks more or fewer on purpose, write the file anew and look at its difference:
``WRITE_QUERY_COUNTS=1 .venv/bin/python -m pytest tests/desk/test_query_counts.py``
"""

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.models import (
    Adjustment,
    BankFile,
    DebitBatch,
    GatewayOrder,
    Handover,
    Payment,
    Receipt,
    ReconciliationLine,
    Refund,
    Rerating,
    Shift,
    UnidentifiedPayment,
    UsageGap,
    UsageReject,
    WriteOff,
)
from billing.services.books import check_books
from bss.kernel.models import BatchRun
from complaints.models import Case
from orders.models import Order, WorkOrder
from packages_wo.models import Bundle
from tests.api.people import client_of
from tests.billing.views.house import a_closed_october, a_member_of_staff
from tests.builders.banks import a_waiting_upload
from tests.builders.orders import a_source
from tests.desk.a_grown_house import MORNING, add_rows

pytestmark = pytest.mark.django_db

BASELINE = Path(__file__).parent.parent / "query_counts.json"
HOW_TO_UPDATE = (
    "The pages ask another number of queries than tests/query_counts.json says. "
    "If that is meant: WRITE_QUERY_COUNTS=1 pytest tests/desk/test_query_counts.py"
)
LISTS = {
    "customers:list": "/customers/",
    "customers:duplicates": "/customers/duplicates/",
    "customers:classes": "/customers/classes/",
    "customers:levels": "/customers/levels/",
    "customers:enrichment": "/customers/enrichment/",
    "desk:bundles": "/bundles/",
    "desk:advice": "/advice/",
    "orders:list": "/orders/",
    "orders:work_orders": "/orders/work-orders/?state=all",
    "orders:network": "/orders/work-orders/network/?state=all",
    "complaints:list": "/cases/",
    "channels:list": "/channels/",
    "billing:list": "/billing/",
    "billing:bills": "/billing/bills/",
    "billing:till": "/billing/till/",
    "billing:shifts": "/billing/till/shifts/",
    "billing:handovers": "/billing/till/handovers/",
    "billing:hall_day": "/billing/till/halls/H1/2026-11-05",
    "billing:debits": "/billing/debits/",
    "billing:bank_files": "/billing/bank-files/",
    "billing:unidentified": "/billing/unidentified/",
    "billing:mandates": "/billing/mandates/",
    "billing:month": "/billing/months/",
    "billing:reminders": "/billing/credit/reminders/",
    "billing:messages": "/billing/credit/messages/",
    "billing:exposures": "/billing/credit/limits/",
    "billing:endings": "/billing/credit/pre-terminations/",
    "billing:credit_runs": "/billing/credit/",
    "customers:lists": "/customers/lists/",
    "billing:invoices": "/billing/invoices/",
    "billing:qr_orders": "/billing/qr/",
    "billing:reconciliations": "/billing/reconciliations/",
    "billing:refunds": "/billing/refunds/",
    "billing:transfers": "/billing/transfers/",
    "billing:adjustments": "/billing/adjustments/",
    "billing:write_offs": "/billing/write-offs/",
    "billing:promises": "/billing/promises/",
    "billing:reasons": "/billing/reasons/",
    "billing:run": "/billing/months/2026-10",
    "billing:books": "/billing/books/?month=2026-11",
    "billing:subject": "/billing/books/subjects/220301?month=2026-11",
    "billing:books_checks": "/billing/books/checks/",
    "billing:revenue": "/billing/books/revenue/",
    "billing:rejects": "/billing/rejects/",
    "billing:reratings": "/billing/reratings/",
    "billing:usage_files": "/billing/usage-files/",
    "billing:usage_gaps": "/billing/usage-files/gaps/",
    "billing:runs": "/billing/runs/",
    "home": "/",
}
API_LISTS = {
    "tmf629-customer-list": "/tmf-api/customerManagement/v4/customer",
    "tmf622-product-order-list": "/tmf-api/productOrderingManagement/v4/productOrder",
    "tmf678-customer-bill-list": "/tmf-api/customerBillManagement/v4/customerBill",
}


@pytest.fixture
def manager():
    return a_member_of_staff("account_manager")


@pytest.fixture
def october(settings, monkeypatch, manager):
    """A closed month with its operator, and three rows in every list."""
    settings.BUSINESS_TIME = "2026-11-05T10:00"
    monkeypatch.setattr("billing.views.running.worker_answers", lambda: False)
    a_source()
    october = a_closed_october()
    add_rows(0, 3, manager=manager)
    return october


@pytest.fixture
def page(client):
    client.force_login(a_member_of_staff("supervisor"))
    return client


def asked(client, addresses):
    """Queries per page, each asked once before so that nothing is new to it."""
    counts = {}
    for name, address in addresses.items():
        assert client.get(address).status_code in (200, 206), address  # whole, or a part of it
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts[name] = len(queries)
    return counts


def single_pages(october):
    bill = october.call_bill
    line = bill.lines.first()
    own = october.own.code
    difference = ReconciliationLine.objects.exclude(kind="matched").earliest("pk")
    return {
        "desk:customer": f"/customers/{october.operator.owner.code}",
        "desk:customer_advised": f"/customers/{_advised().customer.code}",
        "desk:bundle": f"/bundles/{october.operator.bundles['b1'].code}",
        "orders:order": f"/orders/{Order.objects.earliest('pk').code}",
        "orders:work_order": f"/orders/work-orders/{WorkOrder.objects.earliest('pk').pk}",
        "complaints:case": f"/cases/{Case.objects.earliest('pk').code}",
        "channels:channel": "/channels/HALL-G0",
        "billing:shift": f"/billing/till/shifts/{Shift.objects.earliest('pk').pk}",
        "billing:handover": f"/billing/till/handovers/{Handover.objects.earliest('pk').pk}",
        "billing:receipt": f"/billing/receipts/{Receipt.objects.earliest('pk').pk}",
        "billing:qr": f"/billing/qr/{GatewayOrder.objects.earliest('pk').number}",
        "billing:reconciliation": f"/billing/reconciliations/{difference.reconciliation_id}",
        "billing:reconciliation_line": f"/billing/reconciliations/lines/{difference.pk}",
        "billing:mandate": f"/billing/accounts/{october.own.code}/mandate",
        "billing:debit_batch": f"/billing/debits/{DebitBatch.objects.earliest('pk').pk}",
        "billing:bank_file": f"/billing/bank-files/{BankFile.objects.earliest('pk').pk}",
        "billing:bank_upload": f"/billing/bank-files/uploads/{_upload().pk}",
        "billing:unidentified_payment": (
            f"/billing/unidentified/{UnidentifiedPayment.objects.earliest('pk').pk}"
        ),
        "billing:refund": f"/billing/refunds/{Refund.objects.earliest('pk').pk}",
        "billing:write_off": f"/billing/write-offs/{WriteOff.objects.earliest('pk').pk}",
        "billing:adjustment": f"/billing/adjustments/{Adjustment.objects.earliest('pk').pk}",
        "billing:pay": f"/billing/accounts/{october.own.code}/pay",
        "billing:account": f"/billing/accounts/{october.own.code}",
        "billing:ledger": f"/billing/accounts/{own}/ledgers/{october.own.ledgers.get().pk}",
        "billing:journal": f"/billing/books/journals/{Payment.objects.earliest('pk').journal_id}",
        "billing:books_check": f"/billing/books/checks/{check_books(at=MORNING).pk}",
        "billing:bill_changes": f"/billing/bills/{bill.pk}/changes",
        "billing:account_credit": f"/billing/accounts/{october.own.code}/credit",
        "billing:bill": f"/billing/bills/{bill.pk}",
        "billing:reject": f"/billing/rejects/{UsageReject.objects.earliest('pk').pk}",
        "billing:usage_gap": f"/billing/usage-files/gaps/{UsageGap.objects.earliest('pk').pk}",
        "billing:batch_run": f"/billing/runs/{BatchRun.objects.earliest('pk').pk}",
        "billing:rerating": f"/billing/reratings/{Rerating.objects.earliest('pk').pk}",
        "billing:rerated_lines": f"/billing/reratings/{Rerating.objects.earliest('pk').pk}/lines",
        "billing:bill_line": f"/billing/bills/{bill.pk}/lines/{line.pk}",
    }


def _advised():
    return Bundle.objects.get(code="grown0")


def _upload():
    giver = a_member_of_staff("batch_operator")
    return a_waiting_upload("1", by_id=giver.pk, at=MORNING)


def test_every_page_asks_what_the_baseline_says(page, october, manager):
    found = asked(page, LISTS | single_pages(october)) | asked(client_of(manager), API_LISTS)
    if os.environ.get("WRITE_QUERY_COUNTS"):
        BASELINE.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    assert found == json.loads(BASELINE.read_text(encoding="utf-8")), HOW_TO_UPDATE


def test_no_list_asks_more_for_twelve_rows_than_for_three(page, october, manager):
    api = client_of(manager)
    three = asked(page, LISTS) | asked(api, API_LISTS)
    add_rows(3, 12, manager=manager)
    assert asked(page, LISTS) | asked(api, API_LISTS) == three
