"""The ten accounts that are copied: made by the services, so that they are possible data.

Two bundles (fixed line, 2G) with their unified accounts, which have special ledgers as well, and
eight single lines; five of the ten have enough for a month, three a part of it, two nothing.
"""

from billing.models import Account
from billing.services import accounts, month_start
from billing.services.ledgers import Scope, open_special
from billing.services.payments import pay
from bss.kernel.periods import Month, local_moment
from customers.models import Customer, Subscription
from customers.services.registration import register_customer
from customers.services.subscriptions import take_over
from packages_wo.rules.requests import OpenBundle
from packages_wo.services import bundles, holdings
from tests.builders.billing import a_channel
from tests.builders.packages import a_catalogue, a_pack

OCTOBER = Month(2026, 10)
LONG_AGO = local_moment("2026-01-01T00:00")
ORDERED_AT = local_moment("2026-09-10T10:00")
PAID_AT = local_moment("2026-10-02T10:00")
FIRST_NUMBER = {"fixed": "01060000000", "m2g": "13000000000", "m3g": "18600000000"}
PLANS = {"fixed": "FIXED-STD", "m2g": "M2G-STD", "m3g": "3G-66"}
SINGLES = ("m2g", "m2g", "m2g", "m2g", "m2g", "m3g", "fixed", "fixed")
ENOUGH_FEN, PART_FEN = 400_00, 20_00
"""In the order of the accounts: the bundles', then the singles'."""
PAID_FEN = (ENOUGH_FEN, PART_FEN, *[ENOUGH_FEN] * 4, PART_FEN, PART_FEN, 0, 0)


def make_families() -> None:
    """The catalogue, the channel, and the ten in October 2026, its start run."""
    a_catalogue()
    channel = a_channel()
    subscription = _Lines()
    paying = _bundles_in_force(2, subscription)
    for place, service in enumerate(SINGLES):
        line = subscription(_customer(f"测试单户{place}"), service)
        paying.append(Account.objects.get(subscription=line))
    for account in paying[:2]:
        open_special(
            account_id=account.pk,
            name="语音专款",
            amount_fen=30_00,
            at=PAID_AT,
            channel_id=channel.pk,
            scope=Scope(items=("VOICE_LOCAL", "VOICE_DOMESTIC", "BUNDLE_FEE")),
            gift=account is paying[1],
        )
    for account, amount_fen in zip(paying, PAID_FEN, strict=True):
        if amount_fen:
            pay(
                account_id=account.pk,
                amount_fen=amount_fen,
                key=f"world-{account.pk}",
                at=PAID_AT,
                channel_id=channel.pk,
            )


def make_bundle_families(*, bundles: int) -> None:
    """The catalogue, and bundles alone."""
    a_catalogue()
    _bundles_in_force(bundles, _Lines())


class _Lines:
    """Gives one line in service after the other, each with a number of its own."""

    def __init__(self) -> None:
        self.numbers = {service: int(first) for service, first in FIRST_NUMBER.items()}

    def __call__(self, owner: Customer, service: str) -> Subscription:
        number = f"{self.numbers[service]:0{len(FIRST_NUMBER[service])}d}"
        self.numbers[service] += 1
        line = take_over(
            owner_id=owner.pk, service=service, number=number, area="010", since=LONG_AGO
        )
        holdings.start_plan(subscription_id=line.pk, plan=PLANS[service], at=LONG_AGO)
        accounts.open_independent(subscription_id=line.pk, at=LONG_AGO)
        return line


def _bundles_in_force(bundles: int, subscription: _Lines) -> list[Account]:
    """Their unified accounts."""
    paying = [_bundle(place, subscription) for place in range(bundles)]
    month_start.start_month(month=OCTOBER, at=OCTOBER.starts_at)
    return paying


def _customer(name: str) -> Customer:
    return register_customer(
        kind="enterprise", name=name, area="010", document=None, listed="none", at=LONG_AGO
    )


def _bundle(place: int, subscription: _Lines) -> Account:
    """Basic A 106 with a pack of minutes, ordered for October."""
    owner = _customer(f"测试商务{place}")
    members = [subscription(owner, service) for service in ("fixed", "m2g")]
    account = accounts.open_unified(owner_id=owner.pk, name=owner.name, at=ORDERED_AT)
    order_ref = f"world-{place}"
    request = OpenBundle(
        customer_id=owner.pk,
        offering="basic",
        scheme="A",
        tier=106,
        members=tuple(member.pk for member in members),
        packs=(a_pack("MIN-300"),),
        documents=("business_license",),
    )
    bundle = bundles.accept_opening(request=request, order_ref=order_ref, at=ORDERED_AT)
    accounts.link_bundle(bundle_id=bundle.pk, account_id=account.pk)
    bundles.schedule(order_ref=order_ref, completed_at=ORDERED_AT)
    return account
