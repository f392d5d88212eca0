"""SMPP 3.4 over a real socket: a library on one side, our own reading of it on the other."""

import socket
from collections.abc import Iterator

import pytest

from billing.messaging import wire
from billing.messaging.carrier import Outcome, Outgoing, Receipt
from billing.messaging.smpp import GONE, NOBODY, SmppCarrier
from billing.messaging.smsc import ALWAYS, MessageCentre

PATIENCE_S = 0.3


@pytest.fixture
def centre() -> Iterator[MessageCentre]:
    with MessageCentre(password="right") as server:
        yield server.start()
        server.shutdown()


@pytest.fixture
def carrier(centre: MessageCentre) -> Iterator[SmppCarrier]:
    one = a_carrier(centre.port)
    yield one
    one.close()


def a_carrier(port: int, *, password: str = "right") -> SmppCarrier:
    return SmppCarrier("127.0.0.1", port, system_id="wo", password=password, source="10010")


def a_text(text: str = "您好", *, to: str = "13800001111", reference: int = 7) -> Outgoing:
    return Outgoing(reference=reference, recipient=to, subject="", text=text)


def heard_by(carrier: SmppCarrier) -> list[Receipt]:
    heard: list[Receipt] = []
    carrier.listen(heard.append, patience_s=PATIENCE_S)
    return sorted(heard, key=lambda one: one.gateway_id)


@pytest.mark.parametrize("text", ["Your bill", "您的帐单", "停机通知" * 60, "a" * 300, "x" * 140])
def test_a_text_arrives_as_it_was_written(centre, carrier, text: str) -> None:
    assert carrier.send(a_text(text, reference=70000)).outcome == Outcome.ACCEPTED
    [taken] = centre.centre.taken
    assert (taken.text, taken.source, taken.destination) == (text, "10010", "13800001111")
    assert (taken.wants_receipt, taken.reference) == (True, 70000 % 65536)


def test_receipts_say_what_became_of_each(carrier) -> None:
    first, second = carrier.send(a_text()), carrier.send(a_text(to="13800009999"))
    assert heard_by(carrier) == [
        Receipt(gateway_id=first.gateway_id, state="DELIVRD"),
        Receipt(gateway_id=second.gateway_id, state="UNDELIV"),
    ]
    assert heard_by(carrier) == []


def test_receipts_wait_for_the_next_connection(centre, carrier) -> None:
    sent = carrier.send(a_text())
    carrier.close()
    later = a_carrier(centre.port)
    assert heard_by(later) == [Receipt(gateway_id=sent.gateway_id, state="DELIVRD")]
    later.close()


def test_a_receipt_that_could_not_be_kept_comes_again(centre, carrier) -> None:
    sent = carrier.send(a_text())

    def fail(receipt: Receipt) -> None:
        raise RuntimeError("the database is gone")

    with pytest.raises(RuntimeError):
        carrier.listen(fail, patience_s=PATIENCE_S)
    carrier.close()
    again = a_carrier(centre.port)
    assert heard_by(again) == [Receipt(gateway_id=sent.gateway_id, state="DELIVRD")]
    again.close()


def test_a_number_that_does_not_exist_is_refused_for_good(carrier) -> None:
    answer = carrier.send(a_text(to="13800000000"))
    assert (answer.outcome, answer.error) == (
        Outcome.REFUSED, "0x0000000b Invalid Destination Address",
    )  # fmt: skip


def test_throttling_is_for_now(centre, carrier) -> None:
    centre.centre.throttle = 1
    assert carrier.send(a_text()).outcome == Outcome.PUT_OFF
    assert carrier.send(a_text()).outcome == Outcome.ACCEPTED


@pytest.mark.parametrize(("drop", "taken"), [("drop_before", 0), ("drop_after", 1)])
def test_a_line_that_breaks_leaves_nobody_knowing(centre, carrier, drop: str, taken: int) -> None:
    setattr(centre.centre, drop, 1)
    answer = carrier.send(a_text())
    assert (answer.outcome, answer.error) == (Outcome.UNKNOWN, GONE)
    assert len(centre.centre.taken) == taken
    assert carrier.send(a_text()).outcome == Outcome.ACCEPTED


def test_a_wrong_password_and_nobody_there_are_for_now(centre) -> None:
    wrong = a_carrier(centre.port, password="wrong")
    assert (wrong.send(a_text()).error, wrong.listen(print, patience_s=0.1)) == (NOBODY, 0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = a_carrier(free.getsockname()[1])
    assert nobody.send(a_text()).outcome == Outcome.PUT_OFF


def test_the_centre_throttles_for_as_long_as_it_is_told(centre, carrier) -> None:
    centre.centre.throttle = ALWAYS
    assert {carrier.send(a_text()).outcome for _ in range(3)} == {Outcome.PUT_OFF}


@pytest.mark.parametrize(
    "raw",
    [b"GET / HTTP/1.1\r\n\r\n", b"\0\0\0\x10\0\0\0\x77\0\0\0\0\0\0\0\x05", b"\0\0\0\x02"],
)
def test_what_is_no_smpp_gets_a_generic_nack(centre, raw: bytes) -> None:
    with socket.create_connection(("127.0.0.1", centre.port), timeout=5) as line:
        line.sendall(raw)
        _, command, status, _ = wire.HEADER.unpack(line.recv(16))
    assert (command, status) == (wire.GENERIC_NACK, wire.INVALID_COMMAND)


def test_nothing_is_taken_from_who_is_not_bound(centre) -> None:
    with socket.create_connection(("127.0.0.1", centre.port), timeout=5) as line:
        line.sendall(wire.Pdu(wire.SUBMIT_SM, 9).encode())
        _, command, status, sequence = wire.HEADER.unpack(line.recv(16))
    assert (command, status, sequence) == (wire.SUBMIT_SM | wire.RESPONSE, wire.INVALID_BIND, 9)
