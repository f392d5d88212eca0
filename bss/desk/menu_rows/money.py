"""帐务: accounts, the till, banks, books, the month."""

from django.utils.translation import gettext_noop as _n

from bss.desk.menu_entry import Entry

GROUP = _n("帐务")

ENTRIES = (
    Entry(
        url_name="billing:list",
        label=_n("帐户"),
        icon="account",
        key="b",
        permission="account.view",
        group=GROUP,
    ),
    Entry(
        url_name="billing:till",
        label=_n("收银台"),
        icon="money",
        key="j",
        permission="till.open",
        group=GROUP,
    ),
    Entry(
        url_name="billing:shifts",
        label=_n("日结"),
        icon="check",
        key="v",
        permission="till.confirm",
        group=GROUP,
    ),
    Entry(
        url_name="billing:handovers",
        label=_n("缴款"),
        icon="upload",
        permission="handover.record",
        group=GROUP,
    ),
    Entry(
        url_name="billing:debits",
        label=_n("银行收款"),
        icon="company",
        permission="bank.view",
        group=GROUP,
        also=("billing:bank_files", "billing:unidentified", "billing:mandates"),
    ),
    Entry(
        url_name="billing:qr_orders",
        label=_n("扫码订单"),
        icon="link",
        permission="account.view",
        group=GROUP,
    ),
    Entry(
        url_name="billing:reconciliations",
        label=_n("网关对帐"),
        icon="check",
        permission="reconciliation.view",
        group=GROUP,
    ),
    Entry(
        url_name="billing:invoices",
        label=_n("发票"),
        icon="bill",
        permission="invoice.view",
        group=GROUP,
    ),
    Entry(
        url_name="billing:books",
        label=_n("总帐"),
        icon="catalogue",
        permission="books.view",
        group=GROUP,
        also=("billing:books_checks", "billing:revenue"),
    ),
    Entry(
        url_name="billing:refunds",
        label=_n("退款与调帐"),
        icon="again",
        permission="account.view",
        group=GROUP,
        also=(
            "billing:transfers",
            "billing:adjustments",
            "billing:write_offs",
            "billing:promises",
        ),
    ),
    Entry(
        url_name="billing:reminders",
        label=_n("信控"),
        icon="clock",
        permission="credit.view",
        group=GROUP,
        also=(
            "billing:messages",
            "billing:exposures",
            "billing:class_limits",
            "billing:endings",
            "billing:credit_runs",
            "billing:reminder_steps",
        ),
    ),
    Entry(
        url_name="billing:month",
        label=_n("月结"),
        icon="month",
        key="m",
        permission="month.view",
        group=GROUP,
        also=("billing:runs", "billing:usage_files", "billing:rejects"),
    ),
    Entry(
        url_name="billing:reratings",
        label=_n("资费重批"),
        icon="edit",
        permission="month.view",
        group=GROUP,
    ),
)
