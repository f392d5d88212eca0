"""How long each kind of data is kept when nobody holds it.

``settings.RETENTION_DAYS`` may say otherwise for a kind. Source: S14-2, S40.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

YEAR_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A kind of data, how long it is kept after it is over, and what then becomes of it."""

    kind: str
    label: str
    days: int
    then: str
    by_wall_clock: bool = False


PERIODS = (
    Period(
        kind="customers", label="已全部销号的客户", days=5 * YEAR_DAYS,
        then="销毁密钥，以占位代替名称"
    ),
    Period(kind="messages", label="发给客户的通知", days=400, then="删除"),
    Period(
        kind="bank_payers", label="银行流水中的付款人", days=10 * YEAR_DAYS,
        then="清空付款人与附言，流水保留"
    ),
    Period(
        kind="bank_faults", label="银行文件的问题行", days=2 * YEAR_DAYS,
        then="清空原始记录，原因保留"
    ),
    Period(kind="bank_uploads", label="上传银行文件的记录", days=400, then="删除"),
    Period(
        kind="gateway_notices", label="支付网关的通知", days=3 * YEAR_DAYS, then="删除",
        by_wall_clock=True
    ),
    Period(kind="approvals", label="未获批准的申请", days=2 * YEAR_DAYS, then="删除"),
    Period(kind="notices", label="给工号的通知", days=180, then="删除"),
    Period(
        kind="work_sessions", label="登录会话记录", days=400, then="删除", by_wall_clock=True
    ),
    Period(
        kind="failed_sign_ins", label="登录失败记录", days=180, then="删除", by_wall_clock=True
    ),
    Period(kind="rejects", label="已重批的错单", days=180, then="删除"),
    Period(kind="outbox", label="已处理的事件", days=30, then="删除", by_wall_clock=True),
    Period(kind="api_calls", label="接口幂等应答", days=30, then="删除"),
    Period(kind="scheduled_runs", label="定时任务记录", days=400, then="删除", by_wall_clock=True),
    Period(kind="sessions", label="已过期的会话", days=1, then="删除", by_wall_clock=True),
)  # fmt: skip


def periods(days: Mapping[str, int]) -> tuple[Period, ...]:
    """The table with what this installation says otherwise. Raises: ValueError."""
    unknown = set(days) - {period.kind for period in PERIODS}
    if unknown:
        raise ValueError(f"RETENTION_DAYS names unknown kinds: {', '.join(sorted(unknown))}")
    return tuple(replace(period, days=days.get(period.kind, period.days)) for period in PERIODS)


def kept_since(period: Period, *, at: datetime, real_at: datetime) -> datetime:
    """What was over before this moment has been kept long enough.

    Technical rows carry the wall clock's times, business rows those of the business clock.
    """
    return (real_at if period.by_wall_clock else at) - timedelta(days=period.days)
