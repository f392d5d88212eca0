"""One-off fees that wait for the bill of their month."""

from datetime import datetime

from django.db import transaction

from billing.models import BillLine, Charge, ClosedMonth
from bss.kernel.errors import BadInputError
from bss.kernel.periods import Month

ONE_OFF = BillLine.Item.ONE_OFF_FEE.value


@transaction.atomic
def charge_once(
    *,
    subscription_id: int,
    amount_fen: int,
    category: str,
    order_ref: str,
    arose_at: datetime,
    month: Month,
    item: str = ONE_OFF,
    memo: str = "",
    account_id: int | None = None,
) -> Charge | None:
    """Put a fee on the bill of ``month``; the same order, item and memo again charges nothing.

    Who pays is found when the month closes: the account that pays at ``arose_at`` (ACC-8), unless
    ``account_id`` names it. A fee of zero is none.
    Units:  ``category`` is a kind of charge of the catalogue's tax table, such as ``installation``.
    Raises: BadInputError when the month is closed (BIL-7).
    """
    if not amount_fen:
        return None
    if ClosedMonth.objects.filter(month=month.first_day).exists():
        raise BadInputError(("month", "该月已关帐，费用须记入以后月份。"))
    charge, _ = Charge.objects.get_or_create(
        order_ref=order_ref,
        subscription_id=subscription_id,
        item=item,
        memo=memo,
        defaults={
            "amount_fen": amount_fen,
            "tax_category": category,
            "arose_at": arose_at,
            "month": month.first_day,
            "account_id": account_id,
        },
    )
    return charge
