"""The same file taken in twice at the same moment, and two people who draw up the same bank."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from billing.models import BankFile, DebitLine, Payment
from billing.queries.house import house_balances
from billing.services import bank_files, debit_batches
from bss.kernel.errors import BadInputError
from tests.builders.banks import (
    ANSWERED_AT,
    DRAWN_AT,
    a_batch,
    a_mandate,
    a_movement,
    a_statement,
    an_answer,
    taken_in,
)
from tests.builders.billing import a_bill, a_channel, a_customer, a_line, own_account, public_of

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(work, times=2):
    """What became of each, all begun together."""
    ready = Barrier(times)

    def one(_):
        try:
            ready.wait()
            return work()
        except BadInputError as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


@pytest.fixture
def account():
    a_channel()
    line = a_line(a_customer())
    a_bill(own_account(line), "2026-09", (line, "PLAN_FEE", 100_00))
    a_mandate(own_account(line))
    return own_account(line)


def test_the_same_answer_from_two_people_at_once_is_booked_once(account):
    content = an_answer(a_batch(), (1, 100_00, "00"))

    outcomes = at_once(lambda: taken_in(content))

    assert sorted(type(one).__name__ for one in outcomes) == ["BadInputError", "BankFile"]
    assert Payment.objects.filter(account=account).count() == 1
    assert house_balances()["clearing:debit"] == -100_00


def test_two_statements_with_the_same_references_at_once_book_each_once(account):
    lines = [a_movement(f"R{n}", 10_00, remark=account.code) for n in range(8)]
    files = [a_statement(*lines, serial="1"), a_statement(*lines[::-1], serial="2")]

    at_once(lambda: taken_in(files.pop()))

    assert Payment.objects.filter(account=account).count() == 8
    assert (public_of(account).cash_fen, house_balances()["bank"]) == (0, -80_00)
    assert sum(file.faults_count for file in BankFile.objects.all()) == 8


def test_two_who_draw_up_the_same_bank_at_once_draw_nobody_twice(account):
    drawn = at_once(lambda: debit_batches.draw_up(bank="YZ", at=DRAWN_AT))

    assert [one is None for one in drawn].count(True) == 1
    assert DebitLine.objects.count() == 1


def test_a_file_that_was_interrupted_goes_on_where_it_stood(account, monkeypatch):
    # given: three transactions of two lines each; the process dies in the second
    monkeypatch.setattr(bank_files, "CHUNK", 2)
    content = a_statement(*(a_movement(f"R{n}", 10_00, remark=account.code) for n in range(6)))
    book, calls = bank_files.statements.book_some, []

    def dies(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return book(*args, **kwargs)

    monkeypatch.setattr(bank_files.statements, "book_some", dies)
    with pytest.raises(KeyboardInterrupt):
        taken_in(content)
    assert BankFile.objects.get().done_count == 2

    # when
    file = taken_in(content)

    # then
    assert (file.state, file.done_count, file.done_at) == ("done", 6, ANSWERED_AT)
    assert Payment.objects.filter(account=account).count() == 6


def test_an_answer_that_was_interrupted_goes_on_where_it_stood(account, monkeypatch):
    monkeypatch.setattr(bank_files, "CHUNK", 1)
    other = a_line(a_customer("北京第二商行"), "01062000002")
    a_bill(own_account(other), "2026-09", (other, "PLAN_FEE", 200_00))
    a_mandate(own_account(other))
    batch = a_batch()
    content = an_answer(batch, (1, 100_00, "00"), (9, 1_00, "00"), (2, 200_00, "00"))
    book, calls = bank_files.debit_answers.book_some, []

    def dies(*args, **kwargs):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return book(*args, **kwargs)

    monkeypatch.setattr(bank_files.debit_answers, "book_some", dies)
    with pytest.raises(KeyboardInterrupt):
        taken_in(content)

    file = taken_in(content)

    assert (file.done_count, file.faults_count) == (2, 1)
    assert house_balances()["clearing:debit"] == -300_00
    batch.refresh_from_db()
    assert batch.state == "closed"
