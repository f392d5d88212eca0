"""What the customer's accounts hold and owe."""

from django.utils.translation import gettext_lazy as _

from billing.models import (
    Account,
    Adjustment,
    Bill,
    BillLine,
    Charge,
    CreditLimit,
    DebtStop,
    Exposure,
    Ledger,
    LedgerRelease,
    RevenueShare,
)
from bss.oversight.queries.subject_tables.table import Table, month_of, of, word_of, yuan_of

ACCOUNT = {"account": (_("帐户编号"), of("account.code"))}
AMOUNT = {"amount": (_("金额(元)"), yuan_of("amount_fen"))}
BY_ACCOUNT = ("account__owner",)

TABLES = (
    Table(
        model=Account,
        code="accounts",
        title=_("帐户"),
        owners=("owner", "subscription__owner"),
        columns={
            "code": (_("帐户编号"), of("code")),
            "name": (_("名称"), of("name")),
            "kind": (_("类型"), word_of("kind")),
            "opened_at": (_("开户时间"), of("opened_at")),
        },
    ),
    Table(
        model=Ledger,
        code="ledgers",
        title=_("账本"),
        owners=BY_ACCOUNT,
        related=("account",),
        columns={
            **ACCOUNT,
            "kind": (_("类型"), word_of("kind")),
            "name": (_("名称"), lambda ledger: "" if ledger.kind == "public" else ledger.name),
            "cash": (_("现金(元)"), yuan_of("cash_fen")),
            "gift": (_("赠款(元)"), yuan_of("gift_fen")),
            "expires_on": (_("有效期至"), of("expires_on")),
        },
    ),
    Table(
        model=LedgerRelease,
        code="releases",
        title=_("分月返还"),
        owners=("ledger__account__owner", "target__account__owner"),
        related=("ledger__account",),
        columns={
            "account": (_("帐户编号"), of("ledger.account.code")),
            "month": (_("月份"), month_of("month")),
            **AMOUNT,
            "state": (_("状态"), word_of("state")),
        },
    ),
    Table(
        model=Bill,
        code="bills",
        title=_("帐单"),
        owners=BY_ACCOUNT,
        related=("account",),
        columns={
            **ACCOUNT,
            "month": (_("月份"), month_of("month")),
            "issued_at": (_("出帐时间"), of("issued_at")),
            "total": (_("应缴(元)"), yuan_of("total_fen")),
            "paid": (_("已缴(元)"), yuan_of("paid_fen")),
        },
    ),
    Table(
        model=BillLine,
        code="bill_lines",
        title=_("帐单明细"),
        owners=("bill__account__owner", "subscription__owner"),
        related=("bill__account", "subscription"),
        within=(RevenueShare,),
        columns={
            "account": (_("帐户编号"), of("bill.account.code")),
            "month": (_("月份"), month_of("bill.month")),
            "number": (_("号码"), of("subscription.number")),
            "item": (_("费用"), word_of("item")),
            **AMOUNT,
            "tax": (_("税额(元)"), yuan_of("tax_fen")),
        },
    ),
    Table(
        model=Charge,
        code="charges",
        title=_("待出帐费用"),
        owners=("subscription__owner", "account__owner"),
        related=("subscription",),
        columns={
            "number": (_("号码"), of("subscription.number")),
            "month": (_("月份"), month_of("month")),
            **AMOUNT,
            "order": (_("订单号"), of("order_ref")),
            "memo": (_("说明"), of("memo")),
        },
    ),
    Table(
        model=Adjustment,
        code="adjustments",
        title=_("调帐"),
        owners=("account__owner", "subscription__owner"),
        related=("account", "reason"),
        columns={
            **ACCOUNT,
            "at": (_("时间"), of("at")),
            "month": (_("月份"), month_of("month")),
            **AMOUNT,
            "reason": (_("原因"), of("reason.words")),
            "note": (_("说明"), of("note")),
        },
    ),
    Table(
        model=CreditLimit,
        code="credit_limits",
        title=_("信用额度"),
        owners=BY_ACCOUNT,
        related=("account",),
        columns={
            **ACCOUNT,
            "limit": (_("信用额度(元)"), yuan_of("limit_fen")),
            "from": (_("自"), of("valid_from")),
            "until": (_("至"), of("valid_until")),
            "reason": (_("原因"), of("reason")),
        },
    ),
    Table(
        model=Exposure,
        code="exposures",
        title=_("信用占用"),
        owners=BY_ACCOUNT,
        related=("account",),
        columns={
            **ACCOUNT,
            "limit": (_("信用额度(元)"), yuan_of("limit_fen")),
            "exposure": (_("占用(元)"), yuan_of("exposure_fen")),
            "at": (_("检查时间"), of("checked_at")),
        },
    ),
    Table(
        model=DebtStop,
        code="debt_stops",
        title=_("欠费停机"),
        owners=("account__owner", "subscription__owner"),
        related=("account", "subscription"),
        columns={
            **ACCOUNT,
            "number": (_("号码"), of("subscription.number")),
            "stopped_at": (_("停机时间"), of("stopped_at")),
            "lifted_at": (_("解除时间"), of("lifted_at")),
        },
    ),
)
