"""What the workbench itself puts before a second person: lists that leave the house."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bss.kernel.approvals import About, ApprovalKind, Line, Payload
from bss.kernel.models import Approval
from bss.kernel.pages import bulk_export
from bss.kernel.sentences import read
from bss.oversight.queries.reach import reached_staff


def describe_export(payload: Payload) -> Sequence[Line]:
    """Which list, with which filters and columns, and how many rows at most."""
    filters = [Line(name, value) for name, value in payload["filters"]]
    return (
        Line("清单", read(payload["title"])),
        *(filters or [Line("筛选条件", "无，全部")]),
        Line("列", payload["columns"]),
        Line("行数上限", payload["rows"]),
        Line("可下载时间", "批准后 24 小时内，每次下载都有审计记录"),
    )


def allow_export(approval: Approval, *, at: datetime) -> dict[str, Any]:
    """Nothing is written yet: the asker may fetch it from now on."""
    return {
        "url": approval.payload["way"],
        "until": (at + bulk_export.FETCHED_WITHIN).isoformat(),
    }


APPROVALS: Mapping[str, ApprovalKind] = {
    bulk_export.KIND: ApprovalKind(
        permission="approval.decide",
        title="批量导出清单",
        describe=describe_export,
        perform=allow_export,
        valid_for=timedelta(hours=8),
        about=About(ids=lambda payload: [payload["staff_id"]], reached=reached_staff),
    ),
}
