"""Individuals with a mobile of their own: public customers beside the companies."""

from datetime import timedelta
from random import Random

from billing.services import accounts
from bss.demo.companies import PLANS, Founder
from bss.demo.operator import CITIES
from bss.kernel.periods import day_start
from customers.services import registration, subscriptions
from packages_wo.services import holdings


def register_persons(random: Random, founder: Founder, *, count: int) -> None:
    """Register ``count`` persons, each with one 2G or 3G subscription in service."""
    for place_in_line in range(count):
        area, place, _ = random.choice(CITIES)
        halls = founder.operator.halls_of(area)
        since = day_start(founder.before - timedelta(days=random.randrange(40, 900)))
        customer = registration.register_customer(
            kind="individual",
            name=founder.names.person(),
            area=area,
            document=registration.DocumentInput(
                type="resident_id",
                number=founder.names.resident_id(area),
                address=founder.names.address(place),
            ),
            organisation_id=halls[place_in_line % len(halls)].organisation_id,
            at=since,
        )
        service = random.choice(("m2g", "m3g"))
        subscription = subscriptions.take_over(
            owner_id=customer.pk,
            service=service,
            number=founder.new_number(area, service),
            area=area,
            since=since,
        )
        plan = random.choice(PLANS[service])[0]
        holdings.start_plan(subscription_id=subscription.pk, plan=plan, at=since)
        accounts.open_independent(subscription_id=subscription.pk, at=since)
