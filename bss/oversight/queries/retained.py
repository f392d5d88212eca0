"""What has been kept long enough, per kind of data; a customer's legal hold outlives it all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db.models import Exists, Max, Model, OuterRef, Q, QuerySet

from billing.models import (
    BankFileFault,
    BankUpload,
    GatewayNotice,
    Message,
    MessageAttempt,
    RejectCorrection,
    StatementLine,
    UsageReject,
)
from bss.identity.models import WorkSession
from bss.kernel.models import ApiCall, Approval, Notice, OutboxEvent, ScheduledRun
from bss.kernel.periods import business_date
from customers.models import Customer, Subscription
from customers.queries.legal_holds import in_force

Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One kind: ``over`` says of which rows a moment is the end of their keeping.

    ``customer`` is the path to whose hold keeps a row all the same. ``parts`` are rows that go
    before, by the foreign key that names theirs. What is to be emptied instead of deleted,
    ``clears`` says.
    """

    model: type[Model]
    over: Callable[[datetime], Q]
    customer: str = ""
    parts: Mapping[type[Model], str] = field(default_factory=dict)
    clears: Mapping[str, object] = field(default_factory=dict)

    def rows(self, before: datetime, at: datetime) -> Rows:
        found = self.model._base_manager.filter(self.over(before))
        if not self.customer:
            return found
        held = in_force(on=business_date(at)).filter(customer=OuterRef(self.customer))
        return found.filter(~Exists(held))


def customers(before: datetime, at: datetime) -> Rows:
    """Everything of theirs ended before that moment, and no hold is in force."""
    living = Subscription.objects.filter(owner=OuterRef("pk")).exclude(
        state=Subscription.State.TERMINATED
    )
    held = in_force(on=business_date(at)).filter(customer=OuterRef("pk"))
    ended = Customer.objects.annotate(last_ended_at=Max("subscriptions__ended_at"))
    return ended.filter(
        ~Exists(living),
        ~Exists(held),
        Q(last_ended_at__lt=before) | Q(last_ended_at=None, registered_at__lt=before),
        erased_at=None,
    )


def _later_run() -> Exists:
    """The latest occurrence of each job stays: the schedule goes on from it."""
    later = ScheduledRun.objects.filter(name=OuterRef("name"), due_at__gt=OuterRef("due_at"))
    return Exists(later)


_ON_THEIR_WAY = (Message.State.WAITING, Message.State.SENDING)
_NEVER_DONE = (Approval.State.REFUSED, Approval.State.EXPIRED, Approval.State.WITHDRAWN)
_NAMELESS = {"payer_name": "", "payer_number": "", "payer_index": "", "remark": ""}

KEPT: Mapping[str, Kept] = {
    "messages": Kept(
        model=Message,
        over=lambda before: Q(made_at__lt=before) & ~Q(state__in=_ON_THEIR_WAY),
        customer="account__owner",
        parts={MessageAttempt: "message"},
    ),
    "bank_payers": Kept(
        model=StatementLine,
        over=lambda before: (
            Q(booked_on__lt=business_date(before))
            & ~Q(**_NAMELESS)
            & ~Q(state=StatementLine.State.WAITING)
            & ~Q(unidentified__state="open")
        ),
        customer="account__owner",
        clears=_NAMELESS,
    ),
    "bank_faults": Kept(
        model=BankFileFault,
        over=lambda before: Q(file__done_at__lt=before) & ~Q(line=""),
        clears={"line": ""},
    ),
    "bank_uploads": Kept(model=BankUpload, over=lambda before: Q(settled_at__lt=before)),
    "gateway_notices": Kept(
        model=GatewayNotice,
        over=lambda before: Q(last_at__lt=before),
        customer="order__account__owner",
    ),
    "approvals": Kept(
        model=Approval,
        over=lambda before: Q(decided_at__lt=before, state__in=_NEVER_DONE),
    ),
    "notices": Kept(model=Notice, over=lambda before: Q(at__lt=before)),
    "work_sessions": Kept(model=WorkSession, over=lambda before: Q(ended_at__lt=before)),
    "failed_sign_ins": Kept(model=AccessAttempt, over=lambda before: Q(attempt_time__lt=before)),
    "rejects": Kept(
        model=UsageReject,
        over=lambda before: Q(file__loaded_at__lt=before) & ~Q(state=UsageReject.State.OPEN),
        parts={RejectCorrection: "reject"},
    ),
    "outbox": Kept(model=OutboxEvent, over=lambda before: Q(handled_at__lt=before)),
    "api_calls": Kept(model=ApiCall, over=lambda before: Q(at__lt=before)),
    "scheduled_runs": Kept(
        model=ScheduledRun, over=lambda before: Q(_later_run(), done_at__lt=before)
    ),
    "sessions": Kept(model=Session, over=lambda before: Q(expire_date__lt=before)),
}


def due(kind: str, before: datetime, at: datetime) -> Rows:
    """The rows of a kind that have been kept long enough."""
    return customers(before, at) if kind == "customers" else KEPT[kind].rows(before, at)
