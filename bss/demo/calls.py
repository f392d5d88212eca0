"""Usage with human patterns: office hours and weekdays, heavy and light callers, colleagues."""

import csv
import gzip
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from bss.demo.companies import Company, Line
from bss.demo.numbers import Numbers
from bss.kernel.periods import Month, day_start
from complaints.rules.working_time import is_workday

FIELDS = (
    "record_id",
    "service_number",
    "call_type",
    "other_number",
    "start_at",
    "duration_s",
    "visited_area",
    "volume_kb",
    "info_fee_hao",
)
SERVICE_NUMBERS = ("95588", "95533", "12306", "4008001234", "4006108888", "114", "10010", "110")
FAR_AREAS = ("010", "021", "022", "020", "0755", "0571", "0531")
ABROAD = ("0085223456789", "0012125550100", "00886223456789", "0081312345678")
HOURS = (1, 0, 0, 0, 0, 1, 2, 6, 18, 30, 32, 26, 14, 16, 28, 30, 28, 22, 12, 9, 8, 6, 4, 2)


class Caller:
    """Writes the records of a month, in the order in which a switch would: by their start."""

    def __init__(self, random: Random, numbers: Numbers) -> None:
        self.random = random
        self.numbers = numbers
        self.serial = 0

    def write(
        self,
        path: Path,
        companies: Sequence[Company],
        *,
        month: Month,
        records: int,
        days: int,
    ) -> int:
        """Write about ``records`` lines of the first ``days`` as gzipped CSV; give how many."""
        dates = _days(month)[:days]
        weights = [6 if is_workday(day) else 1 for day in dates]
        voices = [
            (company, line)
            for company in companies
            for line in company.every_line()
            if line.service != "broadband"
        ]
        share = records / sum(line.habit for _, line in voices)
        rows = [
            row
            for company, line in voices
            for row in self._of_line(company, line, round(line.habit * share), dates, weights)
        ]
        rows.sort(key=lambda row: (row[4], row[0]))
        rows = list(self._with_faults(rows))
        with gzip.open(path, "wt", encoding="utf-8", newline="", compresslevel=1) as file:
            writer = csv.writer(file)
            writer.writerow(FIELDS)
            writer.writerows(rows)
        return len(rows)

    def _of_line(
        self, company: Company, line: Line, count: int, days: Sequence[date], weights: list[int]
    ) -> Iterator[tuple[object, ...]]:
        random = self.random
        colleagues = [other.number for other in company.every_line() if other is not line]
        friends = [self.numbers.of_others(line.area) for _ in range(8)]
        for day in random.choices(days, weights, k=count):
            start = day_start(day) + timedelta(
                hours=random.choices(range(24), HOURS)[0], seconds=random.randrange(3600)
            )
            yield self._record(line, start, colleagues, friends)

    def _record(
        self, line: Line, start: datetime, colleagues: list[str], friends: list[str]
    ) -> tuple[object, ...]:
        random = self.random
        self.serial += 1
        mobile = line.service != "fixed"
        kind = random.choices(
            ("mo", "mt", "cf", "sms", "data"),
            (62, 20, 2, 10, 6) if mobile else (76, 22, 2, 0, 0),
        )[0]
        roaming = random.choice(FAR_AREAS) if mobile and random.random() < 0.03 else ""
        duration = min(round(random.expovariate(1 / 110)) + 1, 5400)
        other = "" if kind == "data" else self._other(line, colleagues, friends)
        volume = random.randrange(20, 20_000) if kind == "data" else 0
        fee = 5000 if other.startswith("400") and random.random() < 0.2 else 0
        return (
            f"HE{self.serial:010d}",
            line.number,
            kind,
            other,
            f"{start:%Y-%m-%dT%H:%M:%S}",
            duration if kind in ("mo", "mt", "cf") else 0,
            roaming,
            volume,
            fee,
        )

    def _other(self, line: Line, colleagues: list[str], friends: list[str]) -> str:
        random = self.random
        whom = random.choices(
            ("colleague", "friend", "city", "far", "service", "abroad"), (30, 30, 18, 12, 9, 1)
        )[0]
        match whom:
            case "colleague" if colleagues:
                return random.choice(colleagues)
            case "city":
                return f"{line.area}8{random.randrange(10_000_000):07d}"
            case "far":
                return f"{random.choice(FAR_AREAS)}6{random.randrange(10_000_000):07d}"
            case "service":
                return random.choice(SERVICE_NUMBERS)
            case "abroad":
                return random.choice(ABROAD)
            case _:
                return random.choice(friends)

    def _with_faults(self, rows: list[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
        """What switches do get wrong: a line twice, a broken number, a number nobody has."""
        for row in rows:
            yield row
            chance = self.random.random()
            if chance < 0.002:
                yield row
            elif chance < 0.003:
                yield (f"{row[0]}X", *row[1:4], "0000-00-00", *row[5:])
            elif chance < 0.004:
                yield (f"{row[0]}Y", "13099999999", *row[2:])


def _days(month: Month) -> list[date]:
    return [month.first_day + timedelta(days=number) for number in range(month.days)]
