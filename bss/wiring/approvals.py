"""What needs a second person: kind → who decides, what they are shown, what is done, how long."""

from collections.abc import Mapping

from billing import bank_kinds as banks
from billing import close_kinds as closes
from billing import credit_kinds as credit
from billing import debt_kinds as debts
from billing import gateway_kinds as gateways
from billing import invoice_kinds as invoices
from billing import money_kinds as money
from billing import rerating_kinds as reratings
from bss.identity import approval_kinds as accounts
from bss.kernel.approvals import ApprovalKind
from bss.oversight import personal_kinds as personal
from bss.oversight import vault_kinds as vault
from customers import approval_kinds as customers
from customers import classify_kinds as classes
from customers import merge_kinds as merging

APPROVALS: Mapping[str, ApprovalKind] = {
    **accounts.APPROVALS,
    **customers.APPROVALS,
    **classes.APPROVALS,
    **merging.APPROVALS,
    **vault.APPROVALS,
    **personal.APPROVALS,
    **closes.APPROVALS,
    **credit.APPROVALS,
    **invoices.APPROVALS,
    **money.APPROVALS,
    **debts.APPROVALS,
    **reratings.APPROVALS,
    **banks.APPROVALS,
    **gateways.APPROVALS,
}
