"""The schedule of the business clock. A job takes the moment at which it was due."""

import logging
from collections.abc import Sequence
from datetime import datetime, time

from billing.queries.control_room import closed_at
from billing.services import (
    books,
    closing,
    credit_control,
    expiry,
    month_start,
    promises,
    rehearsal,
    usage_inbox,
)
from billing.tasks import bank_uploads, gateways, messages
from billing.tasks.bank_inbox import take_inbox
from billing.tasks.usage_archive import archive_usage
from bss.desk.services.advising import advise_all
from bss.identity.tasks.staff_idle import disable_idle_staff
from bss.identity.tasks.tokens import forget_tokens
from bss.identity.tasks.work_sessions import close_sessions
from bss.kernel import approvals
from bss.kernel.audit.jobs import anchor_and_check
from bss.kernel.models import BatchRun
from bss.kernel.periods import Month
from bss.kernel.schedule import Daily, Every, Job, Monthly, NotYetError
from bss.oversight.services import prewarning
from bss.oversight.tasks import keep_no_longer
from bss.wiring.grading import grade
from bss.wiring.points import keep_points
from customers.batch.duplicates import find_duplicates
from orders.services import resources
from orders.tasks import provisioning

log = logging.getLogger(__name__)

CLOSING = Monthly(day=3, at=time(2))


def start_month(*, at: datetime) -> None:
    """The 1st, 00:00: what is due takes effect (EFF-5)."""
    month_start.start_month(month=Month.of(at), at=at)


def rehearse_month(*, at: datetime) -> None:
    """The 2nd: the close of the month before is run through and undone (BIL-6)."""
    month = Month.of(at).previous
    if closed_at(month) is None:
        rehearsal.rehearse(month=month, at=at)


def close_month(*, at: datetime) -> None:
    """The 3rd: the bills of the month before are issued (CRD-2), when the policy allows it.

    Raises: NotYetError while steps are with others or wait for their next attempt. What is parked,
        paused or not approved waits for a person and holds nothing up.
    """
    try:
        run = closing.close_under_policy(month=Month.of(at).previous, at=at, again=False)
    except closing.NotApprovedError as waits:
        log.warning("close: %s", waits)
        return
    if run.state == BatchRun.State.RUNNING:
        raise NotYetError(f"{run} goes on")


def take_usage_in(*, at: datetime) -> None:
    """At night: the switches' files. Raises: NotYetError while others still load some of them."""
    for run in usage_inbox.take_in(at=at, again=False):
        if run.state == BatchRun.State.RUNNING:
            raise NotYetError(f"{run} goes on")


def close_approved(*, at: datetime, month: str) -> None:
    """Two persons approved it: it is billed at once when its day has come, else on its day."""
    of = Month.parse(month)
    if at >= CLOSING.following(CLOSING.latest(of.ends_at)):
        closing.close_under_policy(month=of, at=at)


def advise(*, at: datetime) -> None:
    """Each night: what every bundle would have cost on other combinations."""
    advise_all(at=at)


SCHEDULE: Sequence[Job] = (
    Job("month_start", Monthly(day=1, at=time(0)), start_month),
    Job("lapse_gifts", Daily(at=time(0, 10)), expiry.lapse_expired),
    Job("promises", Daily(at=time(0, 40)), promises.judge),
    Job("credit_run", Daily(at=time(1)), credit_control.run),
    Job("rehearsal", Monthly(day=2, at=time(4)), rehearse_month),
    Job("usage_inbox", Daily(at=time(1, 30)), take_usage_in, catch_up=False),
    Job("close_month", CLOSING, close_month),
    Job("archive_usage", Monthly(day=10, at=time(3)), archive_usage, catch_up=False),
    Job("books", Daily(at=time(2, 30)), books.check_books, catch_up=False),
    Job("bank_inbox", Daily(at=time(6)), take_inbox, catch_up=False),
    Job("advice", Daily(at=time(3, 15)), advise, catch_up=False),
    Job("audit_anchor", Daily(at=time(3)), anchor_and_check, catch_up=False),
    Job("forget_tokens", Daily(at=time(3, 30)), forget_tokens, catch_up=False),
    Job("idle_staff", Daily(at=time(4)), disable_idle_staff, catch_up=False),
    Job("sessions", Daily(at=time(4, 30)), close_sessions, catch_up=False),
    Job("grading", Daily(at=time(4)), grade, catch_up=False),
    Job("points", Daily(at=time(4)), keep_points, catch_up=False),
    Job("duplicates", Daily(at=time(4)), find_duplicates, catch_up=False),
    Job("retention", Daily(at=time(5)), keep_no_longer, catch_up=False),
    Job("gateway_statements", Daily(at=time(9, 30)), gateways.reconcile, catch_up=False),
    Job("release_numbers", Every(minutes=5), resources.release_expired, catch_up=False),
    Job("messages", Every(minutes=1), messages.sweep, catch_up=False),
    Job("bank_uploads", Every(minutes=1), bank_uploads.sweep, catch_up=False),
    Job("provisioning_sweep", Every(minutes=1), provisioning.sweep, catch_up=False),
    Job("gateway_looks", Every(minutes=1), gateways.sweep, catch_up=False),
    Job("prewarning", Every(minutes=2), prewarning.look, catch_up=False),
    Job("expire_approvals", Every(minutes=5), approvals.expire_due, catch_up=False),
)
