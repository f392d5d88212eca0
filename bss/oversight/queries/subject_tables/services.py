"""The customer's lines and bundles, and how they were at any time."""

from django.utils.translation import gettext_lazy as _

from billing.models import BundleAccount, PayRelation
from bss.oversight.queries.subject_tables.table import Table, choice_of, month_of, of, word_of
from customers.models import NumberAssignment, Ownership, Subscription, SubscriptionState
from packages_wo.models import (
    Bundle,
    BundleChange,
    BundleTerm,
    Membership,
    PlanChange,
    Pool,
    SubscriptionPlan,
    SubscriptionVas,
    TermPack,
)

SPAN = {"from": (_("自"), of("valid_from")), "until": (_("至"), of("valid_until"))}
NUMBER = {"number": (_("号码"), of("subscription.number"))}
BUNDLE = {"bundle": (_("套餐编号"), of("bundle.code"))}
BY_LINE = ("subscription__owner",)
BY_BUNDLE = ("bundle__customer",)

TABLES = (
    Table(
        model=Subscription,
        code="subscriptions",
        title=_("用户"),
        owners=("owner",),
        columns={
            "number": (_("号码"), of("number")),
            "service": (_("业务"), word_of("service")),
            "state": (_("状态"), word_of("state")),
            "install_address": (_("装机地址"), of("install_address")),
            "in_service_at": (_("开通时间"), of("in_service_at")),
            "ended_at": (_("销号时间"), of("ended_at")),
        },
    ),
    Table(
        model=SubscriptionState,
        code="line_states",
        title=_("用户状态历史"),
        owners=BY_LINE,
        related=("subscription",),
        columns={
            **NUMBER,
            "state": (_("状态"), word_of("state")),
            "stop_reason": (_("停机原因"), choice_of("stop_reason", Subscription.StopReason)),
            **SPAN,
        },
    ),
    Table(
        model=NumberAssignment,
        code="numbers",
        title=_("号码历史"),
        owners=("subscription__owner",),
        columns={"number": (_("号码"), of("number")), **SPAN},
    ),
    Table(
        model=Ownership,
        code="owners",
        title=_("过户历史"),
        owners=("owner",),
        related=("subscription",),
        columns={**NUMBER, **SPAN},
    ),
    Table(
        model=SubscriptionPlan,
        code="plans",
        title=_("单产品套餐"),
        owners=BY_LINE,
        related=("subscription",),
        columns={**NUMBER, "plan": (_("套餐"), of("plan")), **SPAN},
    ),
    Table(
        model=PlanChange,
        code="plan_changes",
        title=_("套餐变更"),
        owners=BY_LINE,
        related=("subscription",),
        columns={
            **NUMBER,
            "plan": (_("套餐"), of("plan")),
            "effective_on": (_("生效日"), of("effective_on")),
            "state": (_("状态"), word_of("state")),
        },
    ),
    Table(
        model=SubscriptionVas,
        code="value_added",
        title=_("增值业务"),
        owners=BY_LINE,
        related=("subscription",),
        columns={**NUMBER, "product": (_("产品"), of("product")), **SPAN},
    ),
    Table(
        model=PayRelation,
        code="payers",
        title=_("付费关系"),
        owners=("subscription__owner", "account__owner"),
        related=("subscription", "account"),
        columns={**NUMBER, "account": (_("帐户编号"), of("account.code")), **SPAN},
    ),
    Table(
        model=Bundle,
        code="bundles",
        title=_("融合套餐"),
        owners=("customer",),
        related=("paying__account",),
        within=(BundleAccount,),
        columns={
            "code": (_("套餐编号"), of("code")),
            "offering": (_("产品"), of("offering")),
            "state": (_("状态"), word_of("state")),
            "accepted_at": (_("受理时间"), of("accepted_at")),
            "effective_on": (_("生效日"), of("effective_on")),
            "ends_on": (_("终止日"), of("ends_on")),
            "account": (_("帐户编号"), of("paying.account.code")),
        },
    ),
    Table(
        model=BundleChange,
        code="bundle_changes",
        title=_("套餐变动"),
        owners=BY_BUNDLE,
        related=("bundle",),
        columns={
            **BUNDLE,
            "kind": (_("类型"), word_of("kind")),
            "order": (_("订单号"), of("order_ref")),
            "accepted_at": (_("受理时间"), of("accepted_at")),
            "effective_on": (_("生效日"), of("effective_on")),
            "state": (_("状态"), word_of("state")),
        },
    ),
    Table(
        model=BundleTerm,
        code="bundle_terms",
        title=_("套餐条款"),
        owners=BY_BUNDLE,
        related=("bundle",),
        columns={
            **BUNDLE,
            "scheme": (_("方案"), of("scheme")),
            "tier": (_("档位"), of("tier")),
            "minutes": (_("共享时长"), of("minutes")),
            **SPAN,
        },
    ),
    Table(
        model=TermPack,
        code="packs",
        title=_("加装包"),
        owners=("term__bundle__customer",),
        related=("term__bundle", "terminal"),
        columns={
            "bundle": (_("套餐编号"), of("term.bundle.code")),
            "pack": (_("加装包"), of("pack")),
            "terminal": (_("号码"), of("terminal.number")),
            "from": (_("自"), of("term.valid_from")),
            "until": (_("至"), of("term.valid_until")),
        },
    ),
    Table(
        model=Membership,
        code="members",
        title=_("套餐成员"),
        owners=("bundle__customer", "subscription__owner"),
        related=("bundle", "subscription"),
        columns={
            **BUNDLE,
            **NUMBER,
            "part": (_("成员类型"), word_of("part")),
            "state": (_("状态"), word_of("state")),
            **SPAN,
        },
    ),
    Table(
        model=Pool,
        code="pools",
        title=_("共享时长"),
        owners=BY_BUNDLE,
        related=("bundle",),
        columns={
            **BUNDLE,
            "month": (_("月份"), month_of("month")),
            "minutes": (_("共享时长"), of("minutes")),
            "used": (_("已用"), of("used")),
            "vpn_used": (_("VPN 已用"), of("vpn_used")),
        },
    ),
)
