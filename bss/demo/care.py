"""Matters that the demo's customers bring: cases in every state, some near their due time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from bss.demo.companies import Company
from bss.demo.operator import Operator
from complaints.rules.categories import BY_CODE
from complaints.services import handling, intake

MATTERS = (
    ("本月帐单比上月高，请核对", "客户称本月共享时长外费用偏高，要求解释。"),
    ("漫游费用疑问", "客户出差归来，对漫游通话费有疑问。"),
    ("宽带速率不达标", "客户反映下载速率低于签约速率。"),
    ("申请发票拆分", "客户希望按部门拆分开具发票。"),
    ("来电显示未生效", "客户称套餐生效后来电显示仍不可用。"),
    ("咨询套餐变更", "客户咨询提高档位的生效时间与费用。"),
)


def bring_matters(
    random: Random, operator: Operator, companies: Sequence[Company], *, at: datetime
) -> None:
    """Open a dozen cases over the last days and take some of them further."""
    categories = sorted(BY_CODE)
    for number, company in enumerate(random.sample(list(companies), k=min(12, len(companies)))):
        subject, description = MATTERS[number % len(MATTERS)]
        opened_at = at - timedelta(hours=6 * number)
        agent = random.choice(operator.agents)
        case = intake.open_case(
            customer_id=company.id,
            category=random.choice(categories),
            subject=subject,
            description=description,
            at=opened_at,
            by_id=agent,
        )
        _take_further(case.pk, number % 4, operator, agent=agent, at=opened_at)


def _take_further(
    case_id: int, steps: int, operator: Operator, *, agent: int, at: datetime
) -> None:
    handler = operator.halls[case_id % len(operator.halls)].clerk_ids[0]
    if steps >= 1:
        handling.dispatch(
            case_id=case_id, handler_id=handler, at=at + timedelta(minutes=20), by_id=agent
        )
    if steps >= 2:
        handling.reply(
            case_id=case_id,
            text="已核对，情况已向客户说明。",
            at=at + timedelta(hours=1),
            by_id=handler,
        )
    if steps >= 3:
        handling.call_back(
            case_id=case_id, text="客户表示满意。", at=at + timedelta(hours=2), by_id=agent
        )
