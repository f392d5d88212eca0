"""Takes usage records in: each is kept to be rated, or rejected with the first reason."""

import re
from datetime import datetime, timedelta
from typing import Any

from tests.oracle.entities import Record
from tests.oracle.months import later, month_of
from tests.oracle.rating import VOICE, has_tariff
from tests.oracle.reader import moment
from tests.oracle.world import World

WHOLE = re.compile(r"[0-9]+")
DIGITS = re.compile(r"\+?[0-9]+")


def load(world: World, records: list[dict[str, Any]], *, at: datetime) -> None:
    for fields in records:
        world.loaded += 1
        reason = _admit(world, fields, at=at)
        if reason:
            world.rejected[reason] = world.rejected.get(reason, 0) + 1


def _admit(world: World, fields: dict[str, Any], *, at: datetime) -> str | None:
    """The reason for which it is rejected, or None when it was taken."""
    text = {key: "" if value is None else str(value).strip() for key, value in fields.items()}
    start = _start(fields.get("start_at"))
    if start is None or _malformed(text):
        return "malformed"
    end = start + timedelta(seconds=_whole(text, "duration_s"))
    if end > at:
        return "malformed"

    if text["record_id"] in world.seen_records:
        return "duplicate"
    world.seen_records.add(text["record_id"])

    number = text["service_number"]
    known = [
        sub for sub in world.subscriptions.values() if number in [used for _, used in sub.numbers]
    ]
    if not known:
        return "unknown_number"
    active = [
        sub for sub in known if sub.number_at(start) == number and sub.state_at(start) == "active"
    ]
    if not active:
        return "not_active"

    month, this_month = month_of(end), month_of(at)
    late_in = None
    if month in world.closed:
        if later(month) != this_month:
            return "closed_month"
        late_in = this_month

    record = Record(
        id=text["record_id"],
        subscription=active[0].id,
        call_type=text["call_type"],
        other_number=text.get("other_number", ""),
        start=start,
        end=end,
        month=month,
        duration_s=_whole(text, "duration_s"),
        visited_area=text.get("visited_area", ""),
        volume_kb=_whole(text, "volume_kb"),
        info_fee_hao=_whole(text, "info_fee_hao"),
        late_in=late_in,
    )
    if not has_tariff(world, record):
        return "no_tariff"
    world.records.append(record)
    return None


def _malformed(text: dict[str, str]) -> bool:
    if not text.get("record_id") or not text.get("service_number"):
        return True
    if text.get("call_type") not in (*VOICE, "sms", "data"):
        return True
    for name in ("duration_s", "volume_kb", "info_fee_hao"):
        if text.get(name) and not WHOLE.fullmatch(text[name]):
            return True
    dials = text["call_type"] in ("mo", "cf")
    return dials and not DIGITS.fullmatch(text.get("other_number", ""))


def _start(value: Any) -> datetime | None:
    try:
        return moment(value)
    except ValueError:
        return None


def _whole(text: dict[str, str], name: str) -> int:
    return int(text.get(name) or 0)
