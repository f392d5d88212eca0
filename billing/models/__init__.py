from billing.models.account import Account, BundleAccount, Charge, DebtStop, PayRelation
from billing.models.adjustment import Adjustment
from billing.models.advice import AdviceLimit, BundleAdvice
from billing.models.bank_file import BankFile, BankFileFault
from billing.models.bank_mandate import BankMandate
from billing.models.bank_statement import StatementLine
from billing.models.bank_upload import BankUpload
from billing.models.bill import Bill, BillLine, ClosedMonth, RevenueShare, StartedMonth
from billing.models.books_check import BooksCheck
from billing.models.credit_limit import ClassLimit, CreditLimit, Exposure
from billing.models.credit_run import CreditRun, ParkedAccount
from billing.models.debit_batch import DebitBatch, DebitLine
from billing.models.gateway import Gateway, GatewayOrder
from billing.models.gateway_notice import GatewayNotice
from billing.models.gateway_refund import GatewayRefund
from billing.models.handover import Handover, HandoverPart
from billing.models.invoice import Invoice, InvoiceBook, InvoiceCover, InvoiceLine
from billing.models.ledger import Entry, Journal, Ledger, LedgerRelease, Payment
from billing.models.message import (
    Language,
    Medium,
    Message,
    MessageAttempt,
    MessageTemplate,
    NoticeAddress,
)
from billing.models.promise import Promise
from billing.models.reason import Reason
from billing.models.receipt import Receipt, ReceiptPrint
from billing.models.reconciliation import Reconciliation, ReconciliationLine
from billing.models.refund import Refund
from billing.models.rehearsal import Rehearsal
from billing.models.reject_correction import RejectCorrection
from billing.models.reminder import Reminder, ReminderBill, ReminderStep
from billing.models.rerating import ReratedLine, Rerating
from billing.models.till import CountedMeans, DayClose, DrawerCount, DrawerMovement, Shift
from billing.models.transfer import Transfer
from billing.models.unbilled_account import UnbilledAccount
from billing.models.unidentified import UnidentifiedPayment
from billing.models.usage import UsageFile, UsageReject
from billing.models.usage_archive import UsageArchive, UsageArchiveFile
from billing.models.usage_gap import UsageGap
from billing.models.write_off import Recovery, WriteOff, WriteOffPart

__all__ = [
    "Account",
    "Adjustment",
    "AdviceLimit",
    "BankFile",
    "BankFileFault",
    "BankMandate",
    "BankUpload",
    "Bill",
    "BillLine",
    "BooksCheck",
    "BundleAccount",
    "BundleAdvice",
    "Charge",
    "ClassLimit",
    "ClosedMonth",
    "CountedMeans",
    "CreditLimit",
    "CreditRun",
    "DayClose",
    "DebitBatch",
    "DebitLine",
    "DebtStop",
    "DrawerCount",
    "DrawerMovement",
    "Entry",
    "Exposure",
    "Gateway",
    "GatewayNotice",
    "GatewayOrder",
    "GatewayRefund",
    "Handover",
    "HandoverPart",
    "Invoice",
    "InvoiceBook",
    "InvoiceCover",
    "InvoiceLine",
    "Journal",
    "Language",
    "Ledger",
    "LedgerRelease",
    "Medium",
    "Message",
    "MessageAttempt",
    "MessageTemplate",
    "NoticeAddress",
    "ParkedAccount",
    "PayRelation",
    "Payment",
    "Promise",
    "Reason",
    "Receipt",
    "ReceiptPrint",
    "Reconciliation",
    "ReconciliationLine",
    "Recovery",
    "Refund",
    "Rehearsal",
    "RejectCorrection",
    "Reminder",
    "ReminderBill",
    "ReminderStep",
    "ReratedLine",
    "Rerating",
    "RevenueShare",
    "Shift",
    "StartedMonth",
    "StatementLine",
    "Transfer",
    "UnbilledAccount",
    "UnidentifiedPayment",
    "UsageArchive",
    "UsageArchiveFile",
    "UsageFile",
    "UsageGap",
    "UsageReject",
    "WriteOff",
    "WriteOffPart",
]
