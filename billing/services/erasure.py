"""Accounts of an erased customer are named by their code; what they hold and owed stays."""

from django.db import transaction
from django.db.models import F

from billing.models import Account, NoticeAddress


@transaction.atomic
def forget_customer(*, customer_id: int) -> int:
    """Gives how many accounts were renamed."""
    NoticeAddress.objects.filter(account__owner=customer_id).delete()
    return Account.objects.filter(owner=customer_id).update(name=F("code"))
