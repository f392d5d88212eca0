"""A cash desk of the world: a day that is closed and handed over, and a shift that is open."""

from datetime import datetime

from billing.models import Account
from billing.services import cash_desk, handovers, receipts, shifts
from bss.kernel.models import Staff
from channels.models import Channel
from tests.builders.staff import a_role


def about_a_desk(
    number: int, channel: Channel, account: Account, *, at: datetime
) -> dict[str, str]:
    cashier = Staff.objects.create_user(
        username=f"cashier{number}",
        display_name=f"测试收银员{number}",
        organisation=channel.organisation,
    )
    cashier.roles.add(a_role("clerk"))
    chief = Staff.objects.get(username="disabled")
    opened = {"cashier_id": cashier.pk, "channel_id": channel.pk, "opening_float_fen": 0, "at": at}
    closed = shifts.open_shift(**opened)
    receipt = cash_desk.take(
        account_id=account.pk, amount_fen=100, key=f"desk-{number}", at=at, by_id=cashier.pk
    )
    receipts.print_receipt(receipt_id=receipt.pk, by_id=cashier.pk, at=at)
    shifts.count_shift(shift_id=closed.pk, by_id=cashier.pk, pieces={100: 1}, slips={}, at=at)
    close = shifts.confirm_shift(shift_id=closed.pk, count_number=1, by_id=chief.pk, at=at)
    bag = handovers.pack(
        channel_id=channel.pk, close_ids=[close.pk], bag_number=f"B{number}", by_id=chief.pk, at=at
    )
    return {
        "receipt": str(receipt.pk),
        "shift": str(shifts.open_shift(**opened).pk),
        "closed_shift": str(closed.pk),
        "handover": str(bag.pk),
    }
