"""What happens at the demo operator, month by month, through the same services as everywhere."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter
from pathlib import Path
from random import Random
from typing import Any

from django.db import connection
from django.db.models import F

from billing.batch.usage.files import checksum
from billing.models import Bill
from billing.rules.usage_manifest import Manifest
from billing.services import gap_alarms, month_end, month_start, payments, usage
from bss.demo import (
    accounts,
    banking,
    by_hand,
    care,
    catalogue,
    crediting,
    invoicing,
    online,
    points,
    quality,
    security,
)
from bss.demo.calls import Caller
from bss.demo.companies import Company, Founder
from bss.demo.operator import CITIES, Operator, found_operator
from bss.demo.persons import register_persons
from bss.demo.wishes import Wishes
from bss.kernel.periods import Month, day_start
from orders.services import resources

Progress = Callable[[str, int, int], None]
RECORDS_PER_LINE = 72
FREE_NUMBERS = 40
UNDER_WAY = 8
SWITCH = "HE-SJZ-01"
FIRST_FILE = 4107


@dataclass(frozen=True, slots=True)
class Size:
    """How big the demo is."""

    customers: int = 300
    months: int = 3


class Story:
    """The demo from the first customer to the evening of the last month's bills.

    The same seed and months give the same data. ``progress`` is told (what, done, of) as it goes.
    """

    def __init__(self, *, size: Size, through: Month, seed: int, progress: Progress) -> None:
        self.random = Random(seed)
        self.size = size
        self.first = through.plus(1 - size.months)
        self.through = through
        self.file_number = FIRST_FILE - 1
        self.progress = progress
        self.operator: Operator
        self.companies: list[Company] = []

    def tell(self) -> None:
        before = self.first.previous
        self.operator = found_operator()
        accounts.connect_systems(at=before.starts_at)
        accounts.come_and_go(at=before.starts_at)
        security.open_a_bank(at=before.starts_at)
        catalogue.load_first(before)
        points.set_a_rate(month=self.first, at=before.starts_at)
        crediting.begin(at=before.starts_at)
        self.gateway = crediting.Gateway()
        founder = Founder(self.random, self.operator, before=before.first_day)
        self._found_companies(founder)
        register_persons(self.random, founder, count=self.size.customers // 6)
        take_stock()
        self._stock_numbers(founder)
        self.caller = Caller(self.random, founder.numbers)
        self.wishes = Wishes(self.random, self.operator, founder)
        self._open_bundles(before, self.companies[: len(self.companies) * 7 // 10])
        waiting = self.companies[len(self.companies) * 7 // 10 :]
        month_start.start_month(month=self.first, at=self.first.starts_at)
        crediting.tell_some_by_mail(at=self.first.starts_at, by_id=self.operator.managers[0])
        for number in range(self.size.months):
            month = self.first.plus(number)
            share = waiting[number :: self.size.months]
            self._open_bundles(month, share[: max(1, len(share) // 2)])
            self._change_bundles(month)
            self._end_month(month)
        self._last_evening()

    def _found_companies(self, founder: Founder) -> None:
        for number in range(self.size.customers):
            self.companies.append(founder.found())
            self.progress("客户与用户", number + 1, self.size.customers)

    def _stock_numbers(self, founder: Founder) -> None:
        for area, _, _ in CITIES:
            for service in ("fixed", "broadband", "m2g", "m3g"):
                numbers = [founder.new_number(area, service) for _ in range(FREE_NUMBERS)]
                resources.add_numbers(service=service, area=area, numbers=numbers)

    def _open_bundles(self, month: Month, companies: list[Company]) -> None:
        for number, company, day in self._spread(companies, month):
            self.wishes.open(company, at=self._office_hour(day), finish=month)
            self.progress(f"{month} 开通套餐", number, len(companies))

    def _change_bundles(self, month: Month) -> None:
        in_force = [company for company in self.companies if company.bundle_id is not None]
        wishing = self.random.sample(in_force, k=max(1, len(in_force) // 20))
        for number, company, day in self._spread(wishing, month):
            self.wishes.change(company, at=self._office_hour(day))
            self.progress(f"{month} 变更套餐", number, len(wishing))

    def _spread(
        self, companies: list[Company], month: Month
    ) -> Iterator[tuple[int, Company, date]]:
        """Each company with a day of the month, in the order of the days."""
        days = sorted(self.random.choices(range(3, 22), k=len(companies)))
        for number, (company, day) in enumerate(zip(companies, days, strict=True), start=1):
            yield number, company, month.first_day + timedelta(days=day)

    def _office_hour(self, day: date) -> datetime:
        minutes = self.random.randrange(9 * 60, 17 * 60 + 30)
        return day_start(day) + timedelta(minutes=minutes, seconds=self.random.randrange(60))

    def _end_month(self, month: Month) -> None:
        """The month's usage, the next one's start, then bills, the credit run and money, in time's
        order: a stop for debt is there before the payment that ends it.
        """
        crediting.end_of_month(month, gateway=self.gateway)
        lines = sum(len(company.every_line()) for company in self.companies)
        self._load_usage(month, records=lines * RECORDS_PER_LINE)
        month_start.start_month(month=month.next, at=month.next.starts_at)
        month_end.close_month(month=month, at=self._third(month.next, hour=2))
        crediting.a_day(self._third(month.next, hour=3), gateway=self.gateway)
        self.progress(f"{month} 出帐", 1, 1)
        self._take_payments(month)

    def _load_usage(self, month: Month, *, records: int, days: int | None = None) -> None:
        """A switch's file of the month, or of its first ``days``, the morning after it ended."""
        last = month.days if days is None else days
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / f"HE-{month}.csv.gz"
            count = self.caller.write(path, self.companies, month=month, records=records, days=last)
            self.file_number += 1 if days is None else 2  # one of the last evening has not come
            manifest = Manifest(
                sha256=checksum(path), records=count, switch=SWITCH, sequence=self.file_number
            )
            at = month.starts_at + timedelta(days=last, hours=5)
            usage.load(path=path, at=at, manifest=manifest)
        gap_alarms.look(at=at)
        take_stock()
        self.progress(f"{month} 话单", 1, 1)

    def _third(self, month: Month, *, hour: int) -> datetime:
        return day_start(month.first_day + timedelta(days=2)) + timedelta(hours=hour)

    def _take_payments(self, month: Month) -> None:
        """Prompt, late, in part or never; of the last month's bills only the first day is told."""
        due = list(
            Bill.objects.filter(paid_fen__lt=F("total_fen"))
            .order_by("account_id", "id")
            .values_list("account_id", "account__owner_id", "total_fen", "paid_fen", "id")
        )
        habits = {company.id: company for company in self.companies}
        coming: list[tuple[datetime, int, dict[str, Any]]] = []
        for account_id, owner_id, total_fen, paid_fen, bill_id in due:
            company = habits.get(owner_id)
            habit = company.punctual if company else "prompt"
            amount_fen = self._pays(habit, total_fen - paid_fen, last=month == self.through)
            if amount_fen:
                payment = self._payment(company, month=month)
                payment |= {"account_id": account_id, "amount_fen": amount_fen}
                coming.append((payment["at"], bill_id, payment))
        coming.sort(key=itemgetter(0, 1))
        for number, (_, bill_id, payment) in enumerate(coming, start=1):
            payments.pay(key=f"DEMO-{month}-{bill_id}", **payment)
            self.progress(f"{month} 收款", number, len(coming))

    def _pays(self, habit: str, due_fen: int, *, last: bool) -> int:
        if habit == "never" or (last and self.random.random() < 0.6):
            return 0
        if habit == "slow" and self.random.random() < 0.5:
            return 0
        if habit == "part":
            return due_fen // 2
        return due_fen + (1000 if self.random.random() < 0.1 else 0)

    def _payment(self, company: Company | None, *, month: Month) -> dict[str, Any]:
        """When and where the money of a bill comes in."""
        hall = company.hall if company else self.operator.halls[0]
        online = self.random.random() < 0.4
        source: dict[str, Any] = (
            {"channel_id": self.operator.online_channel_id, "means": "online"}
            if online
            else {
                "channel_id": hall.channel_id,
                "means": self.random.choice(("cash", "card", "transfer")),
                "by_id": hall.clerk_ids[0],
            }
        )
        latest = 1 if month == self.through else 22
        day = month.next.first_day + timedelta(days=2 + self.random.randrange(latest))
        return source | {"at": max(self._office_hour(day), self._third(month.next, hour=9))}

    def _last_evening(self) -> None:
        """The evening of the 3rd: two days of calls, orders under way, matters of customers."""
        lines = sum(len(company.every_line()) for company in self.companies)
        self._load_usage(self.through.next, records=lines * RECORDS_PER_LINE // 15, days=2)
        at = self._third(self.through.next, hour=18)
        waiting = [company for company in self.companies if company.bundle_id is None]
        for number, company in enumerate(waiting[:UNDER_WAY], start=1):
            moment = at + timedelta(minutes=9 * number)
            self._clear_arrears(company, at=moment - timedelta(minutes=5))
            self.wishes.open(company, at=moment, finish=None)
            self.progress("在途订单", number, len(waiting[:UNDER_WAY]))
        care.bring_matters(self.random, self.operator, self.companies, at=at)
        invoicing.invoice_some(month=self.through, at=at, by_id=self.operator.managers[0])
        quality.tidy_up(self.companies, at=at, by_id=self.operator.managers[0])
        banking.bring_banks(self.random, at=at, by_id=self.operator.managers[0])
        online.bring_gateways(
            self.random,
            at=at,
            channel_id=self.operator.halls[0].channel_id,
            by_id=self.operator.halls[0].clerk_ids[0],
        )
        by_hand.move_by_hand(self.operator, month=self.through, at=at + timedelta(minutes=30))
        crediting.list_some(at=at, by_id=self.operator.managers[0])
        points.earn_and_use(self.companies, at=at)
        security.ask_to_merge(at=at)
        security.look_at_night([company.id for company in self.companies], at=at)
        catalogue.announce_next(self.through.plus(4), at=at)
        take_stock()

    def _clear_arrears(self, company: Company, *, at: datetime) -> None:
        """Who wants a bundle pays first what is due (ELG-9)."""
        due = Bill.objects.filter(account__owner=company.id, paid_fen__lt=F("total_fen"))
        for bill in due.order_by("id"):
            payments.pay(
                account_id=bill.account_id,
                amount_fen=bill.due_fen,
                key=f"DEMO-CLEAR-{bill.pk}",
                at=at,
                channel_id=company.hall.channel_id,
                by_id=company.hall.clerk_ids[0],
            )


def take_stock() -> None:
    """Let the database look at what it has got: it cannot by itself before the story is whole."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
