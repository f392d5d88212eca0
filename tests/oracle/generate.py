"""``python -m tests.oracle.generate --seed N``: a scenario of 15 to 60 steps, the same each time.

With ``--count K --into DIRECTORY``: the K scenarios from this seed on, a file each.

Every step is played at once on the oracle's own world, so that the next one knows what there is.
"""

import argparse
import json
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml

from tests.oracle.amounts import yuan
from tests.oracle.invention.business import Business
from tests.oracle.invention.calls import some_records
from tests.oracle.invention.cash import a_payment, a_reversal, a_special_ledger
from tests.oracle.invention.people import a_catalogue, some_customers, some_subscriptions
from tests.oracle.months import begins_at, first_day, later
from tests.oracle.run import new_world, outcome, play

CATALOGUE = Path(__file__).parents[2] / "packages_wo" / "catalogue.yaml"
KINDS = ("order", "complete", "withdraw", "pay", "reverse", "special", "usage", "credit")
MOODS = {  # how often each kind of step comes
    "mixed": (5, 6, 0.5, 2, 0.5, 1.2, 2, 1),
    "trade": (9, 8, 1.2, 2, 0.2, 0.5, 0.5, 0.3),
    "calls": (3, 4, 0.2, 0.6, 0.1, 0.5, 8, 0.2),
    "money": (3, 4, 0.2, 5, 1.5, 5, 1.5, 0.7),
    "debt": (2, 3, 0.1, 0.9, 0.4, 0.4, 1, 6),
}
MONTHS = {"mixed": 5, "trade": 4, "calls": 4, "money": 5, "debt": 9}


class Generator:
    """One scenario in the making: its file so far, and the world that the file has led to."""

    def __init__(self, seed: int, catalogue: dict[str, Any]):
        self.random = Random(seed)
        self.catalogue = catalogue
        self.mood = self.random.choice(list(MOODS))
        start = date(2026, self.random.randint(3, 10), self.random.randint(1, 20))
        self.month = f"{start:%Y-%m}"
        self.now = datetime.combine(start, time(8))
        customers = some_customers(self.random)
        self.scenario: dict[str, Any] = {
            "name": f"Invented: {self.mood}, seed {seed}",
            "catalogue": a_catalogue(self.random),
            "customers": customers,
            "subscriptions": some_subscriptions(self.random, customers, start.isoformat()),
            "timeline": [],
        }
        self.world = new_world(self.scenario, catalogue)
        self.business = Business(self.random, self.world)
        self.serial = 0

    def scenario_of_months(self) -> dict[str, Any]:
        months = self.random.randint(MONTHS[self.mood] - 2, MONTHS[self.mood] + 1)
        size = self.random.randint(16, 36)
        per_month = max(1, (size - 2 * months) // months)
        if self.random.random() < 0.85:
            self._open_first_bundle()
        for _ in range(months):
            self._days_of_month(per_month + self.random.choice([0, 1, 2]))
            self._turn_of_month()
        return self.scenario

    def _open_first_bundle(self) -> None:
        self._step("order", self.business.open_bundle("o0", careful=True))
        if "o0" in self.world.bundles:
            self._step("complete", "o0")
            if self.random.random() < 0.6:
                account = self.world.bundles["o0"].account
                self._step("pay", {"account": account, "amount": "900.00", "key": "p0"})
            if self.random.random() < 0.4:
                member = self.random.choice(self.world.bundles["o0"].opening.everyone)
                self._step("pay", {"account": member, "amount": "130.00", "key": "p-own"})

    def _days_of_month(self, count: int) -> None:
        end = begins_at(later(self.month))
        seconds = int((end - self.now).total_seconds())
        if len(self.scenario["timeline"]) < 3:
            seconds //= 2
        moments = sorted(self.random.randrange(60, seconds) for _ in range(count))
        begin = self.now
        for moment in moments:
            self.now = begin + timedelta(seconds=moment // 60 * 60)
            self._one_step()
        self.now = max(self.now, begin)

    def _turn_of_month(self) -> None:
        """Month start, seldom late, missing or twice; then mostly the close of the month before."""
        old, self.month = self.month, later(self.month)
        first = begins_at(self.month)
        chance = self.random.random()
        if chance < 0.08:
            first += timedelta(days=self.random.choice([1, 4]), hours=3)
        self.now = first
        if chance < 0.93:
            self._step("month_start", self.month)
        if chance > 0.88 and chance < 0.93:
            self.now += timedelta(minutes=5)
            self._step("month_start", self.month)
        if self.mood == "debt" or self.random.random() < 0.2:
            self.now += timedelta(hours=1)
            self._step("credit_run", {})
        self.now = max(
            self.now, datetime.combine(first_day(self.month), time(2)) + timedelta(days=2)
        )
        chance = self.random.random()
        for _ in range(2 if chance > 0.95 else 1 if chance > 0.1 else 0):
            self._step("close_month", old)
        self._pay_what_is_due()
        if chance < 0.04 and later(old, -1) >= "2026-03":
            self._step("close_month", later(old, -1))

    def _pay_what_is_due(self) -> None:
        """Most customers pay the account of their bundle."""
        if self.mood == "debt":
            return
        for account in self.world.accounts.values():
            if account.unified and account.owes and self.random.random() < 0.6:
                self.serial += 1
                amount = yuan(sum(bill.due for bill in account.bills))
                self._step(
                    "pay", {"account": account.name, "amount": amount, "key": f"p{self.serial}"}
                )

    def _one_step(self) -> None:
        for _ in range(10):
            kind = self.random.choices(KINDS, weights=MOODS[self.mood])[0]
            if getattr(self, f"_try_{kind}")():
                return

    def _try_order(self) -> bool:
        self.serial += 1
        name = f"o{self.serial}"
        taken = self._step("order", self.business.an_order(name, at=self.now))
        if name in self.world.bundles and self.random.random() < 0.6:
            self._step("complete", name)
        return taken

    def _try_complete(self) -> bool:
        return self._step("complete", self.business.a_completion())

    def _try_withdraw(self) -> bool:
        return self._step("withdraw", self.business.a_withdrawal())

    def _try_pay(self) -> bool:
        self.serial += 1
        return self._step("pay", a_payment(self.random, self.world, serial=self.serial))

    def _try_reverse(self) -> bool:
        return self._step("reverse", a_reversal(self.random, self.world))

    def _try_special(self) -> bool:
        self.serial += 1
        fields = a_special_ledger(self.random, self.world, at=self.now, serial=self.serial)
        return self._step("special_ledger", fields)

    def _try_usage(self) -> bool:
        self.serial += 1
        records = some_records(self.random, self.world, at=self.now, serial=self.serial)
        return self._step("usage", records)

    def _try_credit(self) -> bool:
        return self._step("credit_run", {})

    def _step(self, kind: str, fields: Any) -> bool:
        if fields is None:
            return False
        rules = play(self.world, kind, fields, at=self.now)
        step: dict[str, Any] = {"at": self.now.isoformat(timespec="seconds"), kind: fields}
        if rules:
            step["refused"] = rules if len(rules) > 1 else rules[0]
        self.scenario["timeline"].append(step)
        return True


def generated(seed: int, catalogue: dict[str, Any]) -> dict[str, Any]:
    return Generator(seed, catalogue).scenario_of_months()


def as_yaml(scenario: dict[str, Any]) -> str:
    """Readable: a line for each customer, subscription and step."""
    lines = []
    for key, value in scenario.items():
        if key == "timeline":
            lines += ["timeline:", *(f"  - {_flow(step)}" for step in value)]
        elif key in ("customers", "subscriptions"):
            lines += [f"{key}:", *(f"  {name}: {_flow(row)}" for name, row in value.items())]
        else:
            lines.append(f"{key}: {_flow(value)}")
    return "\n".join(lines) + "\n"


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, _: Any) -> bool:
        return True


def _flow(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    style = {"default_flow_style": True, "allow_unicode": True, "sort_keys": False}
    return yaml.dump(value, Dumper=_Plain, width=10**9, **style).strip()


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m tests.oracle.generate")
    arguments.add_argument("--seed", type=int, required=True)
    arguments.add_argument("--count", type=int, default=1)
    arguments.add_argument("--into", type=Path, help="write files here instead of to stdout")
    arguments.add_argument("--expect", action="store_true", help="with the oracle's outcome")
    arguments.add_argument("--catalogue", type=Path, default=CATALOGUE)
    options = arguments.parse_args()
    catalogue = yaml.safe_load(options.catalogue.read_text(encoding="utf-8"))
    for seed in range(options.seed, options.seed + options.count):
        scenario = generated(seed, catalogue)
        if options.expect:
            scenario["expect"] = outcome(scenario, catalogue, Path())["outcome"]
        if options.into:
            options.into.mkdir(parents=True, exist_ok=True)
            file = options.into / f"invented-{seed:05d}.yaml"
            file.write_text(as_yaml(scenario), encoding="utf-8")
        else:
            sys.stdout.write(as_yaml(scenario))
    return 0


if __name__ == "__main__":
    sys.exit(main())
