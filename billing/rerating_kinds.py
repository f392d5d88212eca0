"""What a re-rating puts before a second person: its preview, and the fingerprint of every line."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from billing.models import Rerating
from billing.queries.offerings import offering_names
from billing.queries.rerated import months_of
from billing.services import reratings
from bss.kernel.approvals import ApprovalKind, Line, Payload
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval
from bss.kernel.units import yuan

GONE = "这次重批已经不在，请重新预览。"


def describe_rerating(payload: Payload) -> Sequence[Line]:
    """Which months and products, what is given back and charged, and the fingerprint."""
    rerating = Rerating.objects.select_related("customer").filter(pk=payload["rerating_id"]).first()
    if rerating is None:
        raise BadInputError(("", GONE))
    totals = rerating.found["totals"]
    months = months_of(rerating)
    return (
        Line("重批", rerating.code),
        Line("月份", f"{months[0]} … {months[-1]}" if len(months) > 1 else str(months[0])),
        Line("产品", offering_names(months[-1].first_day)(rerating.offering)),
        *([Line("客户编号", rerating.customer.code)] if rerating.customer else []),
        Line("话单", rerating.found["records"]),
        Line("列入下张帐单的帐户", totals["adjusted_accounts"]),
        Line("减免合计(元)", yuan(-totals["credits_fen"])),
        Line("补收合计(元)", yuan(totals["debits_fen"])),
        Line("未出帐话单增减(元)", yuan(totals["replaced_fen"])),
        Line("由人处理", totals["by_hand"]),
        Line("内容摘要", rerating.digest[:16]),
    )


def perform_rerating(approval: Approval, *, at: datetime) -> dict[str, Any]:
    """It may be done; the workers do it, part by part, as it was shown."""
    rerating = reratings.approve(
        rerating_id=approval.payload["rerating_id"], approval=approval, at=at
    )
    return {"url": reverse("billing:rerating", args=[rerating.pk])}


APPROVALS: Mapping[str, ApprovalKind] = {
    reratings.KIND: ApprovalKind(
        permission="rerating.make",
        title="资费重批",
        describe=describe_rerating,
        perform=perform_rerating,
        valid_for=timedelta(days=3),
    ),
}
