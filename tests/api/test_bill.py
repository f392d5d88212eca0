from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.models import Account, Bill, BillLine
from bss.kernel.periods import local_moment
from tests.api.people import a_caller, a_customer, assert_official, client_of

pytestmark = pytest.mark.django_db

BILLS = "/tmf-api/customerBillManagement/v4/customerBill"


def a_bill(owner, *, month: date | None = date(2026, 9, 1), total_fen=10615, paid_fen=0) -> Bill:
    account, _ = Account.objects.get_or_create(
        code=f"A-{owner.code}",
        defaults={
            "name": f"{owner.name}统一帐户",
            "kind": "unified",
            "owner": owner,
            "opened_at": local_moment("2026-01-05T09:00"),
        },
    )
    bill = Bill.objects.create(
        account=account,
        month=month,
        issued_at=local_moment("2026-10-03T02:00"),
        due_on=date(2026, 10, 31),
        total_fen=total_fen,
        paid_fen=paid_fen,
    )
    BillLine.objects.create(
        bill=bill, item="BUNDLE_FEE", position=1, amount_fen=total_fen, tax_fen=877
    )
    return bill


@pytest.fixture
def manager():
    return a_caller("manager1")


@pytest.fixture
def client(manager):
    return client_of(manager)


def test_a_bill_is_what_tm_forum_says(client, manager):
    bill = a_bill(a_customer("C1", manager=manager), paid_fen=600)
    body = client.get(f"{BILLS}/{bill.pk}").json()
    assert_official("TMF678", "CustomerBill", body)
    assert body["href"] == f"http://testserver{BILLS}/{bill.pk}"
    assert body["billNo"] == "A-C1-202609"
    assert body["state"] == "partiallyPaid"
    assert body["taxIncludedAmount"] == {"unit": "CNY", "value": 106.15}
    assert body["remainingAmount"] == {"unit": "CNY", "value": 100.15}
    assert body["taxExcludedAmount"] == {"unit": "CNY", "value": 97.38}
    assert body["taxItem"] == [{"taxCategory": "VAT", "taxAmount": {"unit": "CNY", "value": 8.77}}]
    assert body["billingPeriod"] == {
        "startDateTime": "2026-09-01T00:00:00+08:00",
        "endDateTime": "2026-10-01T00:00:00+08:00",
    }
    assert body["paymentDueDate"] == "2026-10-31T23:59:59+08:00"
    assert body["billingAccount"]["id"] == "A-C1"
    assert body["billDocument"][0]["mimeType"] == "application/pdf"
    assert body["relatedParty"][0]["id"] == "C1"


def test_amounts_are_exact_in_the_text_that_is_sent(client, manager):
    bill = a_bill(a_customer("C1", manager=manager), total_fen=1_000_000_029)
    assert b'"value":10000000.29}' in client.get(f"{BILLS}/{bill.pk}").content


@pytest.mark.parametrize(
    ("paid_fen", "state"), [(0, "sent"), (1, "partiallyPaid"), (10615, "settled")]
)
def test_the_state_says_how_much_is_paid(client, manager, paid_fen, state):
    bill = a_bill(a_customer("C1", manager=manager), paid_fen=paid_fen)
    assert client.get(f"{BILLS}/{bill.pk}").json()["state"] == state


def test_a_debt_from_before_the_system_has_no_period(client, manager):
    bill = a_bill(a_customer("C1", manager=manager), month=None)
    body = client.get(f"{BILLS}/{bill.pk}").json()
    assert_official("TMF678", "CustomerBill", body)
    assert (body["runType"], "billingPeriod" in body) == ("offCycle", False)


def test_bills_of_others_are_not_there(client, manager):
    mine = a_bill(a_customer("C1", manager=manager))
    other = a_bill(a_customer("C2", manager=a_caller("manager2")))
    assert [row["id"] for row in client.get(BILLS).json()] == [str(mine.pk)]
    assert client.get(f"{BILLS}/{other.pk}").status_code == 404


@pytest.mark.parametrize("key", ["nonsense", "0", "-1", "1.0", "９", "9" * 30])
def test_an_id_that_cannot_be_one_is_not_there(client, key):
    assert client.get(f"{BILLS}/{key}").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "settled"}, ["2026-08"]),
        ({"state": "sent,partiallyPaid"}, ["2026-09"]),
        ({"billingPeriod.startDateTime": "2026-09"}, ["2026-09"]),
        ({"billingPeriod.startDateTime": "2026-08-01T00:00:00+08:00"}, ["2026-08"]),
        ({"billingAccount.id": "A-C1"}, ["2026-08", "2026-09"]),
        ({"billDate.gt": "2026-12-01"}, []),
        ({"relatedParty.id": "C9"}, []),
    ],
)
def test_bills_are_filtered_by_attribute(client, manager, query, found):
    owner = a_customer("C1", manager=manager)
    a_bill(owner, month=date(2026, 8, 1), paid_fen=10615)
    a_bill(owner, month=date(2026, 9, 1))
    rows = client.get(BILLS, query).json()
    assert [row["billingPeriod"]["startDateTime"][:7] for row in rows] == found


@pytest.mark.usefixtures("still_clock")
def test_the_list_asks_the_database_the_same_however_long_it_is(client, manager):
    def asked(count):
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(BILLS).json()) == count
        return len(queries)

    a_bill(a_customer("C0", manager=manager))
    first = asked(1)
    for number in range(1, 15):
        a_bill(a_customer(f"C{number}", manager=manager))
    assert asked(15) == first
