import pytest

from billing.models import DayClose, Handover, Journal
from billing.queries.house import house_balances
from billing.services import handovers
from bss.kernel.errors import BadInputError
from bss.kernel.rulebook import RefusedError
from tests.builders.billing import a_channel, a_customer, a_line, moment, own_account
from tests.builders.till import a_cashier, a_shift, confirmed, counted, taken

pytestmark = pytest.mark.django_db
AT = moment("2026-11-06T09:00")


@pytest.fixture
def supervisor():
    return a_cashier("chief", role="supervisor")


@pytest.fixture
def closes(supervisor) -> list[DayClose]:
    """Two cashiers' days of one hall: 100 and 200 yuan of takings."""
    account = own_account(a_line(a_customer()))
    found = []
    for place, hundreds in enumerate((1, 2)):
        cashier = a_cashier(f"c{place}")
        shift = a_shift(cashier)
        taken(account, cashier, hundreds * 100_00, f"k{place}")
        counted(shift, pieces={100_00: 5 + hundreds})
        found.append(confirmed(shift, supervisor))
    return found


def packed(closes, by, bag="B001"):
    return handovers.pack(
        channel_id=a_channel().pk,
        close_ids=[close.pk for close in closes],
        bag_number=bag,
        by_id=by.pk,
        at=AT,
    )


def banked(handover, by, fen, slip="S1"):
    return handovers.bank(
        handover_id=handover.pk, slip_number=slip, banked_fen=fen, by_id=by.pk, at=AT
    )


def held() -> dict[str, int]:
    names = ("cash:cash", "in_transit", "bank", "over_short")
    balances = house_balances()
    return {name: balances.get(name, 0) for name in names}


def test_a_bag_takes_the_cash_of_the_days_and_the_slip_brings_it_to_the_bank(closes, supervisor):
    handover = packed(closes, supervisor)
    assert handover.amount_fen == 300_00
    assert held() == {"cash:cash": 0, "in_transit": -30000, "bank": 0, "over_short": 0}
    banked(handover, a_cashier("second", role="supervisor"), 300_00)
    assert held() == {"cash:cash": 0, "in_transit": 0, "bank": -30000, "over_short": 0}
    handover.refresh_from_db()
    assert (handover.state, handover.slip_number) == ("banked", "S1")


def test_what_the_bank_finds_missing_is_short(closes, supervisor):
    handover = banked(packed(closes, supervisor), a_cashier("second", role="supervisor"), 299_50)
    assert handover.difference_fen == -50
    assert held() == {"cash:cash": 0, "in_transit": 0, "bank": -29950, "over_short": -50}


def test_the_same_bag_and_the_same_slip_do_one_thing(closes, supervisor):
    first = packed(closes, supervisor)
    assert packed(closes, supervisor) == first
    second = a_cashier("second", role="supervisor")
    banked(first, second, 300_00)
    banked(first, second, 300_00)
    kinds = [Journal.Kind.HANDOVER, Journal.Kind.BANKED]
    assert Journal.objects.filter(kind__in=kinds).count() == 2
    with pytest.raises(RefusedError, match="PAY-1"):
        banked(first, second, 299_00)


def test_a_bag_number_serves_once_and_a_day_goes_once(closes, supervisor):
    packed(closes[:1], supervisor)
    with pytest.raises(RefusedError, match="PAY-1 封包号 B001 已用过"):
        packed(closes[1:], supervisor)
    with pytest.raises(RefusedError, match="PAY-3 所选日结已缴款"):
        packed(closes, supervisor, "B002")
    assert Handover.objects.count() == 1


def test_one_slip_confirms_one_bag(closes, supervisor):
    second = a_cashier("second", role="supervisor")
    banked(packed(closes[:1], supervisor), second, 100_00)
    with pytest.raises(RefusedError, match="PAY-1 回单号 S1"):
        banked(packed(closes[1:], supervisor, "B002"), second, 200_00)


def test_whoever_packed_the_bag_does_not_confirm_it(closes, supervisor):
    with pytest.raises(RefusedError, match="PAY-3 封包人不能确认"):
        banked(packed(closes, supervisor), supervisor, 300_00)
    assert held()["in_transit"] == -30000


@pytest.mark.parametrize("bag", ["", "  "])
def test_a_bag_needs_its_number(closes, supervisor, bag):
    with pytest.raises(BadInputError):
        packed(closes, supervisor, bag)


def test_another_halls_days_do_not_go_into_the_bag(closes, supervisor):
    with pytest.raises(RefusedError, match="不属于这个营业厅"):
        handovers.pack(
            channel_id=a_channel("H2").pk,
            close_ids=[closes[0].pk],
            bag_number="B9",
            by_id=supervisor.pk,
            at=AT,
        )
    assert not Handover.objects.exists()
