import pytest
from django.db import DatabaseError, transaction
from django.db.models import F

from billing.models import CountedMeans, DrawerMovement, Journal, Receipt, Shift
from billing.queries.house import house_balances
from billing.queries.till import system_totals
from billing.services import cash_desk, shifts
from billing.services.payments import pay, reverse
from bss.kernel.errors import BadInputError
from bss.kernel.rulebook import RefusedError
from tests.builders.billing import (
    NEW_YEAR,
    a_channel,
    a_customer,
    a_line,
    moment,
    own_account,
    public_of,
)
from tests.builders.till import (
    EVENING,
    MORNING,
    NOON,
    a_cashier,
    a_shift,
    confirmed,
    counted,
    taken,
)

pytestmark = pytest.mark.django_db
NEXT_DAY = moment("2026-11-06T09:00")


@pytest.fixture
def account():
    return own_account(a_line(a_customer()))


@pytest.fixture
def cashier():
    return a_cashier()


@pytest.fixture
def supervisor():
    return a_cashier("chief", role="supervisor")


@pytest.fixture
def shift(cashier):
    return a_shift(cashier)


def refused(call, **arguments) -> str:
    with pytest.raises(RefusedError) as caught:
        call(**arguments)
    return str(caught.value)


def test_money_without_an_open_shift_is_refused_and_moves_nothing(account, cashier):
    text = refused(taken, account=account, cashier=cashier, amount_fen=100_00)
    assert text.startswith("PAY-3 您还没有开班")
    assert (public_of(account).cash_fen, Receipt.objects.count()) == (0, 0)


def test_the_change_is_the_servers_and_stands_on_the_receipt(account, cashier, shift):
    receipt = taken(account, cashier, 87_65, received_fen=100_00)
    receipt.refresh_from_db()
    assert (receipt.amount_fen, receipt.received_fen, receipt.change_fen) == (8765, 10000, 1235)
    assert public_of(account).cash_fen == 8765
    assert receipt.code == "H1-20261105-0001"


def test_less_than_is_due_is_no_payment(account, cashier, shift):
    with pytest.raises(BadInputError) as caught:
        taken(account, cashier, 87_65, received_fen=87_64)
    assert caught.value.faults == (("received", "唱收金额少于应收金额，请核对。"),)
    assert not DrawerMovement.objects.exists()


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"means": "card", "reference": " "}, "reference"),
        ({"means": "cheque", "reference": "ICBC 1", "received_fen": 200_00}, "received"),
        ({"means": "online", "reference": "x"}, "means"),
        ({"amount_fen": 0}, "amount"),
        ({"amount_fen": -1}, "amount"),
    ],
)
def test_what_cannot_be_taken_is_told_by_its_place(account, cashier, shift, more, place):
    asked = {"amount_fen": 100_00, **more}
    with pytest.raises(BadInputError) as caught:
        cash_desk.take(account_id=account.pk, key="k", at=NOON, by_id=cashier.pk, **asked)
    assert [found for found, _ in caught.value.faults] == [place]


def test_the_same_key_gives_the_first_receipt_also_after_the_day_is_closed(
    account, cashier, supervisor, shift
):
    first = taken(account, cashier, 20_00, received_fen=50_00)
    counted(shift, pieces={100_00: 5, 20_00: 1})
    confirmed(shift, supervisor)
    assert taken(account, cashier, 20_00, received_fen=50_00) == first
    assert (public_of(account).cash_fen, Receipt.objects.count()) == (2000, 1)


@pytest.mark.parametrize(
    "other",
    [{"amount_fen": 30_00}, {"received_fen": 60_00}, {"means": "card", "received_fen": None}],
)
def test_the_same_key_with_another_body_is_refused(account, cashier, shift, other):
    asked = {"amount_fen": 20_00, "received_fen": 50_00, "key": "k"}
    taken(account, cashier, **asked)
    text = refused(taken, account=account, cashier=cashier, **(asked | other))
    assert text.startswith("PAY-1")
    assert public_of(account).cash_fen == 2000


def test_receipts_have_no_gap_per_hall_and_day(account, cashier, shift):
    first = taken(account, cashier, 1_00, "a")
    with pytest.raises(RefusedError):
        taken(account, cashier, 2_00, "a")
    with transaction.atomic():
        taken(account, cashier, 2_00, "lost")
        transaction.set_rollback(True)
    second = taken(account, cashier, 2_00, "b")
    next_day = taken(account, cashier, 3_00, "c", at=NEXT_DAY)
    other_cashier = a_cashier("second")
    a_shift(other_cashier, channel=a_channel("H2"))
    elsewhere = taken(account, other_cashier, 4_00, "d")
    assert [one.code for one in (first, second, next_day, elsewhere)] == [
        "H1-20261105-0001",
        "H1-20261105-0002",
        "H1-20261106-0001",
        "H2-20261105-0001",
    ]


def test_a_person_has_one_open_shift(cashier, shift):
    text = refused(a_shift, cashier=cashier)
    assert text == "PAY-3 您已开班，请先点数交班再开新的班次"
    counted(shift)
    assert a_shift(cashier, at=EVENING).pk != shift.pk


def test_the_count_stands_against_the_books_by_means(account, cashier, shift):
    taken(account, cashier, 100_00, "a")
    taken(account, cashier, 55_50, "b", means="card")
    taken(account, cashier, 1_000_00, "c", means="cheque")
    count = counted(
        shift,
        pieces={100_00: 5, 50_00: 1, 20_00: 2, 5_00: 1, 50: 9, 2: 24, 1: 1},
        card=5550,
        cheque=99_900,
    )
    rows = {
        row.means: (row.system_fen, row.counted_fen, row.difference_fen)
        for row in count.means.all()
    }
    assert rows == {
        "cash": (60000, 59_999, -1),
        "card": (5550, 5550, 0),
        "cheque": (100000, 99_900, -100),
        "transfer": (0, 0, 0),
    }
    shift.refresh_from_db()
    assert (shift.state, shift.counted_at) == ("counted", EVENING)


def test_nothing_goes_into_a_drawer_that_is_counted(account, cashier, shift):
    counted(shift)
    assert "PAY-3" in refused(taken, account=account, cashier=cashier, amount_fen=1_00)


def test_a_recount_keeps_the_first_one(account, cashier, shift):
    taken(account, cashier, 100_00)
    counted(shift)
    again = counted(shift, pieces={100_00: 6})
    assert again.number == 2
    found = CountedMeans.objects.filter(means="cash").order_by("count__number")
    assert [row.difference_fen for row in found] == [-10000, 0]


def test_a_difference_goes_to_over_and_short_and_the_books_follow_the_count(
    account, cashier, supervisor, shift
):
    taken(account, cashier, 100_00, "a")
    taken(account, cashier, 60_00, "b", means="card")
    counted(shift, pieces={100_00: 5, 50_00: 1, 20_00: 2}, card=61_00)
    with pytest.raises(BadInputError):
        confirmed(shift, supervisor)
    close = confirmed(shift, supervisor, remark="找零多付十元，由收银员赔付")
    assert (close.takings_fen, close.difference_fen) == (90_00, -9_00)
    balances = house_balances()
    assert (balances["cash:cash"], balances["cash:card"], balances["over_short"]) == (
        -90_00,
        -61_00,
        -9_00,
    )
    assert close.journal.kind == Journal.Kind.DIFFERENCE
    shift.refresh_from_db()
    assert (shift.state, shift.confirmed_at) == ("confirmed", EVENING)


def test_a_day_without_a_difference_has_no_journal(account, cashier, supervisor, shift):
    taken(account, cashier, 100_00)
    counted(shift, pieces={100_00: 6})
    close = confirmed(shift, supervisor)
    assert (close.journal, close.difference_fen, close.takings_fen) == (None, 0, 10000)


def test_differences_that_cancel_out_are_still_two(account, cashier, supervisor, shift):
    taken(account, cashier, 10_00, means="card")
    counted(shift, pieces={100_00: 5, 10_00: 1})
    with pytest.raises(BadInputError):
        confirmed(shift, supervisor)
    close = confirmed(shift, supervisor, remark="刷卡误记为现金")
    assert close.difference_fen == 0
    entries = close.journal.entries.values_list("ledger__name", "amount_fen").order_by("id")
    assert list(entries) == [
        ("cash:cash", -1000),
        ("over_short", 1000),
        ("cash:card", 1000),
        ("over_short", -1000),
    ]


def test_nobody_confirms_their_own_drawer(supervisor):
    own = a_shift(supervisor)
    counted(own)
    text = refused(confirmed, shift=own, checker=supervisor)
    assert text == "PAY-3 点数人不能确认自己的日结，请另一位主管确认"
    assert not Journal.objects.filter(kind=Journal.Kind.DIFFERENCE).exists()


def test_what_was_counted_anew_meanwhile_is_not_confirmed(cashier, supervisor, shift):
    counted(shift)
    counted(shift)
    text = refused(
        shifts.confirm_shift, shift_id=shift.pk, count_number=1, by_id=supervisor.pk, at=EVENING
    )
    assert "重新点数" in text


def test_an_open_or_closed_day_is_not_confirmed_again(cashier, supervisor, shift):
    assert "还没有点数" in refused(confirmed, shift=shift, checker=supervisor)
    counted(shift)
    confirmed(shift, supervisor)
    assert "已日结" in refused(confirmed, shift=shift, checker=supervisor)
    assert "已日结" in refused(counted, shift=shift)


def test_somebody_else_does_not_count(supervisor, shift):
    text = refused(
        shifts.count_shift, shift_id=shift.pk, by_id=supervisor.pk, pieces={}, slips={}, at=EVENING
    )
    assert text.startswith("PAY-3 钱箱由当班的")
    assert shift.counts.count() == 0


@pytest.mark.parametrize(
    ("pieces", "slips"), [({3: 1}, {}), ({100: -1}, {}), ({}, {"card": -1}), ({}, {"online": 1})]
)
def test_an_impossible_count_is_refused(shift, pieces, slips):
    with pytest.raises(BadInputError):
        counted(shift, pieces=pieces, **slips)
    assert shift.counts.count() == 0


def test_a_cashier_reverses_in_the_open_shift_and_the_drawer_follows(account, cashier, shift):
    taken(account, cashier, 100_00)
    reverse(key="t1", at=NOON, by_id=cashier.pk)
    assert system_totals(shift.pk)["cash"] == 0
    assert [one.amount_fen for one in shift.movements.all()] == [10000, -10000]


def test_another_cashier_does_not_reverse_it(account, cashier, shift):
    taken(account, cashier, 100_00)
    text = refused(reverse, key="t1", at=NOON, by_id=a_cashier("second").pk)
    assert text.startswith("PAY-2 这笔款由")
    assert public_of(account).cash_fen == 10000


def test_across_the_closed_day_only_a_supervisor_reverses_out_of_an_own_drawer(
    account, cashier, supervisor, shift
):
    taken(account, cashier, 100_00)
    counted(shift, pieces={100_00: 6})
    a_shift(cashier, at=EVENING)
    assert "只能由主管冲正" in refused(reverse, key="t1", at=NEXT_DAY, by_id=cashier.pk)
    asked = {"key": "t1", "at": NEXT_DAY, "by_id": supervisor.pk, "supervisor": True}
    assert "请先开班再冲正" in refused(reverse, **asked)
    own = a_shift(supervisor, at=NEXT_DAY)
    reverse(**asked)
    assert (system_totals(own.pk)["cash"], system_totals(shift.pk)["cash"]) == (-10000, 10000)
    assert public_of(account).cash_fen == 0


def test_a_card_payment_of_a_closed_day_goes_back_through_no_drawer(
    account, cashier, supervisor, shift
):
    taken(account, cashier, 100_00, means="card")
    counted(shift, card=100_00)
    reverse(key="t1", at=NEXT_DAY, by_id=supervisor.pk, supervisor=True)
    assert DrawerMovement.objects.count() == 1


def test_what_an_interface_took_needs_no_shift(account):
    pay(account_id=account.pk, amount_fen=100, key="i", at=MORNING, channel_id=a_channel().pk)
    reverse(key="i", at=NOON)
    assert not DrawerMovement.objects.exists()


def test_a_special_ledger_is_opened_with_money_of_the_drawer(cashier, shift):
    from billing.services import accounts

    line = a_line(a_customer("北京海棠商贸有限公司"), "01062000009")
    unified = accounts.open_unified(owner_id=line.owner_id, name="海棠", at=NEW_YEAR)
    receipt = cash_desk.take_for_special(
        account_id=unified.pk,
        name="合约预存",
        amount_fen=120_00,
        months=12,
        means="card",
        reference="POS-7",
        at=NOON,
        by_id=cashier.pk,
    )
    assert system_totals(shift.pk) == {"cash": 0, "card": 12000, "cheque": 0, "transfer": 0}
    assert receipt.movement.journal.kind == Journal.Kind.GRANT


@pytest.mark.parametrize("model", [DrawerMovement, CountedMeans, Receipt])
def test_the_database_changes_no_record_of_a_desk(account, cashier, shift, model):
    taken(account, cashier, 100_00)
    counted(shift)
    for statement in (
        lambda: model.objects.update(id=F("id")),
        lambda: model.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            statement()
    assert model.objects.exists()


def test_a_shift_moves_only_along_its_life(shift):
    assert Shift.State.values == ["open", "counted", "confirmed"]
    moves = {(source, t.target) for t in shift.get_all_state_transitions() for source in [t.source]}
    assert moves == {("open", "counted"), ("counted", "counted"), ("counted", "confirmed")}
