"""Special ledgers that expire: gifts lapse in the night, cash is freed by hand."""

from datetime import date

import pytest

from billing.batch.audit_ledgers import audit_ledgers
from billing.models import Account, Journal, Ledger, LedgerRelease
from billing.queries.house import house_balances
from billing.services import accounts, ledgers
from billing.services.expiry import LapseReport, free_cash, lapse_expired
from billing.services.releases import release_parts
from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry
from bss.kernel.periods import Month
from tests.builders.billing import (
    NEW_YEAR,
    a_bill,
    a_channel,
    a_customer,
    a_line,
    moment,
    own_account,
    public_of,
)

pytestmark = pytest.mark.django_db

LAST_DAY = date(2026, 3, 31)
EXPIRED = moment("2026-04-01T00:10")


@pytest.fixture
def account() -> Account:
    return accounts.open_unified(owner_id=a_customer().pk, name="统一", at=NEW_YEAR)


def a_special(account: Account, amount_fen: int, **more: object) -> Ledger:
    return ledgers.open_special(
        account_id=account.pk,
        amount_fen=amount_fen,
        at=NEW_YEAR,
        channel_id=a_channel().pk,
        **{"name": "专款", "expires_on": LAST_DAY, **more},
    )


def test_a_gift_goes_back_the_night_after_its_last_day(account: Account) -> None:
    ledger = a_special(account, 500, gift=True)
    assert lapse_expired(at=moment("2026-03-31T23:59")) == LapseReport(ledgers=0, amount_fen=0)
    assert lapse_expired(at=EXPIRED) == LapseReport(ledgers=1, amount_fen=500)
    ledger.refresh_from_db()
    assert ledger.gift_fen == 0
    assert house_balances()["gift"] == 0
    journal = Journal.objects.get(kind=Journal.Kind.LAPSE)
    assert (journal.ref, journal.at) == (f"{account.code}/专款", EXPIRED)
    assert audit_ledgers().count == 0


def test_a_second_night_finds_nothing(account: Account) -> None:
    a_special(account, 500, gift=True)
    lapse_expired(at=EXPIRED)
    assert lapse_expired(at=moment("2026-04-02T00:10")) == LapseReport(ledgers=0, amount_fen=0)
    assert Journal.objects.filter(kind=Journal.Kind.LAPSE).count() == 1


def test_gift_parts_to_come_lapse_with_it(account: Account) -> None:
    ledger = a_special(account, 1000, gift=True, months=5)
    for month in ("2026-02", "2026-03"):
        release_parts(month=Month.parse(month), at=Month.parse(month).starts_at)
    assert lapse_expired(at=EXPIRED) == LapseReport(ledgers=1, amount_fen=1000)
    states = LedgerRelease.objects.filter(ledger=ledger).values_list("state", flat=True)
    assert list(states) == ["released", "released", "lapsed", "lapsed", "lapsed"]
    assert (house_balances()["gift"], house_balances()["prepaid"]) == (0, 0)
    assert audit_ledgers().count == 0


def test_cash_stays_the_customers(account: Account) -> None:
    ledger = a_special(account, 700)
    assert lapse_expired(at=EXPIRED).ledgers == 0
    ledger.refresh_from_db()
    assert ledger.cash_fen == 700


def test_what_has_no_last_day_never_lapses(account: Account) -> None:
    a_special(account, 500, gift=True, expires_on=None)
    assert lapse_expired(at=EXPIRED).ledgers == 0


def test_the_night_is_one_entry_of_the_audit(account: Account) -> None:
    a_special(account, 500, gift=True)
    lapse_expired(at=EXPIRED)
    entry = AuditEntry.objects.get(action="ledger.lapse")
    assert (entry.detail["ledgers"], entry.detail["amount_fen"]) == (1, 500)


def test_expired_cash_is_freed_and_pays_what_is_owed(account: Account) -> None:
    line = a_line(account.owner, "01062000009")
    ledger = a_special(account, 700, scope=ledgers.Scope(items=("SMS",)))
    bill = a_bill(account, "2026-02", (line, "PLAN_FEE", 300))
    assert free_cash(ledger_id=ledger.pk, at=EXPIRED) == 700
    bill.refresh_from_db()
    assert (bill.due_fen, public_of(account).cash_fen) == (0, 400)
    assert free_cash(ledger_id=ledger.pk, at=EXPIRED) == 0
    assert audit_ledgers().count == 0


def test_cash_parts_to_come_follow_the_cash(account: Account) -> None:
    ledger = a_special(account, 400, months=4)
    release_parts(month=Month(2026, 2), at=Month(2026, 2).starts_at)
    assert free_cash(ledger_id=ledger.pk, at=EXPIRED) == 100
    release_parts(month=Month(2026, 5), at=Month(2026, 5).starts_at)
    ledger.refresh_from_db()
    assert (ledger.cash_fen, public_of(account).cash_fen) == (0, 400)
    assert audit_ledgers().count == 0


def test_only_what_has_expired_is_freed(account: Account) -> None:
    ledger = a_special(account, 700)
    with pytest.raises(BadInputError, match="还没有到期"):
        free_cash(ledger_id=ledger.pk, at=moment("2026-03-31T10:00"))
    with pytest.raises(BadInputError, match="只有专用账本"):
        free_cash(
            ledger_id=public_of(own_account(a_line(account.owner, "01062000008"))).pk, at=EXPIRED
        )
    ledger.refresh_from_db()
    assert ledger.cash_fen == 700
