"""A bank's file that was given at a page: kept, taken in by a worker, settled once.

What is to do stands in the database. A worker that dies gives its upload back with its connection,
and the next one goes on where the file stood; whoever dies over it every time ends in a refusal.
"""

import hashlib
import zlib
from base64 import b64decode, b64encode
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.timezone import localtime

from billing.banks.reading import refuse_unlike
from billing.models import BankFile, BankUpload
from billing.queries.locked import hold_upload, lock_key
from billing.services import bank_files
from bss.kernel import audit, data_keys
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.notices import notify
from bss.kernel.rulebook import RefusedError
from bss.kernel.sentences import stored

ATTEMPTS = 5
WAITING = "这个文件已于 %(when)s 上传（%(name)s），正在处理，没有重复接收。"
GAVE_UP = "处理这个文件多次中断，已入帐的行不会丢失；请联系系统管理员，再导入时从断点继续。"
DONE_NOTICE = "银行文件 %(name)s 已处理：%(done)s 笔，问题行 %(faults)s 行。"
REFUSED_NOTICE = "银行文件 %(name)s 没有处理，请看原因。"
State = BankUpload.State


@transaction.atomic
def keep(*, content: bytes, name: str, at: datetime, by_id: int) -> BankUpload:
    """Keep the file for a worker.

    Source: PAY-1. Locks: the file's checksum.
    Raises: BadInputError, when it is no bank's file, was taken in before, or waits already.
    """
    refuse_unlike(content)
    sha256 = hashlib.sha256(content).hexdigest()
    lock_key(f"bank-upload:{sha256}")
    bank_files.refuse_if_taken(sha256)
    if waiting := BankUpload.objects.filter(sha256=sha256, state=State.RECEIVED).first():
        when = f"{localtime(waiting.received_at):%Y-%m-%d %H:%M}"
        raise BadInputError(("", Sentence(WAITING, when=when, name=waiting.name)))
    upload = BankUpload.objects.create(
        name=name[-200:],
        sha256=sha256,
        size_bytes=len(content),
        content=_packed(content),
        data_key=data_keys.create(),
        received_at=at,
        received_by_id=by_id,
    )
    audit.record(
        action="bank_upload.keep",
        subject=f"bank_upload:{upload.pk}",
        staff_id=by_id,
        at=at,
        detail={"name": upload.name, "sha256": sha256, "bytes": upload.size_bytes},
    )
    return upload


def take_in(*, upload_id: int, at: datetime) -> bool:
    """Take the upload in, or refuse it with its reason; whether it was this caller who did.

    Locks: the upload, for as long as it takes and no longer than this process lives.
    Raises: what is no fault of the file; then it waits for the next attempt.
    """
    with hold_upload(upload_id) as mine:
        upload = _begun(upload_id) if mine else None
        if upload is None:
            return False
        if upload.attempts > ATTEMPTS:
            _refuse(upload, GAVE_UP, at=at)
            return True
        try:
            bank_files.take_in(
                content=_unpacked(upload.content),
                name=upload.name,
                at=at,
                by_id=upload.received_by_id,
                then=lambda file: _settle(upload, at=at, state=State.TAKEN_IN, file=file),
            )
        except BadInputError as refused:
            _refuse(upload, refused.faults[0][1], at=at)
        except RefusedError as refused:
            first = refused.refusals[0]
            _refuse(upload, Sentence(first.sentence, **first.facts), at=at)
        return True


def _begun(upload_id: int) -> BankUpload | None:
    """The upload with this attempt counted; None when it is settled."""
    open_ones = BankUpload.objects.filter(pk=upload_id, state=State.RECEIVED)
    if not open_ones.update(attempts=F("attempts") + 1):
        return None
    return open_ones.get()


@transaction.atomic
def _refuse(upload: BankUpload, why: str, *, at: datetime) -> None:
    _settle(upload, at=at, state=State.REFUSED, why=why)
    audit.record(
        action="bank_upload.refuse",
        subject=f"bank_upload:{upload.pk}",
        staff_id=upload.received_by_id,
        at=at,
        detail={"name": upload.name, "why": str(why)},
    )


@transaction.atomic
def _settle(
    upload: BankUpload, *, at: datetime, state: str, file: BankFile | None = None, why: str = ""
) -> None:
    """The verdict, in the transaction that brought it about; the content goes, key and all."""
    BankUpload.objects.filter(pk=upload.pk).update(
        state=state,
        file=file,
        refusal=stored(why) if why else None,
        content="",
        settled_at=at,
    )
    data_keys.destroy(upload.data_key_id, at=at)
    text = Sentence(REFUSED_NOTICE, name=upload.name)
    if file is not None:
        facts = {"done": file.done_count, "faults": file.faults_count}
        text = Sentence(DONE_NOTICE, name=upload.name, **facts)
    notify(
        staff_id=upload.received_by_id,
        text=text,
        url=reverse("billing:bank_upload", args=[upload.pk]),
        at=at,
    )


def _packed(content: bytes) -> str:
    return b64encode(zlib.compress(content, 1)).decode()


def _unpacked(text: str) -> bytes:
    return zlib.decompress(b64decode(text))
