"""Hand-over to the bank 缴款: confirmed takings leave in a sealed bag and come back as a slip."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from billing.models import DayClose, Handover, HandoverPart, Journal
from billing.queries.house import house_ledgers
from billing.queries.locked import lock_key
from billing.rules import house
from billing.rules.cash_count import CASH
from billing.services.posting import Leg, post
from bss.kernel import audit
from bss.kernel.errors import BadInputError
from bss.kernel.rulebook import refuse


@transaction.atomic
def pack(
    *, channel_id: int, close_ids: Collection[int], bag_number: str, by_id: int, at: datetime
) -> Handover:
    """Put the takings of confirmed days into one bag; the same bag again is the first one.

    Source: PAY-3. Locks: the bag's number, the closes.
    Raises: RefusedError (PAY-1, PAY-3); BadInputError.
    """
    bag_number = bag_number.strip()
    if not bag_number or not close_ids:
        raise BadInputError(("bag", "请填写封包号，并选择要缴的日结。"))
    lock_key(f"bag:{bag_number}")
    before = Handover.objects.filter(bag_number=bag_number).first()
    if before is not None:
        if set(before.parts.values_list("close", flat=True)) == set(close_ids):
            return before
        raise refuse("PAY-1", "封包号 %(bag)s 已用过，请核对", bag=bag_number)
    closes = _held(channel_id, close_ids)
    amount_fen = sum(close.takings_fen for close in closes)
    if amount_fen <= 0:
        raise refuse("PAY-3", "所选日结合计没有可缴的现金")
    houses = house_ledgers()
    handover = Handover.objects.create(
        channel_id=channel_id,
        bag_number=bag_number,
        amount_fen=amount_fen,
        packed_by_id=by_id,
        packed_at=at,
        journal=post(
            kind=Journal.Kind.HANDOVER,
            legs=[
                Leg(ledger_id=houses[house.cash_of(CASH)], amount_fen=amount_fen),
                Leg(ledger_id=houses[house.IN_TRANSIT], amount_fen=-amount_fen),
            ],
            at=at,
            ref=bag_number,
            by_id=by_id,
        ),
    )
    HandoverPart.objects.bulk_create(
        [HandoverPart(handover=handover, close=c, amount_fen=c.takings_fen) for c in closes]
    )
    _record("handover.pack", handover, by_id=by_id, at=at, amount_fen=amount_fen)
    return handover


@transaction.atomic
def bank(
    *, handover_id: int, slip_number: str, banked_fen: int, by_id: int, at: datetime
) -> Handover:
    """The bank's slip is in: the bag is banked; what it lacked or had too much is 长短款.

    Locks:  the handover.
    Raises: RefusedError (PAY-1: banked already by another slip; PAY-3: by whoever packed it);
            BadInputError.
    """
    slip_number = slip_number.strip()
    if not slip_number or banked_fen < 0:
        raise BadInputError(("slip", "请填写银行回单号和银行实收金额。"))
    lock_key(f"slip:{slip_number}")
    handover = Handover.objects.select_for_update(no_key=True).get(pk=handover_id)
    if handover.state == Handover.State.BANKED:
        if (handover.slip_number, handover.banked_fen) == (slip_number, banked_fen):
            return handover
        raise refuse("PAY-1", "封包 %(bag)s 已凭回单入帐", bag=handover.bag_number)
    if Handover.objects.filter(slip_number=slip_number).exists():
        raise refuse("PAY-1", "回单号 %(slip)s 已用于另一个封包，请核对", slip=slip_number)
    if handover.packed_by_id == by_id:
        raise refuse("PAY-3", "封包人不能确认自己的缴款，请另一位主管凭回单确认")
    handover.banked_journal = _post_banked(handover, banked_fen, at=at, by_id=by_id)
    handover.bank(slip_number=slip_number, banked_fen=banked_fen, by_id=by_id, at=at)
    handover.save()
    _record("handover.bank", handover, by_id=by_id, at=at, amount_fen=banked_fen)
    return handover


def _held(channel_id: int, close_ids: Collection[int]) -> list[DayClose]:
    rows = DayClose.objects.select_for_update(no_key=True, of=("self",))
    closes = list(rows.filter(pk__in=close_ids, shift__channel=channel_id).order_by("pk"))
    gone = HandoverPart.objects.filter(close__in=close_ids).exists()
    if gone or len(closes) != len(set(close_ids)):
        raise refuse("PAY-3", "所选日结已缴款，或不属于这个营业厅，请重新选择")
    return closes


def _post_banked(handover: Handover, banked_fen: int, *, at: datetime, by_id: int) -> Journal:
    houses = house_ledgers()
    return post(
        kind=Journal.Kind.BANKED,
        legs=[
            Leg(ledger_id=houses[house.IN_TRANSIT], amount_fen=handover.amount_fen),
            Leg(ledger_id=houses[house.BANK], amount_fen=-banked_fen),
            Leg(ledger_id=houses[house.OVER_SHORT], amount_fen=banked_fen - handover.amount_fen),
        ],
        at=at,
        ref=handover.bag_number,
        by_id=by_id,
    )


def _record(action: str, handover: Handover, *, by_id: int, at: datetime, amount_fen: int) -> None:
    audit.record(
        action=action,
        subject=f"handover:{handover.pk}",
        staff_id=by_id,
        at=at,
        detail={"amount_fen": amount_fen},
    )
