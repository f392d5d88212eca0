"""Files that wait for a worker: each taken in once, or refused with its reason, whoever dies."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from billing.models import BankFile, BankUpload, UnidentifiedPayment
from billing.services import bank_files, bank_uploads, statements
from bss.kernel.data_keys import KeyDestroyedError, opened
from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry, Notice
from tests.builders.banks import ANSWERED_AT, a_movement, a_statement
from tests.builders.billing import a_channel
from tests.builders.staff import a_staff

LATER = ANSWERED_AT + timedelta(minutes=5)
PAYER = "北京远山试验商行"


def a_file(lines: int = 3, serial: str = "1") -> bytes:
    money = [a_movement(f"{serial}-{n}", 100 + n, payer_name=PAYER) for n in range(lines)]
    return a_statement(*money, serial=serial)


@pytest.fixture
def giver():
    a_channel()
    return a_staff("batch_operator")


def kept(giver, content: bytes | None = None, name: str = "DZ.txt") -> BankUpload:
    return bank_uploads.keep(
        content=a_file() if content is None else content, name=name, at=ANSWERED_AT, by_id=giver.pk
    )


def take_in(upload: BankUpload) -> bool:
    taken = bank_uploads.take_in(upload_id=upload.pk, at=LATER)
    upload.refresh_from_db()
    return taken


@pytest.mark.django_db
def test_what_waits_is_sealed_and_gone_for_good_once_it_is_taken_in(giver):
    upload = kept(giver)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM billing_bankupload")
        [(stored,)] = cursor.fetchall()
    assert stored.startswith("k1.")

    assert take_in(upload)

    assert (upload.state, upload.content, upload.settled_at) == ("taken_in", "", LATER)
    with pytest.raises(KeyDestroyedError):
        opened(upload.data_key_id)
    assert (upload.file.name, upload.file.state, upload.file.done_count) == ("DZ.txt", "done", 3)
    assert upload.file.received_by == giver
    told = Notice.objects.get(staff=giver)
    assert str(told.sentence) == "银行文件 DZ.txt 已处理：3 笔，问题行 0 行。"
    assert told.url == f"/billing/bank-files/uploads/{upload.pk}"


@pytest.mark.django_db
def test_what_is_settled_is_nobodys_to_take_in_again(giver):
    upload = kept(giver)
    take_in(upload)

    assert not take_in(upload)

    assert upload.attempts == 1
    assert UnidentifiedPayment.objects.count() == 3


@pytest.mark.django_db
def test_a_file_that_is_not_whole_is_refused_with_its_reason_and_may_come_again(giver):
    half = a_file().rstrip()[:-30]
    upload = kept(giver, half)

    assert take_in(upload)

    assert upload.state == "refused"
    assert "没有结尾行" in str(upload.why_refused)
    assert upload.content == ""
    assert BankFile.objects.count() == 0
    assert str(Notice.objects.get().sentence) == "银行文件 DZ.txt 没有处理，请看原因。"
    assert AuditEntry.objects.filter(action="bank_upload.refuse").count() == 1
    assert kept(giver, half).state == "received"


@pytest.mark.django_db
def test_what_waits_already_or_was_taken_in_before_is_refused_at_once(giver):
    upload = kept(giver, name="first.txt")
    with pytest.raises(BadInputError, match=r"first\.txt），正在处理"):
        kept(giver, name="second.txt")

    take_in(upload)

    with pytest.raises(BadInputError, match=r"first\.txt，文件编号 \d+），没有重复处理"):
        kept(giver, name="second.txt")
    assert BankUpload.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"id,amount\n1,2\n", b"%PDF-1.7\n"])
def test_what_cannot_be_a_banks_file_is_refused_at_once(giver, content):
    with pytest.raises(BadInputError):
        kept(giver, content)

    assert BankUpload.objects.count() == 0


@pytest.mark.django_db
def test_the_inbox_brought_the_same_file_meanwhile_so_the_upload_is_refused(giver):
    upload = kept(giver)
    bank_files.take_in(content=a_file(), name="by-night.txt", at=ANSWERED_AT)

    take_in(upload)

    assert upload.state == "refused"
    assert "by-night.txt" in str(upload.why_refused)
    assert UnidentifiedPayment.objects.count() == 3


@pytest.mark.django_db
def test_who_dies_over_a_file_every_time_leaves_it_refused(giver):
    upload = kept(giver)
    BankUpload.objects.filter(pk=upload.pk).update(attempts=bank_uploads.ATTEMPTS)

    take_in(upload)

    assert upload.state == "refused"
    assert "多次中断" in str(upload.why_refused)
    assert BankFile.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_take_a_file_in_once(giver):
    upload = kept(giver)

    def work(_):
        try:
            return bank_uploads.take_in(upload_id=upload.pk, at=LATER)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        took = list(pool.map(work, range(2)))

    assert sorted(took) == [False, True]
    assert UnidentifiedPayment.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_between_two_lots_leaves_the_rest_to_the_next(giver):
    # given: a worker that dies by SIGKILL when its first lot of two lines is booked
    upload = kept(giver, a_file(lines=5))
    child = os.fork()
    if child == 0:
        die_after_the_first_lot(upload.pk)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    file = BankFile.objects.get()
    assert (file.state, file.done_count, UnidentifiedPayment.objects.count()) == ("staged", 2, 2)

    # when: the next one comes
    assert take_in(upload)

    # then
    assert (upload.state, upload.attempts, upload.file.done_count) == ("taken_in", 2, 5)
    assert UnidentifiedPayment.objects.count() == 5


def die_after_the_first_lot(upload_id: int) -> None:
    """In a process of its own, on a connection of its own."""
    connection.connection = None
    bank_files.CHUNK = 2
    book_some = statements.book_some

    def book_and_die(*args, **kwargs):
        book_some(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    statements.book_some = book_and_die
    try:
        bank_uploads.take_in(upload_id=upload_id, at=LATER)
    finally:
        os._exit(1)
