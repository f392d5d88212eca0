"""Mandates, batches and banks' files, for tests: through the services alone."""

from datetime import date, datetime
from typing import Any

from billing.banks import simulator
from billing.banks.records import ANSWER
from billing.banks.writing import write
from billing.models import Account, BankFile, BankMandate, BankUpload, DebitBatch
from billing.rules.banks import BANKS, luhn_digit
from billing.services import bank_files, bank_uploads, debit_batches, mandates
from bss.kernel.periods import business_date
from tests.builders.billing import moment

DRAWN_AT = moment("2026-11-05T10:00")
ANSWERED_AT = moment("2026-11-06T09:00")


def a_number(body: str = "622900001234567") -> str:
    """A card's number with its check digit."""
    return body + luhn_digit(body)


def a_mandate(account: Account, *, bank: str = "YZ", **changes: Any) -> BankMandate:
    given: dict[str, Any] = {
        "account_id": account.pk,
        "bank": bank,
        "number": a_number(f"6229{account.pk:011d}"),
        "holder": account.owner.name,
        "valid_from": date(2026, 1, 1),
        "at": DRAWN_AT,
    }
    return mandates.sign(**(given | changes))


def a_batch(bank: str = "YZ", *, at=DRAWN_AT, sent: bool = True) -> DebitBatch:
    batch = debit_batches.draw_up(bank=bank, at=at)
    assert batch is not None
    if sent:
        debit_batches.export(batch_id=batch.pk, at=at)
    batch.refresh_from_db()
    return batch


def an_answer(batch: DebitBatch, *lines: tuple[int, int, str], day: date | None = None) -> bytes:
    """The bank's file about a batch; ``lines`` are (position, fen, code)."""
    on = day or business_date(ANSWERED_AT)
    return write(
        kind=ANSWER,
        bank=BANKS[batch.bank],
        serial=batch.code,
        day=on,
        lines=[
            {
                "position": position,
                "amount": fen,
                "answer": code,
                "reference": f"{batch.code}{position:06d}" if code == "00" else "",
                "day": f"{on:%Y%m%d}",
            }
            for position, fen, code in lines
        ],
    )


def a_statement(
    *lines: dict[str, Any], bank: str = "YZ", serial: str = "1", day: date = date(2026, 11, 5)
) -> bytes:
    return simulator.statement(BANKS[bank], serial=serial, day=day, lines=list(lines))


def a_movement(reference: str, amount: int, **more: Any) -> dict[str, Any]:
    return {"reference": reference, "amount": amount, **more}


def taken_in(content: bytes, *, name: str = "bank.txt", at=ANSWERED_AT) -> BankFile:
    return bank_files.take_in(content=content, name=name, at=at)


def a_waiting_upload(serial: str, *, by_id: int, at: datetime) -> BankUpload:
    """A statement that somebody gave at the page, and no worker has taken in yet."""
    content = a_statement(a_movement(f"U{serial}", 100), serial=serial)
    return bank_uploads.keep(content=content, name=f"DZ-U{serial}.txt", at=at, by_id=by_id)


def a_bank_day(account: Account, place: int, *, at: datetime) -> None:
    """Who owes signs a mandate, is drawn and refused; money of nobody comes in, and a bad line."""
    a_mandate(account, at=at)
    batch = a_batch(at=at)
    answer = an_answer(batch, (1, batch.total_fen, "01"), (2, 1, "00"))
    taken_in(answer, name=f"HP-{place}.txt", at=at)
    money = a_movement(
        f"G{place}", 100 + place, payer_name=f"第{place}商行", payer_number="6229001"
    )
    taken_in(a_statement(money, money, serial=str(place)), name=f"DZ-{place}.txt", at=at)
