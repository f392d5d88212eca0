"""Ledgers: money that comes in, pays bills, is moved, released and taken back (ACC, PAY)."""

from datetime import date, datetime
from typing import Any

from tests.oracle.amounts import fen
from tests.oracle.credit import end_stops
from tests.oracle.entities import Account, Bill, Ledger, Line, Payment
from tests.oracle.months import later, month_of
from tests.oracle.reader import BadFileError, day
from tests.oracle.world import World


def pay(world: World, fields: dict[str, Any], *, at: datetime) -> set[str]:
    account = _account_to_pay(world, fields, at)
    ledger = account.ledgers.get(fields.get("ledger") or "public")
    if not ledger:
        raise BadFileError(f"account {account.name!r} has no ledger {fields['ledger']!r}")
    asked = (account.name, ledger.name, fen(fields["amount"]))
    before = world.keys.get(fields["key"])
    if before:
        return set() if before["asked"] == asked else {"PAY-1"}
    world.keys[fields["key"]] = {"asked": asked, "reversed": False}
    ledger.cash += asked[2]
    pay_bills(world, account, at=at)
    return set()


def reverse(world: World, fields: dict[str, Any], *, at: datetime) -> set[str]:
    """Take a payment back: from its ledger, then from the lines that it paid with cash (PAY-2)."""
    payment = world.keys.get(fields["key"])
    if not payment or payment["reversed"]:
        return {"PAY-2"}
    name, ledger_name, amount = payment["asked"]
    account = world.account(name)
    ledger = account.ledgers[ledger_name]
    paid = [row for row in account.payments if row.ledger is ledger]
    if ledger.cash + sum(row.cash for row in paid) < amount:
        return {"PAY-2"}
    payment["reversed"] = True
    from_ledger = min(ledger.cash, amount)
    ledger.cash -= from_ledger
    lacking = amount - from_ledger
    for row in reversed(paid):
        back = min(row.cash, lacking)
        row.cash -= back
        row.line.paid -= back
        lacking -= back
    pay_bills(world, account, at=at)
    return set()


def open_special(world: World, fields: dict[str, Any], *, at: datetime) -> set[str]:
    account = world.account(fields["account"])
    if not account.unified:
        return {"ACC-1"}
    if fields["name"] in account.ledgers:
        raise BadFileError(f"ledger {fields['name']!r} is there already")
    amount, gift = fen(fields["amount"]), bool(fields.get("gift"))
    ledger = Ledger(
        name=fields["name"],
        seq=world.next(),
        scope=fields.get("scope") or {},
        expires=day(fields["expires"]) if fields.get("expires") else None,
        comes_as_gift=gift,
    )
    account.ledgers[ledger.name] = ledger
    if fields.get("months"):
        ledger.to_come = _parts(amount, fields["months"], month_of(at))
    else:
        _put(ledger, amount, gift=gift)
    pay_bills(world, account, at=at)
    return set()


def release_parts(world: World, month: str, *, at: datetime) -> None:
    """Prepayments that are due by the 1st of the month (ACC-5)."""
    ledgers = [
        (ledger, account)
        for account in world.accounts.values()
        for ledger in account.ledgers.values()
    ]
    for ledger, account in sorted(ledgers, key=lambda row: row[0].seq):
        due = [amount for when, amount in ledger.to_come if when <= month]
        ledger.to_come = [part for part in ledger.to_come if part[0] > month]
        if due:
            taker = world.account(ledger.comes_to) if ledger.comes_to else account
            into = taker.public if ledger.comes_to else ledger
            _put(into, sum(due), gift=ledger.comes_as_gift)
            pay_bills(world, taker, at=at)


def pay_bills(world: World, account: Account, *, at: datetime) -> None:
    """Pay what is unpaid, oldest bill first, out of all ledgers of the account (ACC-3)."""
    for bill in sorted(account.bills, key=lambda bill: bill.month):
        for line in bill.lines:
            for ledger in _in_order(account, line, world, at.date()):
                _pay_line(account, ledger, line)
    end_stops(world, at=at)


def move_public_cash(world: World, *, source: Account, target: Account, at: datetime) -> None:
    amount, source.public.cash = source.public.cash, 0
    target.public.cash += amount
    pay_bills(world, target, at=at)


def leave_with_money(
    world: World, sub: str, *, account: str, gift_stays: bool, at: datetime
) -> None:
    """The ledgers that name one who leaves go to its own account (CHG-2, CAN-7)."""
    own = world.account(world.subscriptions[sub].account)
    for ledger in list(world.account(account).ledgers.values()):
        if ledger.scope.get("subscriptions") != [sub]:
            continue
        own.public.cash += ledger.cash
        own.public.gift += ledger.gift if gift_stays else 0
        ledger.cash = ledger.gift = 0
        if ledger.comes_as_gift:
            ledger.to_come = []
        ledger.comes_to = own.name
    pay_bills(world, own, at=at)


def free_special_money(world: World, account: Account, *, at: datetime) -> None:
    """The account pays no subscription any more: special cash is public, gifts lapse (CAN-7)."""
    for ledger in account.ledgers.values():
        if ledger is account.public:
            continue
        account.public.cash += ledger.cash
        ledger.cash = ledger.gift = 0
        if ledger.comes_to:
            continue
        if not ledger.comes_as_gift:
            account.public.cash += sum(amount for _, amount in ledger.to_come)
        ledger.to_come = []
    pay_bills(world, account, at=at)


def issue(account: Account, bill: Bill) -> None:
    account.bills.append(bill)


def _account_to_pay(world: World, fields: dict[str, Any], at: datetime) -> Account:
    if "number" not in fields:
        return world.account(fields["account"])
    holder = world.holder_of(str(fields["number"]), at)
    if not holder:
        raise BadFileError(f"nobody has the number {fields['number']!r}")
    return world.account(world.payer_now(holder.id))


def _parts(amount: int, months: int, this_month: str) -> list[tuple[str, int]]:
    """Equal parts in fen, the remainder in the last (ACC-5)."""
    part = amount // months
    parts = [part] * (months - 1) + [amount - part * (months - 1)]
    return [(later(this_month, index), part) for index, part in enumerate(parts, start=1)]


def _put(ledger: Ledger, amount: int, *, gift: bool) -> None:
    if gift:
        ledger.gift += amount
    else:
        ledger.cash += amount


def _in_order(account: Account, line: Line, world: World, today: date) -> list[Ledger]:
    """Narrowest scope, then earliest expiry, then oldest; the public ledger last."""
    special = [
        ledger
        for ledger in account.ledgers.values()
        if ledger is not account.public
        and (ledger.expires is None or today <= ledger.expires)
        and _covers(ledger, line, world)
    ]
    special.sort(key=lambda row: (-len(row.scope), row.expires or date.max, row.seq))
    return [*special, account.public]


def _covers(ledger: Ledger, line: Line, world: World) -> bool:
    has = {
        "subscriptions": line.subscription,
        "services": world.subscriptions[line.subscription].service,
        "items": line.item,
    }
    return all(has[key] in allowed for key, allowed in ledger.scope.items())


def _pay_line(account: Account, ledger: Ledger, line: Line) -> None:
    gift = min(ledger.gift, line.due)
    ledger.gift -= gift
    line.paid += gift
    cash = min(ledger.cash, line.due)
    ledger.cash -= cash
    line.paid += cash
    if cash:
        account.payments.append(Payment(ledger, line, cash))
