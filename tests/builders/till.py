"""Cashiers at work, for tests: through the services alone."""

from billing.models import Account, DayClose, DrawerCount, Receipt, Shift
from billing.services import cash_desk, handovers, receipts, shifts
from bss.kernel.models import Staff
from channels.models import Channel
from tests.builders.billing import a_channel, moment

MORNING = moment("2026-11-05T08:30")
NOON = moment("2026-11-05T12:00")
EVENING = moment("2026-11-05T18:00")
FLOAT_FEN = 500_00


def a_cashier(username: str = "cashier", *, role: str = "clerk") -> Staff:
    """Someone who works at the hall of ``a_channel``."""
    from tests.billing.views.house import a_member_of_staff

    return a_member_of_staff(role, username)


def a_desk_day(supervisor: Staff) -> None:
    """Somebody's two closed days, one of them in a bag, and the supervisor's own open shift."""
    account = Account.objects.earliest("pk")
    channel = Channel.objects.filter(organisation__isnull=False).earliest("pk")
    cashier = Staff.objects.create_user(username="till01", display_name="收银员一")
    for day in range(2):
        shift = a_shift(cashier, channel=channel)
        taken(account, cashier, 100_00, f"day{day}")
        taken(account, cashier, 20_00, f"card{day}", means="card")
        counted(shift, pieces={100_00: 6, 10: day}, card=20_00)
        close = confirmed(shift, supervisor, remark="checked")
    handovers.pack(
        channel_id=channel.pk,
        close_ids=[close.pk],
        bag_number="BAG-1",
        by_id=supervisor.pk,
        at=EVENING,
    )
    own = a_shift(supervisor, channel=channel)
    receipt = taken(account, supervisor, 50_00, "own", received_fen=100_00)
    for _ in range(2):
        receipts.print_receipt(receipt_id=receipt.pk, by_id=own.cashier_id, at=NOON)


def a_shift(cashier: Staff, *, float_fen: int = FLOAT_FEN, at=MORNING, channel=None) -> Shift:
    return shifts.open_shift(
        cashier_id=cashier.pk,
        channel_id=(channel or a_channel()).pk,
        opening_float_fen=float_fen,
        at=at,
    )


def taken(account, cashier: Staff, amount_fen: int, key: str = "t1", *, at=NOON, **more) -> Receipt:
    if more.get("means", "cash") != "cash":
        more.setdefault("reference", f"slip-{key}")
    return cash_desk.take(
        account_id=account.pk, amount_fen=amount_fen, key=key, at=at, by_id=cashier.pk, **more
    )


def counted(shift: Shift, *, pieces=None, at=EVENING, **slips: int) -> DrawerCount:
    """Without ``pieces``: as if only the float were in the drawer."""
    return shifts.count_shift(
        shift_id=shift.pk,
        by_id=shift.cashier_id,
        pieces={100_00: 5} if pieces is None else pieces,
        slips=slips,
        at=at,
    )


def confirmed(shift: Shift, checker: Staff, *, remark: str = "", at=EVENING) -> DayClose:
    return shifts.confirm_shift(
        shift_id=shift.pk,
        count_number=shift.counts.count(),
        by_id=checker.pk,
        at=at,
        remark=remark,
    )
