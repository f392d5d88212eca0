"""Usage records with every call type, every way to write a number, and odd ones."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.oracle.entities import Subscription
from tests.oracle.months import begins_at, month_of
from tests.oracle.world import World

LONG_AGO_DAYS = 75
NUMBERS = [
    "01088880001",
    "88880001",
    "6666001",
    "02166660001",
    "075586660001",
    "13910120000",
    "13501600000",
    "19910120000",
    "+8613910120000",
    "008613501600000",
    "8613910120000",
    "+861088880001",
    "+862166660001",
    "0085212345678",
    "+85312345678",
    "00886212345678",
    "0012125550100",
    "+442079460000",
    "110",
    "10010",
    "8008101234",
    "4008001234",
    "+864008001234",
    "95588",
    "10086",
    "118114",
    "1790902166660001",
    "193013910120000",
    "12345678901",
    "123456789012",
]
NO_NUMBERS = ["", "abc", "12-34", "1+2"]
VISITED = [*[""] * 12, "010", "021", "022", "00852", "00886", "0044", "001"]


def some_records(random: Random, world: World, *, at: datetime, serial: int) -> list[dict]:
    everyone = [row for row in world.subscriptions.values() if row.service != "broadband"]
    active = [row for row in everyone if row.state == "active"]
    callers = active if active and random.random() < 0.85 else everyone
    bundled = [row for row in callers if world.bundle_now(row.id)]
    records = []
    for index in range(random.randint(4, 14)):
        caller = random.choice(bundled if bundled and random.random() < 0.6 else callers)
        number = random.choice([caller.number, *(used for _, used in caller.numbers)])
        if random.random() < 0.02:
            number = "13099999999"
        records.append(
            _record(
                random, world, f"r{serial}-{index}", number, at, fellows=_fellows(world, caller)
            )
            if random.random() > 0.04 or not world.seen_records
            else {
                **_record(random, world, "", number, at, fellows=[]),
                "record_id": random.choice(sorted(world.seen_records)),
            }
        )
    return records


def _fellows(world: World, caller: Subscription) -> list[Subscription]:
    """Who is in the same bundle, else everybody."""
    bundle = world.bundle_now(caller.id)
    names = bundle.now.everyone if bundle and bundle.now else list(world.subscriptions)
    return [world.subscriptions[name] for name in names if name != caller.id]


def _record(
    random: Random,
    world: World,
    name: str,
    number: str,
    at: datetime,
    *,
    fellows: list[Subscription],
) -> dict[str, Any]:
    call_type = random.choice(["mo"] * 7 + ["mt", "cf", "cf", "sms", "data"])
    record: dict[str, Any] = {"record_id": name, "service_number": number, "call_type": call_type}
    if call_type in ("mo", "mt", "cf"):
        record["other_number"] = _other_number(random, world, fellows)
        record["duration_s"] = _duration(random)
        if record["other_number"].startswith("123"):
            record["duration_s"] = 60
        visited = random.choice(VISITED)
        if visited:
            record["visited_area"] = visited
    elif call_type == "sms":
        record["other_number"] = random.choice(NUMBERS)
    else:
        record["volume_kb"] = random.choice([0, 1, 700, 1500, 400_000])
    if random.random() < 0.08:
        record["info_fee_hao"] = random.choice([5000, 49, 150])
    start = at - timedelta(seconds=_age(random, at) + record.get("duration_s", 0))
    record["start_at"] = start.isoformat(timespec="seconds")
    _spoil(random, record, at)
    return record


def _other_number(random: Random, world: World, fellows: list[Subscription]) -> str:
    if random.random() < 0.5:
        everyone = list(world.subscriptions.values())
        called = random.choice(fellows if fellows and random.random() < 0.7 else everyone)
        if called.service != "broadband":
            number = random.choice([used for _, used in called.numbers])
            if called.service == "fixed":
                return random.choice([number, number, number[3:], "+86" + number[1:]])
            return random.choice([number, number, "+86" + number, "86" + number])
    return random.choice(NUMBERS)


def _duration(random: Random) -> int:
    return random.choice([0, 1, 6, 59, 60, 61, 119, 180, 181, 245, 600, 1501, 5000, 22_000])


def _age(random: Random, at: datetime) -> int:
    """Mostly of this month, some of the month before, few older."""
    if random.random() < 0.65:
        return random.randrange(1 + int((at - begins_at(month_of(at))).total_seconds()))
    return random.randrange(random.choice([5, 20, 35, LONG_AGO_DAYS]) * 86_400)


def _spoil(random: Random, record: dict[str, Any], at: datetime) -> None:
    if random.random() > 0.05:
        return
    match random.randrange(6):
        case 0:
            record["call_type"] = "fax"
        case 1:
            record["start_at"] = "yesterday"
        case 2:
            record["duration_s"] = -60
        case 3:
            record["start_at"] = (at + timedelta(seconds=1)).isoformat(timespec="seconds")
        case 4:
            record["record_id"] = ""
        case 5:
            if record["call_type"] in ("mo", "cf"):
                record["other_number"] = random.choice(NO_NUMBERS)
