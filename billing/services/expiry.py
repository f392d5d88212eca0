"""Special ledgers that have expired: gifts lapse by night, cash is the customer's still."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from billing.batch import sql
from billing.models import Entry, Ledger, LedgerRelease
from billing.queries.house import house_ledgers
from billing.queries.locked import hold_accounts, lock_account
from billing.rules import house
from billing.services.moves import move
from billing.services.settlement import settle
from bss.kernel import audit
from bss.kernel.errors import BadInputError
from bss.kernel.periods import business_date


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseReport:
    """How many ledgers lost gift money, and how much in all."""

    ledgers: int
    amount_fen: int


@transaction.atomic
def lapse_expired(*, at: datetime) -> LapseReport:
    """Gift money of ledgers whose last day is past goes back; again, there is none left.

    So do gift parts that were to come after that day. Cash stays where it is, to be freed by hand.
    Source: ACC-3, ACC-5.
    Locks:  the accounts of these ledgers.
    """
    gift_to_come = LedgerRelease.objects.filter(
        ledger=OuterRef("pk"),
        state=LedgerRelease.State.TO_COME,
        money=Entry.Money.GIFT,
        month__gt=OuterRef("expires_on"),
    )
    expired = list(
        Ledger.objects.filter(
            Q(gift_fen__gt=0) | Exists(gift_to_come),
            kind=Ledger.Kind.SPECIAL,
            expires_on__lt=business_date(at),
        ).values_list("pk", "account_id")
    )
    if not expired:
        return LapseReport(ledgers=0, amount_fen=0)
    hold_accounts([account_id for _, account_id in expired if account_id is not None])
    houses = house_ledgers()
    parameters = {
        "ledgers": [ledger_id for ledger_id, _ in expired],
        "at": at,
        "prepaid": houses[house.PREPAID],
        "gift": houses[house.GIFT],
    }
    subject = f"lapse:{business_date(at)}"
    with audit.as_one(action="ledger.lapse", subject=subject, at=at) as told:
        [(ledgers, amount_fen)] = sql.run("lapse_expired", parameters)
        told.update(ledgers=ledgers, amount_fen=amount_fen)
    return LapseReport(ledgers=ledgers, amount_fen=amount_fen)


@transaction.atomic
def free_cash(*, ledger_id: int, at: datetime, by_id: int | None = None) -> int:
    """The cash of an expired special ledger goes to its account's public one; gives the fen.

    Parts of it that are still to come will come there, too. Again, it moves nothing.
    Source: ACC-3, CAN-7.
    Locks:  the account.
    Raises: BadInputError when it is not special, or has not expired.
    """
    ledger = Ledger.objects.select_related("account").get(pk=ledger_id)
    if ledger.kind != Ledger.Kind.SPECIAL or ledger.account is None:
        raise BadInputError(("ledger", "只有专用账本的现金可以转入公用账本。"))
    if ledger.expires_on is None or ledger.expires_on >= business_date(at):
        raise BadInputError(("ledger", "这个专用账本还没有到期，仍按可付范围扣缴。"))
    account = lock_account(ledger.account.pk)
    public = Ledger.objects.get(account=account, kind=Ledger.Kind.PUBLIC)
    moved_fen = move(source=ledger, target=public, at=at, gift_too=False, by_id=by_id)
    coming = ledger.releases.filter(
        state=LedgerRelease.State.TO_COME, money=Entry.Money.CASH, target=F("ledger")
    )
    retargeted = coming.update(target=public)
    if not moved_fen and not retargeted:
        return 0
    audit.record(
        action="ledger.free",
        subject=f"ledger:{ledger.pk}",
        customer_id=account.owner_id,
        staff_id=by_id,
        at=at,
        detail={"amount_fen": moved_fen},
    )
    settle(account_ids=[account.pk], at=at, by_id=by_id)
    return moved_fen
