"""Debtors, reminders and the worlds they go out to, for tests."""

from datetime import date, datetime, time

from billing.models import Account, Bill, CreditRun, Exposure, Message, Reminder, ReminderStep
from billing.services import credit_control
from billing.services.reminder_steps import load_steps
from bss.kernel.periods import BUSINESS_ZONE
from customers.models import Contact, Customer, Listing, Subscription
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


def a_day_of_credit(account: Account, *, at: datetime) -> None:
    """A reminder with its dead letter, an exposure, an entry of a list, and a run."""
    load_steps()
    reminder = Reminder.objects.create(
        account=account,
        step=ReminderStep.objects.earliest("pk"),
        at=at,
        planned_on=at.date(),
        due_fen=1000,
    )
    Message.objects.create(
        account=account,
        reminder=reminder,
        template="stopped",
        medium="sms",
        made_at=at,
        state="failed",
    )
    Exposure.objects.create(
        account=account, limit_fen=1000, limit_is_own=False, usage_fen=0, charges_fen=0,
        due_fen=900, balance_fen=0, exposure_fen=900, percent=90, checked_at=at,
    )  # fmt: skip
    Listing.objects.create(customer=account.owner, kind="red", reason="医院", valid_from=at)
    CreditRun.objects.create(at=at, started_at=at, finished_at=at)
