"""Bank files come in: once each, whole or not at all, and line by line from there."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.utils.timezone import localtime

from billing.banks.reading import Received, read
from billing.banks.records import ANSWER
from billing.models import BankFile
from billing.queries.locked import hold_file
from billing.services import debit_answers, statements
from billing.services.bank_faults import keep_faults
from bss.kernel import audit
from bss.kernel.errors import BadInputError, Sentence

CHUNK = 5_000
"""Lines in one transaction: what is booked stays booked when the process dies after it."""

TAKEN_BEFORE = (
    "这个文件已于 %(when)s 导入过（%(name)s，文件编号 %(number)s），没有重复处理；"
    "请核对是否选错了文件。"
)
Line = TypeVar("Line")


def take_in(
    *,
    content: bytes,
    name: str,
    at: datetime,
    by_id: int | None = None,
    then: Callable[[BankFile], None] | None = None,
) -> BankFile:
    """Take a bank's answer or statement in; what was interrupted goes on where it stood.

    A bad line keeps its reason and never stops the others. ``then`` is called in the transaction
    that ends the file, so that what it does is done exactly as often as the file.
    Source: PAY-1. Locks: the file's checksum; then, in each transaction, what its lines touch.
    Raises: BadInputError in one sentence, when the whole file is refused; nothing is taken then.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    with hold_file(sha256):
        refuse_if_taken(sha256)
        received = read(content)
        file = BankFile.objects.filter(sha256=sha256).first()
        if file is None:
            file = _stage(received, sha256=sha256, name=name, at=at, by_id=by_id)
        _book(file, received, at=at, by_id=by_id)
        return _finish(file, at=at, by_id=by_id, then=then)


def refuse_if_taken(sha256: str) -> None:
    """Raises: BadInputError, when all of this file was taken in before."""
    if file := BankFile.objects.filter(sha256=sha256, state=BankFile.State.DONE).first():
        raise BadInputError(("", _taken_before(file)))


@transaction.atomic
def _stage(
    received: Received, *, sha256: str, name: str, at: datetime, by_id: int | None
) -> BankFile:
    """The file, its faulty lines, and a statement's movements: all are known from here on."""
    batch = debit_answers.batch_of(received) if received.kind == ANSWER else None
    file = BankFile.objects.create(
        kind=received.kind,
        bank=received.bank.code,
        name=name[-200:],
        sha256=sha256,
        serial=received.serial,
        batch=batch,
        lines_count=received.count,
        total_fen=received.total_fen,
        received_at=at,
        received_by_id=by_id,
    )
    faults = list(received.faults)
    done = 0
    if received.kind == ANSWER:
        faults += debit_answers.said_twice(received.answers)
    else:
        done, twice = statements.stage(file, received.movements)
        faults += twice
    file.faults_count = keep_faults(file, faults)
    file.done_count = done
    file.save(update_fields=["faults_count", "done_count"])
    audit.record(
        action="bank_file.take_in",
        subject=f"bank_file:{file.pk}",
        staff_id=by_id,
        at=at,
        detail={
            "name": file.name,
            "sha256": sha256,
            "lines": file.lines_count,
            "amount_fen": file.total_fen,
            "faults": file.faults_count,
        },
    )
    return file


def _book(file: BankFile, received: Received, *, at: datetime, by_id: int | None) -> None:
    if file.kind == BankFile.Kind.STATEMENT:
        while statements.book_some(file, limit=CHUNK, at=at, by_id=by_id):
            pass
        return
    bad = set(file.faults.values_list("line_no", flat=True))
    fit = [answer for answer in received.answers if answer.line_no not in bad]
    for some in _chunks(fit):
        debit_answers.book_some(file, some, at=at, by_id=by_id)


@transaction.atomic
def _finish(
    file: BankFile,
    *,
    at: datetime,
    by_id: int | None,
    then: Callable[[BankFile], None] | None,
) -> BankFile:
    BankFile.objects.filter(pk=file.pk).update(state=BankFile.State.DONE, done_at=at)
    file.refresh_from_db()
    if file.batch_id is not None:
        debit_answers.after_answers(file.batch_id, at=at, by_id=by_id)
    if then is not None:
        then(file)
    return file


def _taken_before(file: BankFile) -> Sentence:
    return Sentence(
        TAKEN_BEFORE,
        when=f"{localtime(file.received_at):%Y-%m-%d %H:%M}",
        name=file.name,
        number=file.pk,
    )


def _chunks(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    for start in range(0, len(lines), CHUNK):
        yield lines[start : start + CHUNK]
