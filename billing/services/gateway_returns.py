"""What goes back by a gateway: asked first, sent once, and followed until the gateway has said."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from billing.gateways.protocol import (
    GatewayAdapter,
    GatewayError,
    NoAnswerError,
    Returned,
    ReturnState,
)
from billing.models import GatewayRefund, Journal
from billing.queries.house import house_ledgers
from billing.queries.locked import alone_with
from billing.rules import house
from billing.services import refund_transfers
from billing.services.gateway_pauses import take_due
from billing.services.posting import Leg, post
from billing.services.unidentified import take_again
from bss.kernel import audit, notices
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.units import yuan

LONGEST_PAUSE_S = 3600
REASON = "退款"
GOES_ON = "网关已在办理这笔退款，不能撤回；请稍后再看结果。"
SAID_NO = "网关没有退 %(amount)s 元（%(number)s），款项已回到原处；请看原因，改用其他方式。"
State, Problem = GatewayRefund.State, GatewayRefund.Problem
REFUSALS = {ReturnState.TOO_OLD: Problem.TOO_OLD, ReturnState.REFUSED: Problem.SAID_NO}


@transaction.atomic
def claim(*, gateway: str, now: datetime, limit: int = 50) -> list[GatewayRefund]:
    """What waits at a gateway and nobody has asked about lately, for this process.

    Units: ``now`` is technical time.
    Locks: the rows, skipping those that another process has.
    """
    due = GatewayRefund.objects.filter(
        Q(look_after__isnull=True) | Q(look_after__lte=now), gateway=gateway, state=State.WAITING
    )
    return take_due(due, now=now, longest_pause_s=LONGEST_PAUSE_S, limit=limit)


def send_all(
    claimed: Iterable[GatewayRefund], *, gateway: GatewayAdapter, at: datetime, now: datetime
) -> int:
    """Send or ask about each; give how many are settled. A silent gateway is asked again."""
    settled = 0
    for back in claimed:
        try:
            settled += send(back, gateway=gateway, at=at, now=now).state != State.WAITING
        except GatewayError:
            continue
    return settled


def send(
    back: GatewayRefund, *, gateway: GatewayAdapter, at: datetime, now: datetime
) -> GatewayRefund:
    """Ask what became of it, and send what the gateway has not heard of; then follow.

    Never inside a transaction: whatever breaks in between is found again by asking.
    Units:  ``now`` is technical time.
    Raises: GatewayError, when the gateway gives no answer to believe.
    """
    with _alone(back):
        if _state_of(back) != State.WAITING:
            return back
        try:
            told = gateway.query_refund(number=back.trade_number, refund_number=back.number)
            if told.state is ReturnState.MISSING:
                told = gateway.refund(
                    number=back.trade_number,
                    refund_number=back.number,
                    amount_fen=back.amount_fen,
                    total_fen=back.total_fen,
                    reason=REASON,
                )
        except GatewayError:
            _wait(back, Problem.SILENT)
            raise
        return follow(back.pk, told, at=at, now=now)


def give_up(
    back: GatewayRefund, *, gateway: GatewayAdapter, at: datetime, now: datetime
) -> GatewayRefund:
    """Not by the gateway after all, where it has not heard of it: the money is where it was.

    Raises: GatewayError; BadInputError, when the gateway is at it already.
    """
    with _alone(back):
        told = gateway.query_refund(number=back.trade_number, refund_number=back.number)
        if told.state is ReturnState.MISSING:
            return _refuse(back.pk, Problem.GIVEN_UP, "", at=at)
        follow(back.pk, told, at=at, now=now)
    raise BadInputError(("", GOES_ON))


def follow(back_id: int, told: Returned, *, at: datetime, now: datetime) -> GatewayRefund:
    """Do in the books what the gateway says; told again, it changes nothing."""
    if told.state in REFUSALS:
        return _refuse(back_id, REFUSALS[told.state], told.why, at=at)
    back = GatewayRefund.objects.get(pk=back_id)
    if told.state is ReturnState.DONE and told.amount_fen in (None, back.amount_fen):
        return finish(back_id, done_at=told.done_at or now, at=at)
    short = told.state is ReturnState.SHORT
    return _wait(back, Problem.SHORT if short else Problem.NONE, why=told.why if short else "")


@transaction.atomic
def finish(back_id: int, *, done_at: datetime, at: datetime) -> GatewayRefund:
    """The gateway has sent it: the money leaves what it holds for the house.

    Units: ``done_at`` is the gateway's moment. Locks: the row.
    """
    back = _held(back_id)
    if back.state != State.WAITING:
        return back
    legs = _legs(back, to=house_ledgers()[house.clearing_of(back.gateway)])
    if back.refund is not None:
        refund_transfers.pay_out(back.refund, legs, at=at)
    else:
        post(kind=Journal.Kind.RETURNED, legs=legs, at=at, ref=back.number)
    back.finish(done_at=done_at, at=at)
    back.save()
    _record("gateway_refund.done", back, at=at)
    return back


@transaction.atomic
def _refuse(back_id: int, problem: str, why: str, *, at: datetime) -> GatewayRefund:
    """It did not go: the money is where it was. Locks: the row, then the account."""
    back = _held(back_id)
    if back.state != State.WAITING:
        return back
    back.refuse(problem=problem, why=why, at=at)
    back.save()
    _record("gateway_refund.refused", back, at=at)
    if back.refund is not None:
        refund_transfers.give_back(back.refund, at=at, by_id=back.refund.by_id)
        url = f"/billing/refunds/{back.refund_id}"
    else:
        assert back.unidentified is not None  # one of both, by a constraint
        legs = _legs(back, to=house_ledgers()[house.UNIDENTIFIED])
        take_again(back.unidentified, legs, at=at)
        url = f"/billing/unidentified/{back.unidentified_id}"
    if problem != Problem.GIVEN_UP:
        notices.notify_holders(
            permission="refund.settle",
            text=Sentence(SAID_NO, amount=yuan(back.amount_fen), number=back.number),
            url=url,
            at=at,
        )
    return back


def _wait(back: GatewayRefund, problem: str, *, why: str = "") -> GatewayRefund:
    waiting = GatewayRefund.objects.filter(pk=back.pk, state=State.WAITING)
    waiting.update(problem=problem, why=why[:200])
    back.refresh_from_db()
    return back


@contextmanager
def _alone(back: GatewayRefund) -> Iterator[None]:
    """Nobody gives up what somebody is just sending. Raises: NoAnswerError, when another has it."""
    with alone_with(f"gateway_refund:{back.number}") as alone:
        if not alone:
            raise NoAnswerError("another process is at it")
        yield


def _state_of(back: GatewayRefund) -> str:
    back.refresh_from_db()
    return str(back.state)


def _held(back_id: int) -> GatewayRefund:
    rows = GatewayRefund.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("refund", "unidentified").get(pk=back_id)


def _legs(back: GatewayRefund, *, to: int) -> list[Leg]:
    return [
        Leg(ledger_id=house_ledgers()[house.REFUND_PAYABLE], amount_fen=-back.amount_fen),
        Leg(ledger_id=to, amount_fen=back.amount_fen),
    ]


def _record(action: str, back: GatewayRefund, *, at: datetime) -> None:
    audit.record(
        action=action,
        subject=f"gateway_refund:{back.pk}",
        customer_id=back.refund.account.owner_id if back.refund else None,
        staff_id=None,
        at=at,
        detail={
            "amount_fen": back.amount_fen,
            "gateway": back.gateway,
            "number": back.number,
            "problem": back.problem,
        },
    )
