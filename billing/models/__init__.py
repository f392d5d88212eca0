from billing.models.account import Account, BundleAccount, Charge, DebtStop, PayRelation
from billing.models.bill import Bill, BillLine, ClosedMonth, RevenueShare, StartedMonth
from billing.models.ledger import Entry, Journal, Ledger, LedgerRelease, Payment
from billing.models.usage import UsageFile, UsageReject

__all__ = [
    "Account",
    "Bill",
    "BillLine",
    "BundleAccount",
    "Charge",
    "ClosedMonth",
    "DebtStop",
    "Entry",
    "Journal",
    "Ledger",
    "LedgerRelease",
    "PayRelation",
    "Payment",
    "RevenueShare",
    "StartedMonth",
    "UsageFile",
    "UsageReject",
]
