"""Messages on their way to a real message centre and mail server in the same process."""

import logging
from collections.abc import Iterator
from datetime import time, timedelta

import pytest
from django.db import connection

from billing.messaging.carrier import Receipt
from billing.messaging.postbox import MailServer
from billing.messaging.smsc import ALWAYS, Centre, MessageCentre
from billing.models import Message, MessageAttempt, NoticeAddress, Reminder
from billing.rules import notices
from billing.services import messages, payments
from billing.tasks.messages import send_messages
from bss.kernel import clock
from bss.kernel.errors import BadInputError
from tests.builders.at_once import aside
from tests.builders.billing import a_channel, moment
from tests.builders.credit import a_debtor, run_on, states, steps

pytestmark = pytest.mark.django_db

NOON = "2026-12-27T12:00"


@pytest.fixture
def centre(settings) -> Iterator[Centre]:
    with MessageCentre() as server:
        server.start()
        settings.SMSC_ADDRESS = f"127.0.0.1:{server.port}"
        yield server.centre
        server.shutdown()


@pytest.fixture
def postbox(settings) -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    settings.MAIL_ADDRESS = f"127.0.0.1:{server.port}"
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _noon(settings, monkeypatch) -> None:
    settings.BUSINESS_TIME = NOON
    monkeypatch.setattr("billing.tasks.messages.PATIENCE_S", 0.2)
    steps()


def reminded(number: str = "01062000001", *, phone: str = "13800001111", name: str = "晨光商贸"):
    """A debtor who was told that the stop is in five days."""
    _, account, _ = a_debtor(number, name=name, phone=phone)
    run_on("2026-12-27")
    return account


def all_pauses_over() -> None:
    Message.objects.update(retry_after=None)


def the_message() -> Message:
    return Message.objects.get()


def test_a_reminder_arrives_and_its_receipt_is_kept(centre) -> None:
    account = reminded()
    assert send_messages() == 1
    [taken] = centre.taken
    assert taken.text == (
        f"【沃商务】帐户 {account.code} 欠费 25.00 元（2026-10）。如未缴清，名下号码将于 2027-01-01"
        " 停机。缴清即恢复。咨询 10010。"
    )
    message = the_message()
    assert (message.state, message.recipient, message.text) == (
        "delivered", "138****1111", taken.text,
    )  # fmt: skip
    attempt = message.tries.get()
    assert (attempt.number, attempt.outcome, attempt.receipt) == (1, "accepted", "DELIVRD")
    assert send_messages() == 0
    assert len(centre.taken) == 1


def test_in_english_and_by_mail_where_the_customer_wants_it(centre, postbox) -> None:
    _, account, _ = a_debtor()
    NoticeAddress(
        account=account, mobile="13900002222", email="boss@chenguang.example", language="en"
    ).save()
    run_on("2026-12-27")
    assert send_messages() == 2
    assert (centre.taken[0].destination, centre.taken[0].text[:13]) == (
        "13900002222", "[Wo Business]",
    )  # fmt: skip
    [mail] = postbox.handler.taken
    assert (mail["Subject"], mail["To"]) == ("Your services will be stopped",
                                             "boss@chenguang.example")  # fmt: skip
    assert Message.objects.get(medium="email").recipient == "b***@chenguang.example"


def test_who_has_paid_meanwhile_is_not_told(centre) -> None:
    account = reminded()
    payments.pay(
        account_id=account.pk, amount_fen=2500, key="p", at=moment(NOON), channel_id=a_channel().pk
    )
    assert send_messages() == 0
    assert (the_message().state, centre.taken) == ("cancelled", [])


def test_who_has_paid_a_part_is_told_the_rest(centre) -> None:
    account = reminded()
    payments.pay(
        account_id=account.pk, amount_fen=1000, key="p", at=moment(NOON), channel_id=a_channel().pk
    )
    send_messages()
    assert "欠费 15.00 元" in centre.taken[0].text


@pytest.mark.parametrize(
    ("at", "sent"),
    [
        ("2026-12-27T20:59", 1),
        ("2026-12-27T21:00", 0),
        ("2026-12-28T07:59", 0),
        ("2026-12-28T08:00", 1),
    ],
)
def test_no_text_goes_out_at_night(centre, settings, at: str, sent: int) -> None:
    reminded()
    settings.BUSINESS_TIME = at
    assert send_messages() == sent


def test_that_services_are_back_is_told_at_night_too(centre, settings) -> None:
    _, account, _ = a_debtor()
    run_on("2027-01-01")
    settings.BUSINESS_TIME = "2027-01-01T23:00"
    payments.pay(
        account_id=account.pk, amount_fen=2500, key="p", at=moment("2027-01-01T23:00"),
        channel_id=a_channel().pk,
    )  # fmt: skip
    assert send_messages() == 1
    assert states(account) == [("stopped", "waiting"), ("resumed", "delivered")]


def test_throttling_puts_off_with_growing_pauses_and_then_it_arrives(centre) -> None:
    reminded()
    centre.throttle = 2
    for pause_s in (30, 60):
        before = clock.real_now()
        assert send_messages() == 0
        waits = the_message().retry_after - before
        assert timedelta(seconds=pause_s) <= waits < timedelta(seconds=pause_s + 10)
        assert send_messages() == 0  # not yet
        all_pauses_over()
    assert send_messages() == 1
    assert list(the_message().tries.values_list("number", "outcome")) == [
        (1, "put_off"), (2, "put_off"), (3, "accepted"),
    ]  # fmt: skip


def test_what_never_gets_through_becomes_a_dead_letter_that_a_person_sends_again(centre) -> None:
    reminded()
    centre.throttle = ALWAYS
    for _ in range(notices.ATTEMPTS + 3):
        send_messages()
        all_pauses_over()
    message = the_message()
    assert (message.state, message.attempts, message.tries.count()) == ("failed", 10, 10)
    centre.throttle = 0
    messages.try_again(message_id=message.pk)
    assert send_messages() == 1
    message.refresh_from_db()
    assert (message.state, message.rounds, message.tries.count()) == ("delivered", 1, 11)
    with pytest.raises(BadInputError, match="不需要重发"):
        messages.try_again(message_id=message.pk)


def test_a_number_that_does_not_exist_is_a_dead_letter_at_once(centre) -> None:
    reminded(phone="13800000000")
    send_messages()
    assert (the_message().state, the_message().tries.count()) == ("failed", 1)
    assert the_message().last_error == "0x0000000b Invalid Destination Address"


def test_so_is_a_customer_without_a_mobile_number(centre) -> None:
    reminded(phone="01062001234")
    send_messages()
    assert (the_message().state, the_message().recipient) == ("failed", "")
    assert the_message().last_error.startswith("没有可用的手机号码")


def test_a_telephone_that_stays_off_is_undelivered(centre) -> None:
    reminded(phone="13800009999")
    send_messages()
    assert (the_message().state, the_message().last_error) == (
        "undelivered",
        messages.NOT_RECEIVED,
    )


def test_a_broken_line_is_kept_as_unknown_and_tried_again(centre) -> None:
    reminded()
    centre.drop_after = 1
    assert send_messages() == 0
    assert the_message().tries.get().outcome == "unknown"
    all_pauses_over()
    assert send_messages() == 1
    assert len(centre.taken) == 2
    assert {taken.reference for taken in centre.taken} == {the_message().pk % 65536}


def test_a_worker_killed_between_the_claim_and_the_answer_loses_nothing(centre) -> None:
    reminded()
    claimed = messages.claim(
        medium="sms", now=clock.real_now(), at=moment(NOON), quiet=(time(21), time(8))
    )
    assert len(claimed) == 1  # and here it dies
    assert send_messages() == 0
    all_pauses_over()
    assert send_messages() == 1
    assert list(the_message().tries.values_list("number", "outcome", "error")) == [
        (1, "unknown", "上次发送中断，结果不明。"), (2, "accepted", ""),
    ]  # fmt: skip


def test_a_receipt_heard_twice_changes_nothing_and_a_strange_one_is_passed_over(centre) -> None:
    reminded()
    send_messages()
    gateway_id = MessageAttempt.objects.get().gateway_id
    before = list(Message.objects.values())
    late = Receipt(gateway_id=gateway_id, state="UNDELIV")
    assert messages.hear(late, now=clock.real_now())
    assert list(Message.objects.values()) == before
    assert not messages.hear(Receipt(gateway_id="SM-strange", state="DELIVRD"), now=moment(NOON))


def test_without_a_gateway_messages_wait(settings) -> None:
    settings.SMSC_ADDRESS = ""
    reminded()
    assert send_messages() == 0
    assert (the_message().state, the_message().attempts) == ("waiting", 0)


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_message_once(centre) -> None:
    for n in range(1, 21):
        a_debtor(f"010620001{n:02}", name=f"虚构商贸{n}号", phone=f"1381111{n:04}")
    run_on("2026-12-27")
    with aside() as start:
        for _ in range(4):
            start(send_messages)
    send_messages()
    assert len(centre.taken) == Message.objects.count() == Reminder.objects.count() == 20
    assert MessageAttempt.objects.count() == 20


def test_no_log_carries_a_number(centre, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    reminded()
    send_messages()
    assert "13800001111" not in caplog.text
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM billing_message WHERE billing_message::text LIKE %s",
                       ["%13800001111%"])  # fmt: skip
        assert cursor.fetchone() == (0,)
