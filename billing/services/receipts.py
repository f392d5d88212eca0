"""Receipts 收据: numbered without gaps per hall and day, reprints marked."""

from datetime import datetime

from django.db import transaction

from billing.models import DrawerMovement, Receipt, ReceiptPrint
from billing.queries.locked import lock_receipts
from bss.kernel import audit
from bss.kernel.periods import business_date


def issue(movement: DrawerMovement, *, received_fen: int, at: datetime) -> Receipt:
    """Give money that came in its receipt; the caller's transaction makes both or neither.

    Units: ``received_fen`` is what the customer handed over, change included.
    Locks: the hall's numbers of the day; nothing is locked after them.
    """
    channel_id, day = movement.shift.channel_id, business_date(at)
    lock_receipts(channel_id, day)
    last = Receipt.objects.filter(channel=channel_id, day=day).order_by("-number").first()
    return Receipt.objects.create(
        movement=movement,
        channel_id=channel_id,
        day=day,
        number=last.number + 1 if last else 1,
        amount_fen=movement.amount_fen,
        received_fen=received_fen,
        issued_at=at,
    )


@transaction.atomic
def print_receipt(*, receipt_id: int, by_id: int, at: datetime) -> ReceiptPrint:
    """Note one more print of a receipt; every one after the first is a reprint 补打.

    Locks: the receipt.
    """
    receipt = (
        Receipt.objects.select_for_update(no_key=True, of=("self",))
        .select_related("movement__account")
        .get(pk=receipt_id)
    )
    number = receipt.prints.count() + 1
    printed = ReceiptPrint.objects.create(
        receipt=receipt, number=number, printed_by_id=by_id, printed_at=at
    )
    audit.record(
        action="receipt.print",
        subject=f"receipt:{receipt.pk}",
        customer_id=receipt.movement.account.owner_id,
        staff_id=by_id,
        at=at,
        detail={"receipt": receipt.pk, "print": number},
    )
    return printed
