"""Monthly parts of prepayments 分月返还 come into their ledgers (ACC-5)."""

from datetime import datetime

from billing.batch import sql
from billing.models import LedgerRelease
from billing.queries.house import house_ledgers
from billing.queries.locked import hold_accounts
from billing.rules import house
from billing.services.settlement import settle
from bss.kernel.periods import Month


def release_parts(*, month: Month, at: datetime) -> int:
    """Release every part due by the month's 1st, ledger by ledger; gives the fen that came.

    Unpaid bills are paid after each ledger's money.
    Locks: the accounts that receive.
    """
    due = LedgerRelease.objects.filter(
        state=LedgerRelease.State.TO_COME, month__lte=month.first_day
    )
    hold_accounts(sorted(set(due.values_list("target__account_id", flat=True))))
    parameters = {
        "month": month.first_day,
        "at": at,
        "prepaid": house_ledgers()[house.PREPAID],
    }
    total_fen = 0
    while came := sql.run("release_parts", parameters):
        total_fen += sum(amount_fen for _, amount_fen in came)
        settle(account_ids={account for account, _ in came}, at=at)
    return total_fen
