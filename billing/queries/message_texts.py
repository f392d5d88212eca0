"""What a message says right now, to whom, and whether it still has to be said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from billing.models import (
    Language,
    Medium,
    Message,
    MessageTemplate,
    NoticeAddress,
    ReminderBill,
    ReminderStep,
)
from billing.queries import asked
from billing.queries.debts import owing_accounts
from billing.queries.exposure import ExposureView, exposure_terms
from billing.queries.promises import held_until
from billing.rules.notices import filled
from bss.kernel.masking import masked_number
from bss.kernel.periods import business_date
from bss.kernel.units import yuan
from customers.models import Contact, Customer

Anchor = ReminderStep.Anchor
OF_A_DEBT = {Anchor.DUE, Anchor.STOP, Anchor.STOPPED, Anchor.PRE_TERMINATION}
THREATS = {Anchor.STOP, Anchor.PRE_TERMINATION}
PAID = "帐单已缴清，不再需要。"
SPARED = "帐户已承诺缴费或在红名单中，不再需要。"
NO_ADDRESS = {
    Medium.SMS.value: "没有可用的手机号码；请在帐户的“信控”页登记，或更正客户的联系电话。",
    Medium.EMAIL.value: "没有可用的邮箱；请在帐户的“信控”页登记。",
}
NO_TEMPLATE = "没有这种通知的模板。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A message as it would go out; with an ``obstacle`` it does not, and not ``needed`` never."""

    recipient: str = ""
    masked: str = ""
    subject: str = ""
    text: str = ""
    obstacle: str = ""
    needed: bool = True


def ready_of(messages: Sequence[Message], *, at: datetime) -> dict[int, Ready]:
    """By the messages' keys; the number of queries does not grow with them."""
    facts = _Facts(messages, at=at)
    return {message.pk: facts.ready(message) for message in messages}


class _Facts:
    """Everything that the texts of some messages speak of, read at once."""

    def __init__(self, messages: Sequence[Message], *, at: datetime) -> None:
        keys = [message.pk for message in messages]
        rows = Message.objects.filter(pk__in=keys).select_related(
            "account__owner", "reminder__step", "account__notice_address"
        )
        self.rows = {row.pk: row for row in rows}
        accounts = {row.account_id for row in self.rows.values()}
        owners = {row.account.owner_id for row in self.rows.values()}
        self.phones = dict(
            Contact.objects.filter(customer__in=owners, main=True).values_list("customer", "phone")
        )
        self.templates = {
            (one.code, one.medium, one.language): one for one in MessageTemplate.objects.all()
        }
        self.bills: dict[int, list[ReminderBill]] = {}
        told = ReminderBill.objects.filter(reminder__messages__in=keys).select_related("bill")
        for row in told.distinct().order_by("bill__month", "bill"):
            self.bills.setdefault(row.reminder_id, []).append(row)
        self.spared = set(held_until(accounts, on=business_date(at)))
        self.owing = owing_accounts(accounts)
        self.exposures = self._exposures(at)

    def ready(self, message: Message) -> Ready:
        row = self.rows[message.pk]
        obstacle = self._not_needed(row)
        if obstacle:
            return Ready(obstacle=obstacle, needed=False)
        address = getattr(row.account, "notice_address", None)
        language = address.language if address else Language.CHINESE.value
        template = self.templates.get((row.template, row.medium, language))
        recipient = self._recipient(row, address)
        if template is None:
            return Ready(obstacle=NO_TEMPLATE)
        facts = self._said(row)
        return Ready(
            recipient=recipient,
            masked=masked_recipient(recipient),
            subject=filled(template.subject, facts),
            text=filled(template.body, facts),
            obstacle="" if recipient else NO_ADDRESS[row.medium],
        )

    def _not_needed(self, row: Message) -> str:
        """Lesson of the field: who has paid since is not told that he will be stopped."""
        if row.reminder is None:
            return ""
        bills = self.bills.get(row.reminder_id or 0, [])
        anchor = row.reminder.step.anchor
        paid = bool(bills) and not any(one.bill.due_fen > 0 for one in bills)
        if anchor in OF_A_DEBT and (paid or row.account_id not in self.owing):
            return PAID
        red = row.account.owner.listed == Customer.Listed.RED
        return SPARED if anchor in THREATS and (red or row.account_id in self.spared) else ""

    def _recipient(self, row: Message, address: NoticeAddress | None) -> str:
        if row.medium == Medium.EMAIL:
            return address.email if address else ""
        phone = (address.mobile if address else "") or self.phones.get(row.account.owner_id, "")
        return phone if is_mobile(phone) else ""

    def _said(self, row: Message) -> dict[str, str]:
        facts = {"account": row.account.code, "hotline": settings.SMS_SOURCE}
        reminder = row.reminder
        if reminder is None:
            return facts
        bills = [one.bill for one in self.bills.get(reminder.pk, [])]
        due_fen = sum(bill.due_fen for bill in bills) or reminder.due_fen
        facts |= {
            "due": yuan(due_fen),
            "due_on": f"{max((bill.due_on for bill in bills), default='')}",
            "acts_on": f"{reminder.acts_on or ''}",
            "bills": ", ".join(f"{bill.month:%Y-%m}" for bill in bills if bill.month),
            "percent": str(reminder.step.percent or ""),
        }
        if view := self.exposures.get(row.account_id):
            facts |= {"limit": yuan(view.limit_fen), "exposure": yuan(view.exposure_fen)}
        return facts

    def _exposures(self, at: datetime) -> dict[int, ExposureView]:
        warned = sorted(
            row.account_id
            for row in self.rows.values()
            if row.reminder and row.reminder.step.anchor == Anchor.EXPOSURE
        )
        if not warned:
            return {}
        found = asked.rows("exposure", exposure_terms(at, warned))
        return {row[0]: ExposureView(*row) for row in found}


def is_mobile(number: str) -> bool:
    """A number that takes text messages."""
    return len(number) == 11 and number.isascii() and number.isdigit() and number[0] == "1"


def masked_recipient(recipient: str) -> str:
    """A number or an address with its middle hidden: a***@example.cn."""
    name, at, host = recipient.partition("@")
    return f"{name[:1]}***@{host}" if at else masked_number(recipient)
