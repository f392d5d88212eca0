"""Mail over a real socket, to a server that takes, refuses or hangs up."""

import socket
from collections.abc import Iterator

import pytest

from billing.messaging.carrier import Outcome, Outgoing
from billing.messaging.mail import GONE, NOBODY, MailCarrier
from billing.messaging.postbox import MailServer


@pytest.fixture
def server() -> Iterator[MailServer]:
    one = MailServer()
    one.start()
    yield one
    one.stop()


@pytest.fixture
def carrier(server: MailServer) -> Iterator[MailCarrier]:
    one = MailCarrier("127.0.0.1", server.port, sender="notice@wo.example")
    yield one
    one.close()


def a_mail(to: str = "boss@chenguang.example", *, reference: int = 7) -> Outgoing:
    return Outgoing(reference=reference, recipient=to, subject="停机预告", text="您好\n再见")


def test_a_mail_arrives_as_it_was_written_and_names_its_message(server, carrier) -> None:
    assert carrier.send(a_mail()).gateway_id == "<7@wo.example>"
    [mail] = server.handler.taken
    assert (mail["Subject"], mail["To"], mail["From"]) == (
        "停机预告", "boss@chenguang.example", "notice@wo.example",
    )  # fmt: skip
    assert mail.get_content().split() == ["您好", "再见"]
    assert (mail["Message-ID"], mail["Auto-Submitted"]) == ("<7@wo.example>", "auto-generated")


@pytest.mark.parametrize(
    ("name", "outcome", "error"),
    [
        ("nobody", Outcome.REFUSED, "550 no such mailbox"),
        ("full", Outcome.PUT_OFF, "452 no room in the mailbox"),
    ],
)
def test_a_refusal_says_why_and_whether_it_is_for_good(
    carrier, name: str, outcome: Outcome, error: str
) -> None:
    answer = carrier.send(a_mail(f"{name}@chenguang.example"))
    assert (answer.outcome, answer.error) == (outcome, error)
    assert carrier.send(a_mail()).outcome == Outcome.ACCEPTED


def test_a_line_that_breaks_leaves_nobody_knowing(server, carrier) -> None:
    server.handler.drop_after = 1
    answer = carrier.send(a_mail())
    assert (answer.outcome, answer.error, len(server.handler.taken)) == (Outcome.UNKNOWN, GONE, 1)
    assert carrier.send(a_mail()).outcome == Outcome.ACCEPTED


def test_nobody_there_is_for_now() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = MailCarrier("127.0.0.1", free.getsockname()[1], sender="notice@wo.example")
    answer = nobody.send(a_mail())
    assert (answer.outcome, answer.error) == (Outcome.PUT_OFF, NOBODY)
