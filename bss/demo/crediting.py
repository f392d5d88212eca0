"""Credit control of the demo: steps, limits, lists, runs, and messages that arrive."""

from datetime import datetime, time, timedelta
from itertools import count

from django.conf import settings

from billing.messaging.carrier import Answer, Heard, Outcome, Outgoing, Receipt
from billing.models import Account, Medium
from billing.services import credit_control, messages, notice_addresses
from billing.services.credit_limits import load_limits
from billing.services.reminder_steps import load_steps
from bss.kernel.periods import BUSINESS_ZONE, Month, business_date, day_start
from customers.models import Customer
from customers.services import lists

DAYS_BEFORE_THE_END = (4, 3, 0)
SWITCHED_OFF_EVERY = 9
TOLD_BY_MAIL = 12


class Gateway:
    """A gateway that takes everything; every ninth telephone is off for good."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._taken: list[Receipt] = []

    def send(self, message: Outgoing) -> Answer:
        number = next(self._numbers)
        name = f"DEMO-{message.reference}"
        off = "@" not in message.recipient and number % SWITCHED_OFF_EVERY == 0
        self._taken.append(Receipt(gateway_id=name, state="UNDELIV" if off else "DELIVRD"))
        return Answer(outcome=Outcome.ACCEPTED, gateway_id=name)

    def listen(self, heard: Heard, *, patience_s: float) -> int:
        taken, self._taken = self._taken, []
        for receipt in taken:
            heard(receipt)
        return len(taken)

    def close(self) -> None:
        """Nothing is open."""


def begin(*, at: datetime) -> None:
    """What the product brings along."""
    load_steps()
    load_limits()


def tell_some_by_mail(*, at: datetime, by_id: int) -> None:
    """Some companies have left an address; one of them reads English."""
    accounts = Account.objects.filter(
        kind=Account.Kind.UNIFIED, owner__kind=Customer.Kind.ENTERPRISE
    )
    for place, account in enumerate(accounts.order_by("pk")[:TOLD_BY_MAIL]):
        notice_addresses.set_address(
            account_id=account.pk,
            mobile="",
            email=f"finance{place + 1}@customer.example",
            language="en" if place == 1 else "zh",
            at=at,
            by_id=by_id,
        )


def list_some(*, at: datetime, by_id: int) -> None:
    """A hospital that is never stopped, and a fraud for a year."""
    found = Customer.objects.filter(listed="none", kind=Customer.Kind.ENTERPRISE).order_by("-pk")
    for customer, listed, reason, days in zip(
        found[:2], ("red", "black"), ("医院，保障通信", "伪造证件开户"), (None, 365), strict=False
    ):
        lists.put_on(
            customer_id=customer.pk,
            listed=listed,
            reason=reason,
            expires_on=None if days is None else (at + timedelta(days=days)).date(),
            at=at,
            by_id=by_id,
        )


def end_of_month(month: Month, *, gateway: Gateway) -> None:
    """The runs of the days before the month ends, on which most steps are due."""
    for days in DAYS_BEFORE_THE_END:
        at_one = day_start(month.last_day - timedelta(days=days)) + timedelta(hours=1)
        a_day(at_one, gateway=gateway)


def a_day(at: datetime, *, gateway: Gateway) -> None:
    """The run at this moment, the messages at nine."""
    credit_control.run(at=at)
    deliver(datetime.combine(business_date(at), time(9), BUSINESS_ZONE), gateway=gateway)


def deliver(at: datetime, *, gateway: Gateway) -> None:
    """Everything that waits goes out and arrives, or does not."""
    for medium in Medium.values:
        while claimed := messages.claim(medium=medium, now=at, at=at, quiet=settings.QUIET_HOURS):
            messages.send(claimed, carrier=gateway, at=at, now=at)
    gateway.listen(lambda receipt: _heard(receipt, at), patience_s=0)


def _heard(receipt: Receipt, at: datetime) -> None:
    messages.hear(receipt, now=at + timedelta(minutes=1))
