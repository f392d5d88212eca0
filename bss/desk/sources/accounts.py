"""Accounts by their code."""

from typing import Any

from django.utils.translation import gettext as _

from billing.models import Account
from bss.desk.links import address_of
from bss.desk.search import Group, Hit
from bss.kernel import access
from bss.kernel.scope import in_scope
from customers.models import Customer


def find_accounts(text: str, staff: Any, limit: int) -> Group | None:
    """The accounts whose code begins with the text; a person's account is named by its code."""
    if not access.admit(staff, "account.view"):
        return None
    accounts = Account.objects.filter(in_scope(staff, customer="owner__"))
    found = accounts.filter(code__istartswith=text).select_related("owner").order_by("id")
    rows = list(found[: limit + 1])
    return Group(
        title=_("帐户"),
        hits=tuple(_hit(account, text) for account in rows[:limit]),
        more_url=address_of("billing:list", q=text) if len(rows) > limit else "",
    )


def _hit(account: Account, text: str) -> Hit:
    company = account.owner.kind == Customer.Kind.ENTERPRISE
    return Hit(
        title=account.name if company else account.code,
        url=address_of("billing:account", account.code),
        detail=f"{account.code} · {_(account.get_kind_display())}",
        icon="account",
        exact=account.code == text.upper(),
    )
