"""Credit control of the world: a dead letter, a number that was given up, an entry of a list."""

from datetime import datetime

from billing.models import Account, ClassLimit, Message, MessageTemplate, ReminderStep
from billing.services.credit_limits import load_limits
from billing.services.reminder_steps import load_steps
from customers.models import Customer, Listing
from customers.services import subscriptions
from tests.builders.orders import a_subscription


def about_a_debtor(company: Customer, account: Account, *, at: datetime) -> dict[str, str]:
    load_steps()
    load_limits()
    line = a_subscription(company, "m2g")
    subscriptions.suspend(subscription_ids=[line.pk], reason="debt", at=at)
    subscriptions.pre_terminate(subscription_ids=[line.pk], at=at)
    message = Message.objects.create(
        account=account, template="stopped", medium="sms", made_at=at, state="failed"
    )
    listing = Listing.objects.create(customer=company, kind="red", reason="试验", valid_from=at)
    return {
        "ending": str(line.pk),
        "message": str(message.pk),
        "listing": str(listing.pk),
        "step": str(ReminderStep.objects.earliest("pk").pk),
        "words": str(MessageTemplate.objects.earliest("pk").pk),
        "class_limit": str(ClassLimit.objects.earliest("pk").pk),
    }
