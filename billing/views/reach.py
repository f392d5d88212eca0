"""Which accounts and bills a member of staff reaches; one outside is not there (404)."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from billing.models import Account, Bill
from bss.kernel.scope import in_scope
from customers.queries.shown_names import shown_name


def accounts_reached_by(staff: Any) -> QuerySet[Account]:
    return Account.objects.filter(in_scope(staff, customer="owner__"))


def bills_reached_by(staff: Any) -> QuerySet[Bill]:
    return Bill.objects.filter(in_scope(staff, customer="account__owner__"))


def account_or_404(staff: Any, code: str) -> Account:
    """Raises: Http404 when there is none, or it is another manager's."""
    account = accounts_reached_by(staff).filter(code=code).select_related("owner").first()
    if account is None:
        raise Http404(f"no account {code}")
    return account


def bill_or_404(staff: Any, bill_id: int) -> Bill:
    """Raises: Http404 when there is none, or it is another manager's."""
    bill = bills_reached_by(staff).filter(pk=bill_id).first()
    if bill is None:
        raise Http404(f"no bill {bill_id}")
    return bill


def account_name(account: Account) -> str:
    """An independent account is called as its owner is."""
    if account.name == account.owner.name:
        return shown_name(account.owner)
    return account.name
