"""银行收款: the tabs that lead from one of its pages to the others."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import Account, UnidentifiedPayment
from billing.queries.unidentified import source_name
from billing.rules.banks import BANKS, bank_name
from customers.models import Customer

SHORT_NAME = 4


def tabs() -> list[tuple[str, str, str]]:
    return [
        ("debits", _("托收批次"), reverse("billing:debits")),
        ("files", _("银行文件"), reverse("billing:bank_files")),
        ("unidentified", _("不明来款"), reverse("billing:unidentified")),
        ("mandates", _("托收协议"), reverse("billing:mandates")),
    ]


def crumbs(*last: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("银行收款"), reverse("billing:debits")), *last]


def bank_of(row: Any) -> str:
    """The bank of a row by its name."""
    return _(bank_name(row.bank))


def source_of(money: UnidentifiedPayment) -> str:
    """The bank or the gateway that it came by."""
    return _(source_name(money.source))


def payer_shown(name: str) -> str:
    """A payer as pages name them: short names are persons' and masked."""
    return name[:1] + "*" * (len(name) - 1) if len(name) <= SHORT_NAME else name


def kind_of_mandate(account: Account) -> str:
    """托收 of a company, 代扣 of a person."""
    person = account.owner.kind == Customer.Kind.INDIVIDUAL
    return _("代扣（个人）") if person else _("托收（对公）")


def banks() -> list[tuple[str, str]]:
    return [(bank.code, _(bank.name)) for bank in BANKS.values()]
