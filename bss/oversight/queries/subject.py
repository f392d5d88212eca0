"""Everything that is held about one customer, section by section, as the customer may have it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from billing.models import Account, Bill, Payment
from bss.kernel.models import AuditEntry
from bss.kernel.units import yuan
from complaints.models import Case, CaseStep
from customers.models import Customer, Subscription
from customers.services.reveal import InClear
from orders.models import Order
from packages_wo.models import Bundle

Row = Sequence[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One kind of data: its columns as (key, label), and its rows."""

    code: str
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]


def sections_of(customer: Customer, in_clear: InClear) -> list[Section]:
    """All sections, also the empty ones: that there is nothing is an answer, too."""
    return [
        _record(customer, in_clear),
        _documents(in_clear),
        _contacts(in_clear),
        *(part(customer) for part in PARTS),
    ]


def _record(customer: Customer, in_clear: InClear) -> Section:
    facts = (
        (_("客户编号"), customer.code),
        (_("客户名称"), in_clear.name),
        (_("类型"), _(customer.get_kind_display())),
        (_("名单"), _(customer.get_listed_display())),
        (_("名单原因"), customer.listed_reason),
        (_("长途区号"), customer.area),
        (_("通信地址"), in_clear.postal_address),
        (_("客户经理"), str(customer.account_manager or "")),
        (_("登记时间"), customer.registered_at),
    )
    return Section(
        code="record",
        title=_("客户资料"),
        columns=(("field", _("项目")), ("value", _("内容"))),
        rows=facts,
    )


def _documents(in_clear: InClear) -> Section:
    return Section(
        code="documents",
        title=_("证件"),
        columns=_columns(type=_("证件类型"), number=_("证件号码"), address=_("证件地址"),
                         verified=_("已核验"), recorded_at=_("登记时间")),
        rows=tuple(
            (_(one.get_type_display()), one.number, one.address, one.verified, one.recorded_at)
            for one in in_clear.documents
        ),
    )  # fmt: skip


def _contacts(in_clear: InClear) -> Section:
    return Section(
        code="contacts",
        title=_("联系人"),
        columns=_columns(name=_("姓名"), phone=_("电话"), position=_("职务")),
        rows=tuple((one.name, one.phone, one.position) for one in in_clear.contacts),
    )


def _subscriptions(customer: Customer) -> Section:
    lines = Subscription.objects.filter(owner=customer).order_by("pk")
    return Section(
        code="subscriptions",
        title=_("用户"),
        columns=_columns(number=_("号码"), service=_("业务"), state=_("状态"),
                         install_address=_("装机地址"), in_service_at=_("开通时间"),
                         ended_at=_("销号时间")),
        rows=tuple(
            (line.number, _(line.get_service_display()), _(line.get_state_display()),
             line.install_address, line.in_service_at, line.ended_at)
            for line in lines
        ),
    )  # fmt: skip


def _bundles(customer: Customer) -> Section:
    bundles = Bundle.objects.filter(customer=customer).order_by("pk")
    return Section(
        code="bundles",
        title=_("融合套餐"),
        columns=_columns(code=_("套餐编号"), offering=_("产品"), state=_("状态"),
                         accepted_at=_("受理时间")),
        rows=tuple(
            (one.code, one.offering, _(one.get_state_display()), one.accepted_at)
            for one in bundles
        ),
    )  # fmt: skip


def _accounts(customer: Customer) -> Section:
    accounts = Account.objects.filter(owner=customer).order_by("pk")
    return Section(
        code="accounts",
        title=_("帐户"),
        columns=_columns(
            code=_("帐户编号"), name=_("名称"), kind=_("类型"), opened_at=_("开户时间")
        ),
        rows=tuple(
            (one.code, one.name, _(one.get_kind_display()), one.opened_at) for one in accounts
        ),
    )


def _bills(customer: Customer) -> Section:
    bills = Bill.objects.filter(account__owner=customer).select_related("account").order_by("pk")
    return Section(
        code="bills",
        title=_("帐单"),
        columns=_columns(account=_("帐户编号"), month=_("月份"), issued_at=_("出帐时间"),
                         total=_("应缴(元)"), paid=_("已缴(元)")),
        rows=tuple(
            (one.account.code, one.month, one.issued_at, yuan(one.total_fen), yuan(one.paid_fen))
            for one in bills
        ),
    )  # fmt: skip


def _payments(customer: Customer) -> Section:
    payments = Payment.objects.filter(account__owner=customer).select_related("account")
    return Section(
        code="payments",
        title=_("缴费"),
        columns=_columns(account=_("帐户编号"), at=_("时间"), means=_("方式"),
                         amount=_("金额(元)"), reversed_at=_("冲正时间")),
        rows=tuple(
            (one.account.code, one.at, _(one.get_means_display()), yuan(one.amount_fen),
             one.reversed_at)
            for one in payments.order_by("pk")
        ),
    )  # fmt: skip


def _orders(customer: Customer) -> Section:
    orders = Order.objects.filter(customer=customer).order_by("pk")
    return Section(
        code="orders",
        title=_("订单"),
        columns=_columns(code=_("订单号"), type=_("业务"), state=_("状态"),
                         accepted_at=_("受理时间")),
        rows=tuple(
            (one.code, _(one.get_type_display()), _(one.get_state_display()), one.accepted_at)
            for one in orders
        ),
    )  # fmt: skip


def _cases(customer: Customer) -> Section:
    cases = Case.objects.filter(customer=customer).order_by("pk")
    return Section(
        code="cases",
        title=_("案件"),
        columns=_columns(code=_("案件编号"), subject=_("主题"), description=_("诉求"),
                         contact_phone=_("联系电话"), state=_("状态"), accepted_at=_("受理时间")),
        rows=tuple(
            (one.code, one.subject, one.description, one.contact_phone,
             _(str(one.get_state_display())), one.accepted_at)
            for one in cases
        ),
    )  # fmt: skip


def _case_steps(customer: Customer) -> Section:
    steps = CaseStep.objects.filter(case__customer=customer).select_related("case")
    return Section(
        code="case_steps",
        title=_("案件经过"),
        columns=_columns(case=_("案件编号"), at=_("时间"), action=_("动作"), text=_("内容")),
        rows=tuple(
            (one.case.code, one.at, _(str(one.get_action_display())), one.text)
            for one in steps.order_by("pk")
        ),
    )


def _looked_at(customer: Customer) -> Section:
    """When this data was read in clear and why; who it was stays the house's business."""
    reads = AuditEntry.objects.filter(customer_id=customer.pk, kind=AuditEntry.Kind.READ)
    return Section(
        code="looked_at",
        title=_("查看记录"),
        columns=_columns(at=_("时间"), way=_("方式"), reason=_("原因")),
        rows=tuple(
            reads.order_by("pk").values_list("at", "action", "reason")
        ),
    )  # fmt: skip


PARTS: tuple[Callable[[Customer], Section], ...] = (
    _subscriptions, _bundles, _accounts, _bills, _payments, _orders, _cases, _case_steps,
    _looked_at,
)  # fmt: skip


def _columns(**labels: str) -> tuple[tuple[str, str], ...]:
    return tuple(labels.items())
