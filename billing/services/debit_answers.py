"""The bank's answers to a debit batch: what was drawn is a payment, what was refused says why."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from billing.banks.reading import Answered, Fault, Received
from billing.batch import sql
from billing.models import BankFile, DebitBatch, DebitLine, Payment
from billing.queries.house import house_ledgers
from billing.rules import house
from billing.rules.banks import BANKS, SETTLED
from billing.services.bank_channels import channel_of
from billing.services.bank_faults import keep_faults
from billing.services.payment_files import Coming, book_and_settle, is_taken
from bss.kernel import audit
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.rulebook import refuse

OTHER_BATCH = "文件头中的批次号 %(serial)s 不是送给%(bank)s的批次，没有处理任何一笔；请核对文件。"
DONE = "done"


def batch_of(received: Received) -> DebitBatch:
    """The batch that an answer is about.

    Raises: BadInputError when we sent no such batch to this bank.
    """
    sent = DebitBatch.objects.filter(code=received.serial, bank=received.bank.code).first()
    if sent is None:
        said = Sentence(OTHER_BATCH, serial=received.serial or "—", bank=received.bank.name)
        raise BadInputError(("", said))
    return sent


def said_twice(answers: Sequence[Answered]) -> list[Fault]:
    """Lines whose position or reference an earlier line of the file has; the first counts."""
    positions: set[int] = set()
    references: set[str] = set()
    found = []
    for answer in answers:
        if answer.position in positions:
            found.append(Fault(answer.line_no, "answered", answer.line))
        elif answer.reference and answer.reference in references:
            found.append(Fault(answer.line_no, "duplicate", answer.line))
        else:
            positions.add(answer.position)
            references.add(answer.reference)
    return found


@transaction.atomic
def book_some(
    file: BankFile, answers: Sequence[Answered], *, at: datetime, by_id: int | None
) -> None:
    """Book these answers; those that this file has booked before are passed by.

    Locks:  the batch, then the accounts.
    Raises: RefusedError (PAY-1: somebody else has used a line's key).
    """
    batch = DebitBatch.objects.select_for_update(no_key=True).get(pk=file.batch_id)
    by_line = {answer.line_no: answer for answer in answers}
    judged = sql.run(
        "judge_answers",
        {
            "file": file.pk,
            "batch": batch.pk,
            "bank": batch.bank,
            "line_nos": list(by_line),
            "positions": [answer.position for answer in answers],
            "amounts": [answer.amount_fen for answer in answers],
            "references": [answer.reference for answer in answers],
        },
    )
    taken = [(by_line[no], debit, account) for no, debit, account, why in judged if not why]
    faults = [Fault(no, why, by_line[no].line) for no, _, _, why in judged if why and why != DONE]
    if not taken and not faults:
        return
    with audit.as_one(
        action="bank_file.book", subject=f"bank_file:{file.pk}", at=at, staff_id=by_id
    ) as told:
        told.update(_book(batch, file, taken, at=at, by_id=by_id))
        told["faults"] = keep_faults(file, faults)
        BankFile.objects.filter(pk=file.pk).update(
            done_count=F("done_count") + len(taken),
            faults_count=F("faults_count") + told["faults"],
        )


@transaction.atomic
def after_answers(batch_id: int, *, at: datetime, by_id: int | None) -> None:
    """The batch is closed when every line is answered, else answered in part. Locks: the batch."""
    batch = DebitBatch.objects.select_for_update(no_key=True).get(pk=batch_id)
    if not batch.is_open:
        return
    batch.answer()
    if not batch.lines.filter(state=DebitLine.State.WAITING).exists():
        batch.close(at=at)
    batch.save()


def _book(
    batch: DebitBatch,
    file: BankFile,
    taken: Sequence[tuple[Answered, int, int]],
    *,
    at: datetime,
    by_id: int | None,
) -> dict[str, int]:
    """Payments of what was drawn, then the lines with their answers."""
    if not taken:
        return {"settled": 0, "refused": 0, "amount_fen": 0}
    coming = [
        Coming(key=_key(batch, answer), account_id=account, amount_fen=answer.amount_fen)
        for answer, _, account in taken
        if answer.answer == SETTLED
    ]
    booked = book_and_settle(
        coming,
        means=Payment.Means.DEBIT,
        source_id=house_ledgers()[house.clearing_of("debit")],
        channel_id=channel_of(BANKS[batch.bank]).pk,
        at=at,
        by_id=by_id,
    )
    for key, one in booked.items():
        if not is_taken(one):
            raise refuse("PAY-1", "流水号 %(key)s 已用于另一笔收款，请核对", key=key)
    sql.run(
        "answer_debits",
        {
            "file": file.pk,
            "at": at,
            "lines": [debit for _, debit, _ in taken],
            "answers": [answer.answer for answer, _, _ in taken],
            "references": [answer.reference for answer, _, _ in taken],
            "payments": [
                booked[_key(batch, answer)].payment_id if answer.answer == SETTLED else None
                for answer, _, _ in taken
            ],
        },
    )
    return {
        "settled": len(coming),
        "refused": len(taken) - len(coming),
        "amount_fen": sum(one.amount_fen for one in coming),
    }


def _key(batch: DebitBatch, answer: Answered) -> str:
    return f"debit:{batch.code}:{answer.position}"
