"""Which unified account pays a bundle: one in use that the customer names, or a new one (ACC-1)."""

from datetime import datetime

from billing.models import Account, BundleAccount
from billing.services import accounts
from bss.kernel.errors import BadInputError
from orders.rules.requests import OpenBundleOrder


def choose_account(request: OpenBundleOrder, *, at: datetime) -> int:
    """The account by its id; by its name among the customer's; else a new one of that name."""
    if request.account_id is not None:
        return _known(request.account_id)
    if not request.account_name:
        raise BadInputError(("account", "请选择统一帐户，或为新帐户取名。"))
    named = Account.objects.filter(
        kind=Account.Kind.UNIFIED, owner=request.customer_id, name=request.account_name
    )
    known = named.order_by("id").values_list("id", flat=True).first()
    if known is not None:
        return known
    return accounts.open_unified(owner_id=request.customer_id, name=request.account_name, at=at).pk


def account_of_bundle(bundle_id: int) -> int:
    """The unified account that pays a bundle's fees."""
    return BundleAccount.objects.values_list("account_id", flat=True).get(bundle=bundle_id)


def _known(account_id: int) -> int:
    if not Account.objects.filter(pk=account_id, kind=Account.Kind.UNIFIED).exists():
        raise BadInputError(("account", "没有这个统一帐户。"))
    return account_id
