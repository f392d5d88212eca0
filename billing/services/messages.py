"""Messages on their way: claimed, attempted, answered; tried again, given up, or not needed now.

An attempt is a row that is committed before the gateway is spoken to, so that each is made at most
once and none is forgotten. What was cut off is tried again: better told twice than stopped untold
(docs/adr, "nobody is told twice, and nobody at night").
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import F, Max, Q

from billing.messaging.carrier import Answer, Carrier, Outcome, Outgoing, Receipt
from billing.models import Medium, Message, MessageAttempt, ReminderStep
from billing.queries.message_texts import Ready, ready_of
from billing.rules import notices
from bss.kernel.errors import BadInputError
from bss.kernel.periods import BUSINESS_ZONE

Claimed = tuple[Message, MessageAttempt]
State = Message.State
CLAIM_S = 300
NOT_TO_RETRY = "这条通知没有失败，不需要重发。"
CUT_OFF = "上次发送中断，结果不明。"
NOT_RECEIVED = "没有送达：对方关机、停机或不在服务区。"


@transaction.atomic
def claim(
    *, medium: str, now: datetime, at: datetime, quiet: tuple[time, time], limit: int = 100
) -> list[Claimed]:
    """What is to be sent next, each with its attempt; for this process alone.

    A claim ends by itself, so that a killed worker's come back: the attempt that was cut off is
    kept as unknown. In the quiet hours only what answers the customer's own payment goes out.
    Units: ``now`` is technical time, ``at`` business time.
    Locks: the messages, skipping those that another process has.
    """
    due = Message.objects.filter(
        Q(retry_after__isnull=True) | Q(retry_after__lte=now),
        medium=medium,
        state__in=[State.WAITING, State.SENDING],
    )
    time_of_day = at.astimezone(BUSINESS_ZONE).time()
    if medium == Medium.SMS and notices.is_quiet(time_of_day, quiet=quiet):
        due = due.filter(reminder__step__anchor=ReminderStep.Anchor.RESUMED)
    claimed = list(due.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:limit])
    keys = [message.pk for message in claimed]
    MessageAttempt.objects.filter(message__in=keys, ended_at__isnull=True).update(
        ended_at=now, outcome=Outcome.UNKNOWN, error=CUT_OFF
    )
    Message.objects.filter(pk__in=keys).update(
        state=State.SENDING,
        attempts=F("attempts") + 1,
        retry_after=now + timedelta(seconds=CLAIM_S),
    )
    made = dict(
        MessageAttempt.objects.filter(message__in=keys)
        .values_list("message")
        .annotate(made=Max("number"))
    )
    attempts = MessageAttempt.objects.bulk_create(
        MessageAttempt(message=message, number=made.get(message.pk, 0) + 1, started_at=now)
        for message in claimed
    )
    for message in claimed:
        message.attempts += 1
    return list(zip(claimed, attempts, strict=True))


def send(
    claimed: Sequence[Claimed],
    *,
    carrier: Carrier,
    at: datetime,
    now: datetime,
) -> int:
    """Hand over what is still needed; how many were taken. Each answer is kept at once."""
    ready = ready_of([message for message, _ in claimed], at=at)
    taken = 0
    for message, attempt in claimed:
        text = ready[message.pk]
        if text.obstacle:
            refused = Answer(outcome=Outcome.REFUSED, error=text.obstacle)
            _settle(message, attempt, text, refused, now=now)
            continue
        answer = carrier.send(
            Outgoing(
                reference=message.pk,
                recipient=text.recipient,
                subject=text.subject,
                text=text.text,
            )
        )
        _settle(message, attempt, text, answer, now=now)
        taken += answer.outcome == Outcome.ACCEPTED
    return taken


@transaction.atomic
def hear(receipt: Receipt, *, now: datetime) -> bool:
    """Keep what became of a message that was taken; whether it is one of ours.

    The last word counts, and hearing it again changes nothing.
    """
    attempt = (
        MessageAttempt.objects.select_for_update(of=("self",))
        .filter(gateway_id=receipt.gateway_id)
        .order_by("-pk")
        .first()
    )
    if attempt is None:
        return False
    attempt.receipt, attempt.receipt_at = receipt.state[:20], now
    attempt.save(update_fields=["receipt", "receipt_at"])
    if receipt.final:
        state = State.DELIVERED if receipt.delivered else State.UNDELIVERED
        open_ones = Message.objects.filter(pk=attempt.message_id).exclude(state=State.DELIVERED)
        error = "" if receipt.delivered else NOT_RECEIVED
        open_ones.update(state=state, settled_at=now, last_error=error)
    return True


@transaction.atomic
def try_again(*, message_id: int) -> None:
    """Send a dead letter once more, with as many attempts as before. Raises: BadInputError."""
    dead = Message.objects.filter(pk=message_id, state__in=[State.FAILED, State.UNDELIVERED])
    if not dead.update(
        state=State.WAITING, rounds=F("rounds") + 1, attempts=0, retry_after=None, settled_at=None
    ):
        raise BadInputError(("", NOT_TO_RETRY))


@transaction.atomic
def _settle(
    message: Message, attempt: MessageAttempt, text: Ready, answer: Answer, *, now: datetime
) -> None:
    MessageAttempt.objects.filter(pk=attempt.pk).update(
        ended_at=now,
        outcome=answer.outcome.value,
        error=answer.error[:200],
        gateway_id=answer.gateway_id[:80],
    )
    Message.objects.filter(pk=message.pk, state=State.SENDING).update(
        **_becomes(message, text, answer, now=now),
        recipient=text.masked[:120],
        text=text.text,
        last_error=answer.error[:200],
    )


def _becomes(message: Message, text: Ready, answer: Answer, *, now: datetime) -> dict[str, object]:
    """The state that follows from the answer, and when to try again."""
    if not text.needed:
        return {"state": State.CANCELLED, "retry_after": None, "settled_at": now}
    if answer.outcome == Outcome.ACCEPTED:
        return {"state": State.SENT, "retry_after": None, "sent_at": now}
    if answer.outcome == Outcome.REFUSED:
        return {"state": State.FAILED, "retry_after": None}
    if message.attempts >= notices.ATTEMPTS:
        return {"state": State.FAILED, "retry_after": None}
    pause = timedelta(seconds=notices.pause_s(message.attempts))
    return {"state": State.WAITING, "retry_after": now + pause}
