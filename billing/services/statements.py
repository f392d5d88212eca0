"""A statement: each movement goes to the account it is for, or to the unidentified ledger.

Money that a desk has taken already is no payment again: it moves to the bank.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Sum

from billing.banks.reading import Fault, Moved
from billing.batch import sql
from billing.models import BankFile, DebitBatch, Journal, Payment, StatementLine
from billing.queries.house import house_ledgers
from billing.rules import house
from billing.rules.banks import ACCOUNT_CODE, BANKS, account_of_virtual
from billing.services import desk_transfers
from billing.services.bank_channels import channel_of
from billing.services.payment_files import Coming, book_and_settle, is_taken
from billing.services.posting import Leg, post
from bss.kernel import audit
from bss.kernel.masking import masked_document
from bss.kernel.sealing import blind_index

_BATCH = re.compile(r"(?<![0-9A-Za-z])[A-Z]{2}\d{12}(?!\d)")
State = StatementLine.State


def stage(file: BankFile, movements: Sequence[Moved]) -> tuple[int, list[Fault]]:
    """Keep the movements; gives how many need nothing more, and those the bank sent before."""
    fresh = sql.run(
        "stage_movements",
        {
            "file": file.pk,
            "bank": file.bank,
            "line_nos": [one.line_no for one in movements],
            "references": [one.reference for one in movements],
            "days": [one.day for one in movements],
            "amounts": [one.amount_fen for one in movements],
            "names": [one.payer_name.strip() for one in movements],
            "numbers": [masked_document(one.payer_number) for one in movements],
            "indexes": [
                blind_index(one.payer_number) if one.payer_number else "" for one in movements
            ],
            "virtuals": [one.virtual_number for one in movements],
            "remarks": [_plain(one.remark) for one in movements],
            "states": [State.WAITING if one.incoming else State.OUTGOING for one in movements],
        },
    )
    kept = {line_no for (line_no,) in fresh}
    done = sum(not one.incoming for one in movements if one.line_no in kept)
    twice = [
        Fault(one.line_no, "duplicate", one.line) for one in movements if one.line_no not in kept
    ]
    return done, twice


@transaction.atomic
def book_some(file: BankFile, *, limit: int, at: datetime, by_id: int | None) -> int:
    """Book the next movements that wait; how many there were.

    Locks: the file, then the accounts.
    """
    BankFile.objects.select_for_update(no_key=True).get(pk=file.pk)
    waiting = file.movements.filter(state=State.WAITING).order_by("line_no")
    lines = list(waiting[:limit])
    if not lines:
        return 0
    with audit.as_one(
        action="bank_file.book", subject=f"bank_file:{file.pk}", at=at, staff_id=by_id
    ) as told:
        cleared = _clear_batches(lines, at=at, by_id=by_id)
        left = [one for one in lines if one.pk not in cleared]
        matched = _matched(left)
        at_desks = desk_transfers.taken_at_desks(
            left, {line: account for line, (account, _) in matched.items()}
        )
        cleared |= desk_transfers.clear(left, at_desks.sure, at=at, by_id=by_id)
        unsure = {*at_desks.sure, *at_desks.doubtful}
        certain = {line: whose for line, whose in matched.items() if line not in unsure}
        booked = _book_matched(left, certain, at=at, by_id=by_id)
        rest = [one.pk for one in left if one.pk not in cleared and one.pk not in booked]
        told.update(
            booked=len(booked),
            booked_fen=sum(one.amount_fen for one in lines if one.pk in booked),
            cleared=len(cleared),
            unidentified=len(rest),
            unidentified_fen=_book_unidentified(rest, at=at, by_id=by_id),
        )
    BankFile.objects.filter(pk=file.pk).update(done_count=F("done_count") + len(lines))
    return len(lines)


def _matched(lines: Sequence[StatementLine]) -> dict[int, tuple[int, str]]:
    """Line → whose money it is, and what says so."""
    if not lines:
        return {}
    rows = sql.run(
        "match_movements",
        {
            "lines": [one.pk for one in lines],
            "virtuals": [account_of_virtual(one.virtual_number) for one in lines],
            "codes": [_only(ACCOUNT_CODE, one.remark) for one in lines],
            "names": [one.payer_name for one in lines],
            "amounts": [one.amount_fen for one in lines],
        },
    )
    return {line: (account, way) for line, account, way in rows}


def _book_matched(
    lines: Sequence[StatementLine],
    matched: Mapping[int, tuple[int, str]],
    *,
    at: datetime,
    by_id: int | None,
) -> set[int]:
    """Payments of the movements whose account is known; the movements that are booked."""
    if not matched:
        return set()
    by_pk = {one.pk: one for one in lines}
    coming = [
        Coming(key=_key(by_pk[pk]), account_id=account, amount_fen=by_pk[pk].amount_fen)
        for pk, (account, _) in matched.items()
    ]
    booked = book_and_settle(
        coming,
        means=Payment.Means.TRANSFER,
        source_id=house_ledgers()[house.BANK],
        channel_id=channel_of(BANKS[lines[0].bank]).pk,
        at=at,
        by_id=by_id,
    )
    taken = [
        (pk, way, booked[_key(by_pk[pk])].payment_id)
        for pk, (_, way) in matched.items()
        if is_taken(booked.get(_key(by_pk[pk])))
    ]
    sql.run(
        "book_movements",
        {
            "lines": [pk for pk, _, _ in taken],
            "ways": [way for _, way, _ in taken],
            "payments": [payment for _, _, payment in taken],
        },
    )
    return {pk for pk, _, _ in taken}


def _book_unidentified(lines: Sequence[int], *, at: datetime, by_id: int | None) -> int:
    """Gives how much it is in all. Units: fen."""
    if not lines:
        return 0
    ledgers = house_ledgers()
    rows = sql.run(
        "book_unidentified",
        {
            "lines": list(lines),
            "source": ledgers[house.BANK],
            "unidentified": ledgers[house.UNIDENTIFIED],
            "at": at,
            "by": by_id,
        },
    )
    return sum(amount_fen for (amount_fen,) in rows)


def _clear_batches(lines: Sequence[StatementLine], *, at: datetime, by_id: int | None) -> set[int]:
    """Sums that the bank pays for a whole debit batch move from clearing to the bank."""
    cleared = set()
    for line in lines:
        batch = _batch_paid_by(line)
        if batch is None:
            continue
        ledgers = house_ledgers()
        line.journal = post(
            kind=Journal.Kind.CLEARED,
            legs=[
                Leg(ledger_id=ledgers[house.BANK], amount_fen=-line.amount_fen),
                Leg(ledger_id=ledgers[house.clearing_of("debit")], amount_fen=line.amount_fen),
            ],
            at=at,
            ref=batch.code,
            by_id=by_id,
        )
        line.state, line.matched_by = State.CLEARED, StatementLine.Matched.BATCH
        line.batch = batch
        line.save(update_fields=["journal", "state", "matched_by", "batch"])
        cleared.add(line.pk)
    return cleared


def _batch_paid_by(line: StatementLine) -> DebitBatch | None:
    """The batch that the remark names, when the amount is what was settled of it, and not yet."""
    code = _only(_BATCH, line.remark)
    if code is None:
        return None
    batch = (
        DebitBatch.objects.filter(code=code, bank=line.bank, cleared_by__isnull=True)
        .select_for_update(no_key=True, of=("self",))
        .first()
    )
    if batch is None:
        return None
    settled = batch.lines.filter(state="settled").aggregate(fen=Sum("amount_fen"))["fen"]
    return batch if settled == line.amount_fen else None


def _only(pattern: re.Pattern[str], text: str) -> str | None:
    """What the pattern finds, when it is one and the same thing."""
    found = set(pattern.findall(text))
    return found.pop() if len(found) == 1 else None


def _plain(text: str) -> str:
    """Full-width figures and letters as others; blanks at the ends gone."""
    return unicodedata.normalize("NFKC", text).strip()


def _key(line: StatementLine) -> str:
    return f"bank:{line.bank}:{line.reference}"
