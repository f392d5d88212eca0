"""The demo's companies: who they are, what they have today, what bundle they want."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from billing.services import accounts
from bss.demo.names import Names
from bss.demo.numbers import Numbers
from bss.demo.operator import CITIES, Hall, Operator
from bss.kernel.periods import day_start
from customers.services import registration, subscriptions
from packages_wo.services import holdings

PLANS = {
    "fixed": (("FIXED-STD", 1),),
    "m2g": (("M2G-STD", 5), ("M2G-BLOCK", 3)),
    "m3g": (("3G-96", 5), ("3G-126", 3), ("3G-186", 2), ("3G-286", 1)),
    "broadband": (("ADSL-1M", 2), ("ADSL-2M", 5), ("ADSL-4M", 2)),
}
SIZES = ((1, 4), (2, 5), (3, 3), (6, 1))  # how big a company is, and how often


@dataclass(slots=True)
class Line:
    """A subscription of the demo: its id, number and habits."""

    id: int
    service: str
    number: str
    area: str
    habit: float


@dataclass(slots=True)
class Company:
    """A company with its lines by service, and how it pays."""

    id: int
    name: str
    area: str
    hall: Hall
    punctual: str
    lines: dict[str, list[Line]] = field(default_factory=dict)
    order_code: str = ""
    bundle_id: int | None = None
    account_id: int | None = None

    def every_line(self) -> list[Line]:
        return [line for lines in self.lines.values() for line in lines]


class Founder:
    """Makes companies and takes over the subscriptions that they have today."""

    def __init__(self, random: Random, operator: Operator, *, before: date) -> None:
        self.random = random
        self.operator = operator
        self.names = Names(random)
        self.numbers = Numbers(random)
        self.before = before

    def found(self) -> Company:
        random = self.random
        area, place, city = random.choice(CITIES)
        hall = random.choice(self.operator.halls_of(area))
        name = self.names.company(city)
        address = self.names.address(place)
        since = self._some_day(400, 1200)
        customer = registration.register_customer(
            kind="enterprise",
            name=name,
            area=area,
            document=registration.DocumentInput(
                type="business_license", number=self.names.licence(area), address=address
            ),
            contact=registration.ContactInput(
                name=self.names.person(), phone=self.numbers.of_others(area), position="经办人"
            ),
            postal_address=address,
            organisation_id=hall.organisation_id,
            account_manager_id=random.choice(self.operator.managers),
            at=day_start(since),
        )
        punctual = random.choices(("prompt", "slow", "part", "never"), (80, 12, 5, 3))[0]
        company = Company(customer.pk, name, area, hall, punctual)
        self._take_over_lines(company)
        return company

    def _take_over_lines(self, company: Company) -> None:
        random = self.random
        size = random.choices([size for size, _ in SIZES], [often for _, often in SIZES])[0]
        counts = {
            "fixed": 1 + (size > 2),
            "m2g": size + random.randrange(2),
            "broadband": int(random.random() < 0.6),
            "m3g": int(random.random() < 0.5),
        }
        for service, count in counts.items():
            company.lines[service] = [self.take_over(company, service) for _ in range(count)]

    def take_over(self, company: Company, service: str) -> Line:
        """A subscription that is in service since some day of the past years."""
        since = day_start(self._some_day(30, 380))
        number = self.new_number(company.area, service)
        plans = PLANS[service]
        subscription = subscriptions.take_over(
            owner_id=company.id,
            service=service,
            number=number,
            area=company.area,
            home_areas=[area for area, _, _ in CITIES],
            since=since,
        )
        holdings.start_plan(
            subscription_id=subscription.pk,
            plan=self.random.choices([p for p, _ in plans], [often for _, often in plans])[0],
            at=since,
        )
        if service != "broadband" and self.random.random() < 0.3:
            holdings.open_vas(subscription_id=subscription.pk, product="caller_id", at=since)
        accounts.open_independent(subscription_id=subscription.pk, at=since)
        habit = self.random.lognormvariate(0, 0.6)
        return Line(subscription.pk, service, number, company.area, habit)

    def new_number(self, area: str, service: str) -> str:
        match service:
            case "fixed":
                return self.numbers.fixed(area)
            case "broadband":
                return self.numbers.broadband(area)
            case _:
                return self.numbers.mobile(area, service=service)

    def _some_day(self, least: int, most: int) -> date:
        return self.before - timedelta(days=self.random.randrange(least, most))
