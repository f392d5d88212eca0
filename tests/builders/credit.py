"""Debtors, reminders and the worlds they go out to, for tests."""

from datetime import date, datetime, time

from billing.models import Account, Bill, Message, ReminderStep
from billing.services import credit_control
from billing.services.reminder_steps import load_steps
from bss.kernel.periods import BUSINESS_ZONE
from customers.models import Contact, Customer, Subscription
from tests.builders.billing import a_bill, a_customer, a_line, own_account

MOBILE = "13800001111"


def at_one(day: str) -> datetime:
    """The moment of the day's scheduled run."""
    return datetime.combine(date.fromisoformat(day), time(1), BUSINESS_ZONE)


def run_on(day: str) -> credit_control.CreditReport:
    return credit_control.run(at=at_one(day))


def reachable(customer: Customer, phone: str = MOBILE) -> Customer:
    """With a main contact that takes text messages."""
    Contact.objects.create(customer=customer, name="联系人甲", phone=phone)
    return customer


def a_debtor(
    number: str = "01062000001", *, name: str = "北京晨光商贸有限公司", phone: str = MOBILE,
    month: str = "2026-10", fen: int = 2500,
) -> tuple[Subscription, Account, Bill]:  # fmt: skip
    """A line whose bill of October is due on 30 November: it stops on 1 January."""
    line = a_line(reachable(a_customer(name), phone), number)
    account = own_account(line)
    return line, account, a_bill(account, month, (line, "PLAN_FEE", fen))


def steps() -> dict[str, ReminderStep]:
    """The product's steps and words, by their codes."""
    load_steps()
    return {step.code: step for step in ReminderStep.objects.all()}


def told(account: Account) -> list[tuple[str, str]]:
    """(step, day) of everything that the account was told, in order."""
    return [
        (one.step.code, f"{one.at.astimezone(BUSINESS_ZONE):%Y-%m-%d}")
        for one in account.reminders.select_related("step").order_by("id")
    ]


def states(account: Account) -> list[tuple[str, str]]:
    """(template, state) of the account's messages, in order."""
    return list(
        Message.objects.filter(account=account).order_by("pk").values_list("template", "state")
    )
