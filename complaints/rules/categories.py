"""What people come with, and how soon they are owed an end of it.

Times the sources leave to the operator are decided here (DEC); the fault's is the law's.
"""

from dataclasses import dataclass
from enum import StrEnum

from complaints.rules.working_time import OFFICE_HOURS

WORKDAY_MINUTES = OFFICE_HOURS.minutes


class Clock(StrEnum):
    """Which minutes count: office hours on working days, or every one."""

    WORKING_HOURS = "working_hours"
    ROUND_THE_CLOCK = "round_the_clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """案件类别: a subject with its time limit. ``minutes`` are of its ``clock``."""

    code: str
    kind: str
    name: str
    limit: str
    minutes: int
    clock: Clock = Clock.WORKING_HOURS
    source: str


CATEGORIES = (
    Category(
        code="bill_dispute",
        kind="complaint",
        name="帐单费用争议",
        limit="3 个工作日",
        minutes=3 * WORKDAY_MINUTES,
        source="CARE-3; S14-1; DEC",
    ),
    Category(
        code="vas_dispute",
        kind="complaint",
        name="增值业务争议",
        limit="3 个工作日",
        minutes=3 * WORKDAY_MINUTES,
        source="CARE-3; S53-5; DEC",
    ),
    Category(
        code="order_delay",
        kind="complaint",
        name="业务办理与装机",
        limit="2 个工作日",
        minutes=2 * WORKDAY_MINUTES,
        source="CARE-3; DEC",
    ),
    Category(
        code="service_attitude",
        kind="complaint",
        name="服务态度",
        limit="2 个工作日",
        minutes=2 * WORKDAY_MINUTES,
        source="CARE-3; S14-1; DEC",
    ),
    Category(
        code="network_quality",
        kind="complaint",
        name="网络质量",
        limit="5 个工作日",
        minutes=5 * WORKDAY_MINUTES,
        source="CARE-3; S52-4; DEC",
    ),
    Category(
        code="personal_data",
        kind="complaint",
        name="个人信息保护",
        limit="1 个工作日",
        minutes=WORKDAY_MINUTES,
        source="CARE-3; S14-2; DEC",
    ),
    Category(
        code="line_fault",
        kind="fault",
        name="线路与宽带故障",
        limit="48 小时",
        minutes=48 * 60,
        clock=Clock.ROUND_THE_CLOCK,
        source="CARE-3; 电信条例（城镇 48 小时内修复或者调通）",
    ),
    Category(
        code="bundle_enquiry",
        kind="enquiry",
        name="套餐与业务咨询",
        limit="4 个工作小时",
        minutes=4 * 60,
        source="CARE-3; S08-3; DEC",
    ),
    Category(
        code="bill_enquiry",
        kind="enquiry",
        name="帐单与用量咨询",
        limit="4 个工作小时",
        minutes=4 * 60,
        source="CARE-3; S08-4; DEC",
    ),
    Category(
        code="suggestion",
        kind="suggestion",
        name="意见建议",
        limit="5 个工作日",
        minutes=5 * WORKDAY_MINUTES,
        source="CARE-3; DEC",
    ),
)

BY_CODE = {category.code: category for category in CATEGORIES}
