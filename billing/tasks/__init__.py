"""What the workers do for billing; a worker finds the tasks that are named here."""

from billing.tasks.bank_uploads import take_in_uploads
from billing.tasks.books import check
from billing.tasks.gateways import fetch_statements, look_at_open, send_refunds
from billing.tasks.messages import send_messages
from billing.tasks.month import close, run_credit, start
from billing.tasks.rejects import retry

__all__ = [
    "check",
    "close",
    "fetch_statements",
    "look_at_open",
    "retry",
    "run_credit",
    "send_messages",
    "send_refunds",
    "start",
    "take_in_uploads",
]
