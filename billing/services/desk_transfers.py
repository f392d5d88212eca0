"""Transfers that a desk took before the bank told of them: the same money is not booked twice."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from billing.batch import sql
from billing.models import DrawerMovement, Journal, StatementLine
from billing.queries.house import house_ledgers
from billing.queries.locked import hold_accounts, lock_account
from billing.rules import house
from billing.rules.banks import BANKS
from billing.services import unidentified
from billing.services.posting import Leg, post
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.periods import day_start
from bss.kernel.rulebook import refuse
from bss.kernel.units import yuan

DAYS_APART = 7
"""A slip is brought to the desk so many days before or after the bank books it, at most."""
DESK = StatementLine.Matched.DESK
NOT_OPEN = "这笔柜台收款不是转帐、已冲正，或已对上银行流水；请刷新后另选。"
OTHER_AMOUNT = "柜台收的是 %(desk)s 元，银行到帐 %(bank)s 元，金额不同，不能对上。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Line → the desk's movement that it is; and the lines of which a person must decide."""

    sure: Mapping[int, int]
    doubtful: frozenset[int]


def plain_reference(text: str) -> str:
    """A reference as it is compared: figures and letters alone, full-width as others."""
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", text).upper())


def taken_at_desks(lines: Sequence[StatementLine], accounts: Mapping[int, int]) -> Found:
    """Which movements are money of a desk; ``accounts``: line → whose it is, where that is known.

    Locks: the accounts of those, and all of ``accounts``, when there are any.
    """
    known = _match(lines, accounts)
    if not any(desk for _, desk, _ in known):
        return Found(sure={}, doubtful=frozenset(line for line, _, _ in known))
    held = {account for _, _, account in known if account} | set(accounts.values())
    hold_accounts(held)
    known = [row for row in _match(lines, accounts) if row[2] is None or row[2] in held]
    return Found(
        sure={line: desk for line, desk, _ in known if desk},
        doubtful=frozenset(line for line, desk, _ in known if not desk),
    )


def clear(
    lines: Collection[StatementLine], sure: Mapping[int, int], *, at: datetime, by_id: int | None
) -> set[int]:
    """The bank has the money of these: it moves from the desks' transfers to the bank."""
    done = [line for line in lines if line.pk in sure]
    for line in done:
        line.desk_id = sure[line.pk]
        line.journal = _post(line, source=house.BANK, at=at, by_id=by_id)
        line.state, line.matched_by = StatementLine.State.CLEARED, DESK
        line.save(update_fields=["journal", "state", "matched_by", "desk"])
    return {line.pk for line in done}


@transaction.atomic
def clear_by_hand(
    *, unidentified_id: int, movement_id: int, reason: str, at: datetime, by_id: int
) -> None:
    """Unidentified money is what a desk took: off both ledgers, and in no account again.

    Source: PAY-1. Locks: the account, the money.
    Raises: BadInputError.
    """
    desk = DrawerMovement.objects.filter(pk=movement_id).first()
    if desk is not None:
        lock_account(desk.account_id)
    money = unidentified.hold(unidentified_id, reason=reason)
    unidentified.check(money, approved=True)  # nothing is given to anybody
    line = money.line
    if line is None or desk is None or not open_desk_transfers().filter(pk=desk.pk).exists():
        raise BadInputError(("desk", NOT_OPEN))
    if desk.amount_fen != line.amount_fen:
        amounts = {"desk": yuan(desk.amount_fen), "bank": yuan(line.amount_fen)}
        raise BadInputError(("desk", Sentence(OTHER_AMOUNT, **amounts)))
    _post(line, source=house.UNIDENTIFIED, at=at, by_id=by_id)
    line.desk, line.state, line.matched_by = desk, StatementLine.State.CLEARED, DESK
    line.save(update_fields=["state", "matched_by", "desk"])
    money.clear(reason=reason.strip(), by_id=by_id, at=at)
    money.save()
    unidentified.record("clear", money, account=None, reason=reason, at=at, by_id=by_id)


def open_desk_transfers() -> QuerySet[DrawerMovement]:
    """Transfers that desks took, that stand, and that no bank has told of yet."""
    rows = DrawerMovement.objects.filter(means="transfer", amount_fen__gt=0)
    return rows.filter(statement_line__isnull=True, journal__reversed_by__isnull=True)


def desk_transfers_like(line: StatementLine) -> list[DrawerMovement]:
    """Those that may be this movement: of its amount or its reference, the nearest day first."""
    near = open_desk_transfers().filter(
        at__gte=_since(line.booked_on), at__lt=_until(line.booked_on)
    )
    like = near.filter(
        Q(amount_fen=line.amount_fen) | Q(reference__iexact=line.reference)
    ).select_related("account__owner", "shift__cashier", "shift__channel")
    return sorted(like, key=lambda one: (abs(one.at - day_start(line.booked_on)), one.pk))


def refuse_if_arrived(*, reference: str, amount_fen: int) -> None:
    """A transfer that the bank's statement has brought already is not taken at the desk.

    Raises: RefusedError (PAY-1).
    """
    arrived = StatementLine.objects.filter(
        bank__in=BANKS,
        reference__in={reference.strip(), reference.strip().upper()},
        amount_fen=amount_fen,
        journal__isnull=False,
    )
    line = arrived.order_by("pk").first()
    if line is None:
        return
    facts = {"reference": line.reference, "day": line.booked_on}
    if line.state == StatementLine.State.UNIDENTIFIED:
        raise refuse(
            "PAY-1", "银行流水 %(reference)s 已于 %(day)s 到帐，在不明来款中；请到那里认领", **facts
        )
    raise refuse("PAY-1", "银行流水 %(reference)s 已于 %(day)s 到帐并入帐，不能再收一次", **facts)


def refuse_if_confirmed(journal_id: int) -> None:
    """A bank has confirmed it: the money is there. Raises: RefusedError (PAY-2)."""
    line = StatementLine.objects.filter(desk__journal=journal_id).first()
    if line is not None:
        raise refuse(
            "PAY-2",
            "银行流水 %(reference)s 已证实这笔转帐到帐，不能冲正；要退给客户请办退款",
            reference=line.reference,
        )


def _match(
    lines: Sequence[StatementLine], accounts: Mapping[int, int]
) -> list[tuple[int, int | None, int | None]]:
    if not lines:
        return []
    days = [line.booked_on for line in lines]
    rows = sql.run(
        "match_desk",
        {
            "lines": [line.pk for line in lines],
            "accounts": [accounts.get(line.pk) for line in lines],
            "references": [plain_reference(line.reference) for line in lines],
            "amounts": [line.amount_fen for line in lines],
            "days": days,
            "since": _since(min(days)),
            "until": _until(max(days)),
            "days_apart": DAYS_APART,
        },
    )
    return [(line, desk, account) for line, desk, account in rows]


def _post(line: StatementLine, *, source: str, at: datetime, by_id: int | None) -> Journal:
    ledgers = house_ledgers()
    return post(
        kind=Journal.Kind.CLEARED,
        legs=[
            Leg(ledger_id=ledgers[source], amount_fen=-line.amount_fen),
            Leg(ledger_id=ledgers[house.cash_of("transfer")], amount_fen=line.amount_fen),
        ],
        at=at,
        ref=f"{line.bank} {line.reference}",
        by_id=by_id,
    )


def _since(day: date) -> datetime:
    return day_start(day - timedelta(days=DAYS_APART))


def _until(day: date) -> datetime:
    return day_start(day + timedelta(days=DAYS_APART + 1))
