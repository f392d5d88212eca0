"""A rejected line with some of its fields put right, in the format in which it came.

And what is wrong with the fields of a line, each in one sentence. Source: RAT-15.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from billing.rules.usage_line import FIXED, column_of, line_fields
from billing.rules.usage_record import (
    AMOUNT_PATTERN,
    CALL_TYPES,
    OTHER_NUMBER_PATTERN,
    SECONDS_PATTERN,
    moment_of,
)

NOT_CUT = "这一行分不成字段，请把各个字段都填写一遍。"
NO_FIELD = "这个文件没有“%(field)s”这一列，不能更正它。"
TOO_LONG = "“%(field)s”最长 %(width)s 个字符。"
_BREAKS = re.compile(r"[\r\n]")

FIELD_WORDS: Mapping[str, str] = {
    "record_id": "话单号",
    "service_number": "计费号码",
    "call_type": "呼叫类型",
    "other_number": "对方号码",
    "start_at": "开始时间",
    "duration_s": "时长(秒)",
    "visited_area": "到访地区",
    "volume_kb": "流量(KB)",
    "info_fee_hao": "信息费(毫)",
}


class NotCorrectableError(ValueError):
    """The line cannot be put right so; ``words`` and ``facts`` say why."""

    def __init__(self, words: str, **facts: object) -> None:
        super().__init__(words % facts)
        self.words, self.facts = words, facts


def column_names(columns: Sequence[str], *, format: str) -> list[str]:
    """The fields that a line of this file has, in order."""
    return [column_of(one)[0] for one in columns] if format == FIXED else list(columns)


def corrected_line(
    line: str, values: Mapping[str, str], *, format: str, columns: Sequence[str]
) -> str:
    """The line with ``values`` in place of what stood in these fields.

    Raises: NotCorrectableError.
    """
    names = column_names(columns, format=format)
    for field in values:
        if field not in names:
            raise NotCorrectableError(NO_FIELD, field=FIELD_WORDS.get(field, field))
    found = line_fields(line, format=format, columns=columns) or {}
    merged = [_BREAKS.sub(" ", values.get(name, found.get(name, ""))) for name in names]
    return _fixed(merged, columns) if format == FIXED else _csv(merged)


def faults_of(fields: Mapping[str, str], *, at: datetime) -> dict[str, str]:
    """Field → what is wrong with it; nothing exactly when ``read_record`` can read the record."""
    text = {name: str(fields.get(name) or "").strip() for name in FIELD_WORDS}
    faults = {}
    if not text["record_id"]:
        faults["record_id"] = "没有话单号。"
    if not text["service_number"]:
        faults["service_number"] = "没有计费号码。"
    if text["call_type"] not in CALL_TYPES:
        faults["call_type"] = "不是 mo、mt、cf、sms、data 之一。"
    calls = text["call_type"] in ("mo", "cf")
    if calls and not re.fullmatch(OTHER_NUMBER_PATTERN, text["other_number"]):
        faults["other_number"] = "不是号码。"
    amounts = {
        "duration_s": SECONDS_PATTERN,
        "volume_kb": AMOUNT_PATTERN,
        "info_fee_hao": AMOUNT_PATTERN,
    }
    for name, pattern in amounts.items():
        if not re.fullmatch(pattern, text[name]):
            faults[name] = "不是从 0 起的整数，或者太大。"
    start_at = moment_of(text["start_at"])
    if start_at is None:
        faults["start_at"] = "不是时间，应如 2026-10-05T09:00:00。"
    elif "duration_s" not in faults and timedelta(seconds=int(text["duration_s"] or 0)) > (
        at - start_at
    ):
        faults["start_at"] = "通话还没有结束：开始时间加时长晚于现在。"
    return faults


def _csv(values: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(values)
    return out.getvalue()


def _fixed(values: Sequence[str], columns: Sequence[str]) -> str:
    parts = []
    for value, (name, width) in zip(values, map(column_of, columns), strict=True):
        if len(value) > width:
            field = FIELD_WORDS.get(name, name)
            raise NotCorrectableError(TOO_LONG, field=field, width=width)
        parts.append(value.ljust(width))
    return "".join(parts)
