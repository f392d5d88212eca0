"""What makes a record malformed, field by field (RAT-15)."""

from datetime import datetime

import pytest

from billing.rules.usage_record import read_record
from bss.kernel.periods import BUSINESS_ZONE

AT = datetime(2026, 10, 31, 12, tzinfo=BUSINESS_ZONE)
GOOD = {
    "record_id": "r1",
    "service_number": "01062000001",
    "call_type": "mo",
    "other_number": "01088880001",
    "start_at": "2026-10-05T09:00:00",
    "duration_s": 61,
}


def test_fields_left_out_are_empty_or_zero():
    record = read_record(GOOD, at=AT)

    assert record is not None
    assert (record.visited_area, record.volume_kb, record.info_fee_hao) == ("", 0, 0)
    assert record.minutes == 2
    assert record.end_at == datetime(2026, 10, 5, 9, 1, 1, tzinfo=BUSINESS_ZONE)


@pytest.mark.parametrize(
    "changed",
    [
        {"record_id": ""},
        {"service_number": None},
        {"call_type": "fax"},
        {"call_type": "MO"},
        {"call_type": ""},
        {"start_at": "yesterday"},
        {"start_at": ""},
        {"start_at": "2026-10-05"},
        {"start_at": "2026-02-30T09:00:00"},
        {"start_at": "2026-10-05T24:00:00"},
        {"start_at": "0000-10-05T09:00:00"},
        {"duration_s": -60},
        {"duration_s": "60.0"},
        {"duration_s": "1e3"},
        {"duration_s": "9999999999"},
        {"volume_kb": "-1"},
        {"volume_kb": "12,5"},
        {"info_fee_hao": "half"},
        {"other_number": ""},
        {"other_number": "0108888-0001"},
        {"other_number": "++8613910120000"},
        {"other_number": "０１０"},
        {"call_type": "cf", "other_number": ""},
        {"start_at": "2026-10-31T12:00:00", "duration_s": 1},
        {"start_at": "2026-10-31T12:00:01", "duration_s": 0},
    ],
)
def test_a_record_that_is_not_whole_is_malformed(changed):
    assert read_record({**GOOD, **changed}, at=AT) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"start_at": "2026-10-05T09:00"},
        {"start_at": "2026-10-05 09:00:00"},
        {"start_at": "2026-10-05T01:00:00Z"},
        {"start_at": "2026-10-05T09:00:00+08:00"},
        {"duration_s": "00061"},
        {"duration_s": ""},
        {"other_number": "+8613910120000"},
        {"call_type": "mt", "other_number": "unknown"},
        {"call_type": "sms", "other_number": ""},
        {"call_type": "data", "other_number": "internet.example"},
        {"start_at": "2026-10-31T11:59:00", "duration_s": 60},
    ],
)
def test_other_ways_to_write_a_record_are_read(changed):
    record = read_record({**GOOD, **changed}, at=AT)

    assert record is not None
    if record.start_at.day == 5:
        assert record.start_at.hour == 9
