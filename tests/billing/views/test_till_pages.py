import pytest
from django.test import Client

from billing.models import Handover, Payment, Receipt, ReceiptPrint, Shift
from billing.services import payments
from tests.billing.views.house import a_member_of_staff
from tests.builders.billing import a_channel, moment, public_of
from tests.builders.till import EVENING, a_shift, confirmed, counted, taken

pytestmark = pytest.mark.django_db
TEN = moment("2026-11-05T10:00")
DENOMINATIONS = (10000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 2, 1)


@pytest.fixture
def account(october):
    return october.own


@pytest.fixture
def cashier():
    return a_member_of_staff("clerk")


@pytest.fixture
def desk(client, cashier):
    """The cashier's browser."""
    client.force_login(cashier)
    return client


@pytest.fixture
def chief():
    return a_member_of_staff("supervisor")


@pytest.fixture
def chiefs(chief):
    """The supervisor's browser."""
    browser = Client()
    browser.force_login(chief)
    return browser


def paying(account, amount="87.65", **more):
    form = {"amount": amount, "means": "cash", "ledger": "public", "request_key": "k1", **more}
    return f"/billing/accounts/{account.code}/pay", form


def count_of(**pieces):
    return {f"pieces_{fen}": "" for fen in DENOMINATIONS} | pieces


def test_a_shift_is_opened_with_its_float(desk, cashier):
    assert desk.post("/billing/till/", {"opening_float": "500"}).url == "/billing/till/"
    shift = Shift.objects.get()
    assert (shift.cashier, shift.opening_float_fen, shift.channel.code) == (cashier, 50000, "H1")
    again = desk.post("/billing/till/", {"opening_float": "500"})
    assert again.status_code == 422
    assert "请先点数交班再开新的班次" in again.text


@pytest.mark.parametrize("amount", ["", "-1", "1.001", "100000.01", "abc"])
def test_an_absurd_float_is_sent_back(desk, amount):
    assert desk.post("/billing/till/", {"opening_float": amount}).status_code == 422
    assert not Shift.objects.exists()


def test_taking_money_without_an_open_shift_is_refused_with_one_sentence(desk, account):
    url, form = paying(account)
    assert "您还没有开班" in desk.get(url).text
    response = desk.post(url, form)
    assert response.status_code == 422
    assert response.text.count("您还没有开班，不能在柜台收款；请先到“收银台”开班") == 1
    assert not Payment.objects.exists()


def test_the_page_computes_the_change_and_shows_the_receipt(desk, cashier, account):
    a_shift(cashier)
    url, form = paying(account, received="100")
    for _ in range(2):
        response = desk.post(url, form)
    receipt = Receipt.objects.get()
    assert response.url == f"/billing/receipts/{receipt.pk}"
    assert "12.35" in desk.get(response.url).text
    assert (receipt.received_fen, public_of(account).cash_fen >= 0) == (10000, True)


@pytest.mark.parametrize(
    "more", [{"received": "50"}, {"means": "card"}, {"means": "online"}, {"received": "-1"}]
)
def test_what_the_desk_cannot_take_is_sent_back(desk, cashier, account, more):
    a_shift(cashier)
    url, form = paying(account, **more)
    assert desk.post(url, form).status_code == 422
    assert not Payment.objects.exists()


def test_a_reprint_is_marked_and_a_look_is_not_a_print(desk, cashier, account):
    a_shift(cashier)
    receipt = taken(account, cashier, 100_00, at=TEN)
    page = f"/billing/receipts/{receipt.pk}"
    desk.get(page)
    assert not ReceiptPrint.objects.exists()
    first = desk.post(f"{page}/print", {"form": "slip"}).url
    assert first == f"{page}/prints/1"
    assert "补打" not in desk.get(first).text
    second = desk.post(f"{page}/print", {"form": "pdf"}).url
    assert second == f"{page}/prints/2.pdf"
    assert "补打 第 1 次" in desk.get(f"{page}/prints/2").text
    assert desk.get(second).content.startswith(b"%PDF")
    assert desk.get(f"{page}/prints/3").status_code == 404


def test_the_count_is_blind_and_then_stands_beside_the_books(desk, cashier, account):
    shift = a_shift(cashier)
    taken(account, cashier, 123_45, at=TEN)
    page = f"/billing/till/shifts/{shift.pk}"
    assert "123.45" not in desk.get(f"{page}/count").text
    assert "623.45" not in desk.get(f"{page}/count").text
    response = desk.post(f"{page}/count", count_of(pieces_10000="6", pieces_2000="1"))
    assert response.url == page
    text = desk.get(page).text
    assert "623.45" in text
    assert "−3.45" in text
    assert "短款" in text


def test_an_impossible_count_is_sent_back(desk, cashier):
    shift = a_shift(cashier)
    page = f"/billing/till/shifts/{shift.pk}/count"
    for wrong in ({"pieces_100": "-1"}, {"pieces_100": "1.5"}, {"slips_card": "-1"}):
        assert desk.post(page, count_of(**wrong)).status_code == 422
    assert not shift.counts.exists()


def test_a_supervisor_confirms_what_was_shown_and_the_cashier_does_not(
    desk, chiefs, chief, cashier
):
    shift = a_shift(cashier)
    counted(shift, pieces={100_00: 4})
    url = f"/billing/till/shifts/{shift.pk}/confirm"
    assert desk.post(url, {"count": "1", "remark": "短"}).status_code == 403
    without = chiefs.post(url, {"count": "1"})
    assert without.status_code == 422
    assert "有长短款，请写明处理意见。" in without.text
    assert chiefs.post(url, {"count": "1", "remark": "由收银员赔付"}).status_code == 302
    shift.refresh_from_db()
    assert (shift.state, shift.close.difference_fen) == ("confirmed", -10000)
    assert chiefs.get(f"/billing/till/shifts/{shift.pk}.pdf").content.startswith(b"%PDF")


def test_a_supervisor_does_not_confirm_an_own_drawer(chiefs, chief):
    shift = a_shift(chief)
    counted(shift)
    response = chiefs.post(f"/billing/till/shifts/{shift.pk}/confirm", {"count": "1"})
    assert response.status_code == 422
    assert "点数人不能确认自己的日结" in response.text


def test_a_cashier_sees_own_shifts_alone(desk, cashier):
    other = a_shift(a_member_of_staff("clerk", "other"))
    assert desk.get(f"/billing/till/shifts/{other.pk}").status_code == 404
    assert desk.get(f"/billing/till/shifts/{other.pk}/count").status_code == 404
    assert desk.get("/billing/till/shifts/").status_code == 403


def test_a_cashier_reverses_in_the_own_open_shift_alone(desk, chiefs, chief, cashier, account):
    shift = a_shift(cashier)
    own = taken(account, cashier, 10_00, "own", at=TEN).movement.journal.payment
    late = taken(account, cashier, 20_00, "late", at=TEN).movement.journal.payment
    outside = payments.pay(
        account_id=account.pk, amount_fen=5, key="x", at=TEN, channel_id=a_channel().pk
    )
    assert desk.post(f"/billing/payments/{own.pk}/reverse").status_code == 302
    refused = desk.post(f"/billing/payments/{outside.pk}/reverse")
    assert (refused.status_code, "请主管冲正" in refused.text) == (422, True)
    counted(shift, pieces={100_00: 5, 20_00: 1})
    closed = desk.post(f"/billing/payments/{late.pk}/reverse")
    assert (closed.status_code, "只能由主管冲正" in closed.text) == (422, True)
    a_shift(chief)
    assert chiefs.post(f"/billing/payments/{late.pk}/reverse").status_code == 302


def test_the_hall_sums_its_shifts_and_says_what_is_open(chiefs, chief, cashier, account):
    first = a_shift(cashier)
    taken(account, cashier, 100_00, "a", at=TEN)
    taken(account, cashier, 30_00, "b", means="card", at=TEN)
    counted(first, pieces={100_00: 6, 1_00: 1}, card=30_00)
    second = a_member_of_staff("clerk", "second")
    a_shift(second)
    taken(account, second, 7_00, "c", at=TEN)
    context = chiefs.get("/billing/till/halls/H1/2026-11-05").context
    found = {one.means: (one.system_fen, one.counted_fen) for _, one in context["means"]}
    assert found["cash"] == (107_00, 101_00)
    assert found["card"] == (3000, 3000)
    assert [one.difference_fen for one in context["found"].shifts] == [1_00, None]
    assert (context["found"].difference_fen, context["found"].unconfirmed) == (1_00, 2)
    assert chiefs.get("/billing/till/halls/H1/2026-11-99").status_code == 404


def test_the_cash_goes_to_the_bank_and_comes_back_as_a_slip(chiefs, chief, cashier, account):
    shift = a_shift(cashier)
    taken(account, cashier, 100_00, at=TEN)
    counted(shift, pieces={100_00: 6})
    close = confirmed(shift, chief)
    url = "/billing/till/halls/H1/hand-over"
    assert "100.00" in chiefs.get(url).text
    response = chiefs.post(url, {"bag_number": "B7", "closes": [str(close.pk)]})
    bag = Handover.objects.get()
    assert response.url == f"/billing/till/handovers/{bag.pk}"
    own = chiefs.post(response.url, {"slip_number": "S7", "banked": "100"})
    assert (own.status_code, "封包人不能确认" in own.text) == (422, True)
    chiefs.force_login(a_member_of_staff("supervisor", "second"))
    assert chiefs.post(response.url, {"slip_number": "S7", "banked": "100"}).status_code == 302
    bag.refresh_from_db()
    assert (bag.state, bag.banked_fen) == ("banked", 10000)
    assert "S7" in chiefs.get("/billing/till/handovers/?q=B7").text


def test_the_list_finds_by_state_day_and_difference(chiefs, cashier):
    counted(a_shift(cashier), pieces={})
    a_shift(cashier, at=EVENING)

    def rows(query):
        return [
            shift.state for shift, _ in chiefs.get(f"/billing/till/shifts/?{query}").context["rows"]
        ]

    assert rows("") == ["open", "counted"]
    assert rows("state=counted") == ["counted"]
    assert rows("difference=some") == ["counted"]
    assert rows("day=2026-11-04") == []
    assert rows("q=clerk") == ["open", "counted"]
    lines = chiefs.get("/billing/till/shifts/?export=csv").content.decode("utf-8-sig").split()
    assert lines[-1].endswith("500.00,-500.00")
