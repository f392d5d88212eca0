import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.models import Ledger, Payment, Receipt
from bss.kernel.models import Staff
from tests.billing.views.house import a_member_of_staff
from tests.builders.billing import public_of
from tests.builders.till import a_shift

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(october):
    return october.own


@pytest.fixture(autouse=True)
def open_shift(page):
    """Whoever takes money at the desk has opened a shift."""
    a_shift(Staff.objects.get(username="supervisor"))


def paying(amount="1.00", key="k1", **more):
    return {"amount": amount, "means": "cash", "ledger": "public", "request_key": key, **more}


def test_a_payment_comes_in_once_and_pays_the_bill(page, october):
    bill = october.call_bill
    url = f"/billing/accounts/{october.own.code}/pay"
    assert page.get(url).context["form"].initial["amount"] == f"{bill.due_fen / 100:.2f}"
    for _ in range(2):
        response = page.post(url, paying(f"{bill.total_fen / 100 + 1:.2f}"))
        assert response.url == f"/billing/receipts/{Receipt.objects.get().pk}"
    bill.refresh_from_db()
    assert Payment.objects.count() == 1
    assert (bill.due_fen, public_of(october.own).cash_fen) == (0, 100)


def test_the_same_form_with_another_amount_is_told_the_rule(page, account):
    url = f"/billing/accounts/{account.code}/pay"
    page.post(url, paying("1.00"))
    response = page.post(url, paying("2.00"))
    assert response.status_code == 422
    assert "PAY-1" in response.content.decode()
    assert Payment.objects.count() == 1


@pytest.mark.parametrize("amount", ["", "0", "-1", "1.001", "abc"])
def test_an_amount_that_is_none_is_sent_back(page, account, amount):
    response = page.post(f"/billing/accounts/{account.code}/pay", paying(amount))
    assert response.status_code == 422
    assert not Payment.objects.exists()


def test_a_payment_is_reversed_once(page, account):
    page.post(f"/billing/accounts/{account.code}/pay", paying("1.00"))
    url = f"/billing/payments/{Payment.objects.get().pk}/reverse"
    assert page.post(url).url == f"/billing/accounts/{account.code}"
    again = page.post(url)
    assert again.status_code == 422
    assert "PAY-2" in again.content.decode()


def test_the_entries_run_on_to_the_balance(page, october):
    account = october.unified
    page.post(f"/billing/accounts/{account.code}/pay", paying("200.00"))
    response = page.get(f"/billing/accounts/{account.code}")
    first = response.context["movements"][0]
    assert first.balance_fen == public_of(account).cash_fen
    assert response.context["bars"] == [("2026-10", october.fee_bill.total_fen, "")]


def test_a_special_ledger_is_opened_with_its_scope_and_its_parts(page, october):
    url = f"/billing/accounts/{october.unified.code}/ledgers/new"
    response = page.post(
        url,
        {
            "name": "合约预存",
            "amount": "120",
            "money": "cash",
            "means": "cash",
            "months": "12",
            "items": ["BUNDLE_FEE", "PACK_FEE"],
        },
    )
    assert response.url == f"/billing/accounts/{october.unified.code}"
    ledger = Ledger.objects.get(name="合约预存")
    assert (ledger.scope_items, ledger.scope_subscriptions, ledger.cash_fen) == (
        ["BUNDLE_FEE", "PACK_FEE"],
        None,
        0,
    )
    assert ledger.releases.count() == 12
    text = page.get(response.url).content.decode()
    assert "套餐月费、加装包月费" in text
    assert "120.00" in text


def test_an_independent_account_has_no_special_ledger(page, account):
    response = page.post(
        f"/billing/accounts/{account.code}/ledgers/new",
        {"name": "合约预存", "amount": "120", "money": "cash"},
    )
    assert response.status_code == 422
    assert "ACC-1" in response.content.decode()


def test_accounts_are_found_by_number_and_by_debt(page, october):
    def codes(query):
        return [account.code for account, *_ in page.get(f"/billing/?{query}").context["rows"]]

    assert codes(f"q={october.f1.number}") == [october.own.code]
    assert codes(f"q={october.unified.code}") == [october.unified.code]
    assert october.own.code in codes("debt=due")
    assert codes("debt=overdue") == []
    assert codes("kind=unified") == [october.unified.code]


def test_an_account_manager_sees_own_accounts_alone(client, october):
    manager = a_member_of_staff("account_manager")
    client.force_login(manager)
    path = f"/billing/accounts/{october.own.code}"
    assert client.get(path).status_code == 404
    assert client.get("/billing/").context["rows"] == []
    october.operator.owner.account_manager = manager
    october.operator.owner.save(update_fields=["account_manager"])
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("agent", "/billing/accounts/{code}/pay"),
        ("agent", "/billing/accounts/{code}/ledgers/new"),
        ("batch_operator", "/billing/accounts/{code}/pay"),
    ],
)
def test_who_has_no_permission_is_sent_away(client, account, role, path):
    client.force_login(a_member_of_staff(role))
    assert client.get(path.format(code=account.code)).status_code == 403


def test_a_clerk_does_not_reverse_what_another_took(client, page, account):
    page.post(f"/billing/accounts/{account.code}/pay", paying("1.00"))
    client.force_login(a_member_of_staff("clerk"))
    payment = Payment.objects.get()
    assert client.post(f"/billing/payments/{payment.pk}/reverse").status_code == 422
    payment.refresh_from_db()
    assert payment.reversed_at is None


def test_reading_writes_nothing(page, october):
    with CaptureQueriesContext(connection) as queries:
        for path in (
            "/billing/",
            f"/billing/accounts/{october.own.code}",
            f"/billing/accounts/{october.own.code}/pay",
            f"/billing/bills/{october.call_bill.pk}",
            "/billing/months/",
            "/billing/months/2026-10",
            "/billing/rejects/",
        ):
            assert page.get(path).status_code == 200
    writes = ("INSERT", "UPDATE", "DELETE")
    assert not [query["sql"] for query in queries if query["sql"].startswith(writes)]
