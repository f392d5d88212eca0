"""Direct debit batches 托收/代扣: drawn up, sent as a file, closed when the bank has answered."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction

from billing.banks.records import DEBIT
from billing.banks.writing import write
from billing.batch import sql
from billing.models import DebitBatch, DebitLine
from billing.queries.locked import lock_debits
from billing.rules.banks import BANKS
from bss.kernel import audit
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.periods import business_date

NO_BANK = "请选择已签约的银行。"
STATE = "批次 %(batch)s 现在是“%(state)s”，不能这样处理；请刷新页面查看。"
WAITING = DebitLine.State.WAITING


@transaction.atomic
def draw_up(*, bank: str, at: datetime, by_id: int | None = None) -> DebitBatch | None:
    """A batch of what the accounts with a mandate at this bank owe; None: nobody is to be drawn.

    An account that is in an open batch is left out, so that again draws nobody twice.
    Locks:  the bank's batches.
    Raises: BadInputError for a bank that is not ours.
    """
    if bank not in BANKS:
        raise BadInputError(("", NO_BANK))
    lock_debits(bank)
    rows = sql.run("draw_debits", {"bank": bank, "on": business_date(at), "at": at, "by": by_id})
    if not rows:
        return None
    batch = DebitBatch.objects.get(pk=rows[0][0])
    _record("draw_up", batch, at=at, by_id=by_id)
    return batch


def file_of(batch: DebitBatch) -> bytes:
    """The file as the bank wants it, with account numbers in clear: for the bank alone."""
    lines = batch.lines.select_related("mandate__account__owner").order_by("position")
    return write(
        kind=DEBIT,
        bank=BANKS[batch.bank],
        serial=batch.code,
        day=business_date(batch.drawn_up_at),
        lines=[_line(line) for line in lines],
    )


def file_name(batch: DebitBatch) -> str:
    ending = "csv" if BANKS[batch.bank].layout == "csv" else "txt"
    return f"{DEBIT}-{batch.code}.{ending}"


@transaction.atomic
def export(*, batch_id: int, at: datetime, by_id: int | None = None) -> bytes:
    """Give the file of an open batch; the first time it counts as sent. Again: the same bytes.

    Locks:  the batch.
    Raises: BadInputError when the batch is over, or no longer what was sent.
    """
    batch = _locked(batch_id)
    if not batch.is_open:
        raise _not_now(batch)
    content = file_of(batch)
    sha256 = hashlib.sha256(content).hexdigest()
    if batch.state == DebitBatch.State.DRAWN_UP:
        batch.send(at=at)
        batch.sha256 = sha256
        batch.save()
    _record("export", batch, at=at, by_id=by_id, sha256=sha256, first=batch.sha256)
    return content


@transaction.atomic
def withdraw(*, batch_id: int, at: datetime, by_id: int | None = None) -> DebitBatch:
    """Give up a batch that was not sent; its accounts can be drawn again.

    Locks: the batch. Raises: BadInputError when it was sent.
    """
    batch = _locked(batch_id)
    if batch.state == DebitBatch.State.WITHDRAWN:
        return batch
    if batch.state != DebitBatch.State.DRAWN_UP:
        raise _not_now(batch)
    batch.withdraw(at=at)
    batch.save()
    batch.lines.filter(state=WAITING).update(state=DebitLine.State.WITHDRAWN)
    _record("withdraw", batch, at=at, by_id=by_id)
    return batch


@transaction.atomic
def close(*, batch_id: int, at: datetime, by_id: int | None = None) -> DebitBatch:
    """Close a batch that the bank answers no more; what it left open is 银行未答复.

    An answer that comes all the same is still booked: the bank has drawn that money.
    Locks: the batch. Raises: BadInputError before it was sent.
    """
    batch = _locked(batch_id)
    if batch.state == DebitBatch.State.CLOSED:
        return batch
    if batch.state == DebitBatch.State.DRAWN_UP or not batch.is_open:
        raise _not_now(batch)
    batch.close(at=at)
    batch.save()
    left = batch.lines.filter(state=WAITING).update(state=DebitLine.State.UNANSWERED)
    _record("close", batch, at=at, by_id=by_id, unanswered=left)
    return batch


def _line(line: DebitLine) -> dict[str, object]:
    mandate = line.mandate
    return {
        "position": line.position,
        "contract": mandate.code,
        "number": mandate.number,
        "holder": mandate.holder,
        "amount": line.amount_fen,
        "purpose": mandate.account.code,
    }


def _locked(batch_id: int) -> DebitBatch:
    batch: DebitBatch = DebitBatch.objects.select_for_update(no_key=True).get(pk=batch_id)
    return batch


def _not_now(batch: DebitBatch) -> BadInputError:
    return BadInputError(
        ("", Sentence(STATE, batch=batch.code, state=str(DebitBatch.State(batch.state).label)))
    )


def _record(act: str, batch: DebitBatch, *, at: datetime, by_id: int | None, **detail: Any) -> None:
    audit.record(
        action=f"debit_batch.{act}",
        subject=f"debit_batch:{batch.pk}",
        staff_id=by_id,
        at=at,
        detail={
            "batch": batch.code,
            "lines": batch.lines_count,
            "amount_fen": batch.total_fen,
            **detail,
        },
    )
