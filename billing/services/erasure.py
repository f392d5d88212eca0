"""Accounts of an erased customer are named by their code; what they hold and owed stays.

Bank accounts, payers and payees are forgotten, and what the customer was told; the money is told
by its journals. Invoices keep their buyer: they are vouchers, and never changed.
"""

from django.db import transaction
from django.db.models import F, Func, JSONField, Q, Value

from billing.models import (
    Account,
    BankMandate,
    Message,
    MessageAttempt,
    NoticeAddress,
    Promise,
    Refund,
    StatementLine,
    Transfer,
)
from bss.kernel.models import Approval

REFUND = "refund.make"
PAYEE = ("payee_name", "payee_bank", "payee_account", "tail", "remark")


@transaction.atomic
def forget_customer(*, customer_id: int) -> int:
    """Gives how many accounts were renamed."""
    accounts = Account.objects.filter(owner=customer_id)
    _forget_what_was_told(customer_id)
    _forget_payers(customer_id)
    _forget_payees(customer_id)
    Promise.objects.filter(account__owner=customer_id).update(note="")
    Transfer.objects.filter(Q(source__in=accounts) | Q(target__in=accounts)).update(note="")
    return accounts.update(name=F("code"))


def _forget_what_was_told(customer_id: int) -> None:
    NoticeAddress.objects.filter(account__owner=customer_id).delete()
    told = Message.objects.filter(account__owner=customer_id)
    MessageAttempt.objects.filter(message__in=told.values("pk")).delete()
    told.delete()


def _forget_payers(customer_id: int) -> None:
    mandates = BankMandate.objects.filter(account__owner=customer_id)
    mandates.update(number="", number_index="", holder="")
    assigned = Q(unidentified__payment__account__owner=customer_id)
    lines = StatementLine.objects.filter(Q(account__owner=customer_id) | assigned).values("pk")
    StatementLine.objects.filter(pk__in=lines).update(
        payer_name="", payer_number="", payer_index="", remark=""
    )


def _forget_payees(customer_id: int) -> None:
    """Where refunds went, and who asked that they go there: also those that were refused."""
    refunds = Refund.objects.filter(account__owner=customer_id)
    refunds.update(payee_name="", payee_bank="", payee_account="", note="")
    accounts = list(Account.objects.filter(owner=customer_id).values_list("pk", flat=True))
    nameless = Func(
        F("payload"),
        Value(list(PAYEE)),
        template="(%(expressions)s::text[])",
        arg_joiner=" - ",
        output_field=JSONField(),
    )
    asked = Approval.objects.filter(kind=REFUND, payload__account_id__in=accounts)
    asked.exclude(state=Approval.State.ASKED).update(payload=nameless)
