"""One usage record as the switch sends it, and what makes it malformed.

Source: rules.md section 6; scenarios README "Usage".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bss.kernel.periods import BUSINESS_ZONE, local_moment

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
REQUIRED_COLUMNS = ("record_id", "service_number", "call_type", "start_at")
CALL_TYPES = ("mo", "mt", "cf", "sms", "data")
VOICE_TYPES = ("mo", "mt", "cf")

REJECT_REASONS = (
    "malformed",
    "duplicate",
    "unknown_number",
    "not_active",
    "closed_month",
    "no_tariff",
)
"""In the order in which they are tried: the first that fits is the record's reason."""

MOMENT_PATTERN = (
    r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    r"[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?"
    r"(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?"
)
SECONDS_PATTERN = r"0*[0-9]{0,9}"
AMOUNT_PATTERN = r"0*[0-9]{0,12}"
"""Whole numbers from 0 up; more digits than these no call, volume or fee ever had."""
OTHER_NUMBER_PATTERN = r"\+?[0-9]+"


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageRecord:
    """话单 — one call, text or data session.

    Units: ``duration_s`` seconds, ``volume_kb`` KB, ``info_fee_hao`` hao.
    """

    record_id: str
    service_number: str
    call_type: str
    other_number: str
    start_at: datetime
    duration_s: int
    visited_area: str
    volume_kb: int
    info_fee_hao: int

    @property
    def end_at(self) -> datetime:
        return self.start_at + timedelta(seconds=self.duration_s)

    @property
    def minutes(self) -> int:
        """Started minutes of a call. Source: RAT-1."""
        return -(-self.duration_s // 60) if self.call_type in VOICE_TYPES else 0


def read_record(fields: Mapping[str, object], *, at: datetime) -> UsageRecord | None:
    """The record, or None when it is malformed at ``at``, the moment at which it arrived.

    Source: RAT-15; fields left out are empty or 0.
    """
    text = {name: _text(fields.get(name)) for name in FIELDS}
    start_at = moment_of(text["start_at"])
    numbers_fit = (
        re.fullmatch(SECONDS_PATTERN, text["duration_s"])
        and re.fullmatch(AMOUNT_PATTERN, text["volume_kb"])
        and re.fullmatch(AMOUNT_PATTERN, text["info_fee_hao"])
    )
    calls_somebody = text["call_type"] in ("mo", "cf")
    if (
        not text["record_id"]
        or not text["service_number"]
        or text["call_type"] not in CALL_TYPES
        or start_at is None
        or not numbers_fit
        or (calls_somebody and not re.fullmatch(OTHER_NUMBER_PATTERN, text["other_number"]))
    ):
        return None
    duration_s = int(text["duration_s"] or 0)
    if timedelta(seconds=duration_s) > at - start_at:
        return None
    return UsageRecord(
        record_id=text["record_id"],
        service_number=text["service_number"],
        call_type=text["call_type"],
        other_number=text["other_number"],
        start_at=start_at,
        duration_s=duration_s,
        visited_area=text["visited_area"],
        volume_kb=int(text["volume_kb"] or 0),
        info_fee_hao=int(text["info_fee_hao"] or 0),
    )


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def moment_of(text: str) -> datetime | None:
    """The moment that a record names, or None when it names none."""
    if not re.fullmatch(MOMENT_PATTERN, text):
        return None
    try:
        return local_moment(text).astimezone(BUSINESS_ZONE)
    except (ValueError, OverflowError):
        return None
