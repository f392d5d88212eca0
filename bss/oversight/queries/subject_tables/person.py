"""What the house thinks of the customer: classes, levels, lists, points."""

from django.utils.translation import gettext_lazy as _

from bss.oversight.queries.subject_tables.table import Table, of, word_of, yuan_of
from customers.models import ClassMembership, CustomerFigures, LevelChange, Listing, PointsEntry

TABLES = (
    Table(
        model=ClassMembership,
        code="classes",
        title=_("客户类别"),
        owners=("customer",),
        related=("customer_class",),
        columns={
            "class": (_("类别"), of("customer_class.name")),
            "from": (_("自"), of("valid_from")),
            "until": (_("至"), of("valid_until")),
            "reason": (_("依据"), of("reason")),
        },
    ),
    Table(
        model=LevelChange,
        code="levels",
        title=_("等级评定"),
        owners=("customer",),
        related=("before", "after"),
        columns={
            "ladder": (_("序列"), word_of("ladder")),
            "before": (_("原等级"), of("before.name")),
            "after": (_("新等级"), of("after.name")),
            "monthly": (_("月均帐单(元)"), yuan_of("monthly_fen")),
            "state": (_("状态"), word_of("state")),
            "at": (_("时间"), of("proposed_at")),
            "note": (_("说明"), of("note")),
        },
    ),
    Table(
        model=CustomerFigures,
        code="figures",
        title=_("客户价值"),
        owners=("customer",),
        columns={
            "monthly": (_("月均帐单(元)"), yuan_of("monthly_fen")),
            "months": (_("月数"), of("months")),
            "phones": (_("在用话机数"), of("phones")),
            "at": (_("时间"), of("counted_at")),
        },
    ),
    Table(
        model=Listing,
        code="listings",
        title=_("名单记录"),
        owners=("customer",),
        columns={
            "list": (_("名单"), word_of("kind")),
            "reason": (_("原因"), of("reason")),
            "from": (_("自"), of("valid_from")),
            "until": (_("至"), of("valid_until")),
            "ended_because": (_("移出原因"), of("ended_because")),
        },
    ),
    Table(
        model=PointsEntry,
        code="points",
        title=_("积分"),
        owners=("customer",),
        columns={
            "at": (_("时间"), of("at")),
            "kind": (_("类型"), word_of("kind")),
            "points": (_("积分"), of("points")),
            "balance": (_("积分余额"), of("balance")),
            "expires_on": (_("到期日"), of("expires_on")),
            "reason": (_("说明"), of("reason")),
        },
    ),
)
