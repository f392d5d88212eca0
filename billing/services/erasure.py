"""Accounts of an erased customer are named by their code; what they hold and owed stays.

Bank accounts and payers are forgotten; the money that came from them is told by its journals.
"""

from django.db import transaction
from django.db.models import F, Q

from billing.models import Account, BankMandate, NoticeAddress, StatementLine


@transaction.atomic
def forget_customer(*, customer_id: int) -> int:
    """Gives how many accounts were renamed."""
    NoticeAddress.objects.filter(account__owner=customer_id).delete()
    mandates = BankMandate.objects.filter(account__owner=customer_id)
    mandates.update(number="", number_index="", holder="")
    assigned = Q(unidentified__payment__account__owner=customer_id)
    lines = StatementLine.objects.filter(Q(account__owner=customer_id) | assigned).values("pk")
    StatementLine.objects.filter(pk__in=lines).update(
        payer_name="", payer_number="", payer_index="", remark=""
    )
    return Account.objects.filter(owner=customer_id).update(name=F("code"))
