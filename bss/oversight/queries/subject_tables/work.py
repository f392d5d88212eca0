"""What was done for the customer, what they said about it, and who looked at them."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bss.kernel.models import AuditEntry
from bss.oversight.queries.subject_tables.table import Table, of, word_of
from complaints.models import Case, CaseStep
from orders.models import NetworkOrder, Order, WorkOrder

TABLES = (
    Table(
        model=Order,
        code="orders",
        title=_("订单"),
        owners=("customer", "subscription__owner"),
        columns={
            "code": (_("订单号"), of("code")),
            "type": (_("业务"), word_of("type")),
            "state": (_("状态"), word_of("state")),
            "accepted_at": (_("受理时间"), of("accepted_at")),
            "completed_at": (_("竣工时间"), of("completed_at")),
        },
    ),
    Table(
        model=WorkOrder,
        code="work_orders",
        title=_("工单"),
        owners=("order__customer", "subscription__owner"),
        related=("order", "subscription"),
        columns={
            "order": (_("订单号"), of("order.code")),
            "type": (_("类型"), word_of("type")),
            "number": (_("号码"), of("subscription.number")),
            "state": (_("状态"), word_of("state")),
            "appointment": (_("预约时间"), of("appointment_from")),
            "done_at": (_("完成时间"), of("done_at")),
        },
    ),
    Table(
        model=NetworkOrder,
        code="network_orders",
        title=_("停复机指令"),
        owners=("subscription__owner",),
        related=("subscription",),
        columns={
            "number": (_("号码"), of("subscription.number")),
            "type": (_("类型"), word_of("type")),
            "state": (_("状态"), word_of("state")),
            "asked_at": (_("时间"), of("asked_at")),
            "done_at": (_("完成时间"), of("done_at")),
        },
    ),
    Table(
        model=Case,
        code="cases",
        title=_("案件"),
        owners=("customer",),
        columns={
            "code": (_("案件编号"), of("code")),
            "subject": (_("主题"), of("subject")),
            "description": (_("诉求"), of("description")),
            "contact_phone": (_("联系电话"), of("contact_phone")),
            "state": (_("状态"), word_of("state")),
            "accepted_at": (_("受理时间"), of("accepted_at")),
        },
    ),
    Table(
        model=CaseStep,
        code="case_steps",
        title=_("案件经过"),
        owners=("case__customer",),
        related=("case",),
        columns={
            "case": (_("案件编号"), of("case.code")),
            "at": (_("时间"), of("at")),
            "action": (_("动作"), word_of("action")),
            "text": (_("内容"), of("text")),
        },
    ),
    # When their data was read in clear and why; who it was stays the house's business.
    Table(
        model=AuditEntry,
        code="looked_at",
        title=_("查看记录"),
        owners=("customer_id",),
        where=Q(kind=AuditEntry.Kind.READ),
        columns={
            "at": (_("时间"), of("at")),
            "way": (_("方式"), of("action")),
            "reason": (_("原因"), of("reason")),
        },
    ),
)
