"""Test data of billing, made by the services so that it is always possible data."""

from datetime import datetime

from billing.models import Account, Bill, BillLine, Journal, Ledger
from billing.queries.house import house_ledgers
from billing.rules import house
from billing.services import accounts
from billing.services.posting import Leg, post
from bss.kernel.models import Organisation
from bss.kernel.periods import Month, local_moment
from channels.models import Channel
from customers.models import Customer, Subscription
from customers.services import subscriptions
from customers.services.registration import register_customer

NEW_YEAR = local_moment("2026-01-01T00:00")


def moment(text: str) -> datetime:
    return local_moment(text)


def a_channel(code: str = "H1") -> Channel:
    organisation, _ = Organisation.objects.get_or_create(
        code="BJ", defaults={"name": "北京", "level": Organisation.Level.HALL}
    )
    channel, _ = Channel.objects.get_or_create(
        code=code,
        defaults={"name": "测试厅", "kind": Channel.Kind.HALL, "organisation": organisation},
    )
    return channel


def a_customer(name: str = "北京晨光商贸有限公司", *, listed: str = "none") -> Customer:
    return register_customer(
        kind=Customer.Kind.ENTERPRISE,
        name=name,
        area="010",
        document=None,
        listed=listed,
        at=NEW_YEAR,
    )


def a_line(
    owner: Customer,
    number: str = "01062000001",
    *,
    service: str = "fixed",
    since: datetime = NEW_YEAR,
) -> Subscription:
    """A subscription in service, with its independent account."""
    subscription = subscriptions.take_over(
        owner_id=owner.pk, service=service, number=number, area="010", since=since
    )
    accounts.open_independent(subscription_id=subscription.pk, at=since)
    return subscription


def own_account(subscription: Subscription) -> Account:
    return Account.objects.get(subscription=subscription, current=True)


def public_of(account: Account) -> Ledger:
    return account.ledgers.get(kind=Ledger.Kind.PUBLIC)


def a_bill(
    account: Account, month: str, *lines: tuple[Subscription, str, int], at: datetime | None = None
) -> Bill:
    """An issued, unpaid bill; ``lines`` are (subscription, item, fen) in order."""
    of = Month.parse(month)
    issued_at = at or of.ends_at
    total_fen = sum(amount for _, _, amount in lines)
    bill = Bill.objects.create(
        account=account,
        month=of.first_day,
        issued_at=issued_at,
        due_on=of.next.last_day,
        total_fen=total_fen,
        paid_fen=min(0, total_fen),
    )
    BillLine.objects.bulk_create(
        [
            BillLine(bill=bill, subscription=line, item=item, position=place, amount_fen=fen)
            for place, (line, item, fen) in enumerate(lines, start=1)
        ]
    )
    ledgers = house_ledgers()
    post(
        kind=Journal.Kind.BILL,
        legs=[
            Leg(ledger_id=ledgers[house.RECEIVABLE], amount_fen=-total_fen),
            *(
                Leg(ledger_id=ledgers[house.revenue_of(item)], amount_fen=fen)
                for _, item, fen in lines
            ),
        ],
        at=issued_at,
        ref=f"{account.code}/{of}",
    )
    return bill
