"""What the customer was told, promised and invoiced."""

from django.utils.translation import gettext_lazy as _

from billing.models import (
    BillLine,
    Invoice,
    InvoiceCover,
    InvoiceLine,
    Message,
    MessageAttempt,
    NoticeAddress,
    Promise,
    Reminder,
    ReminderBill,
)
from bss.oversight.queries.subject_tables.account import ACCOUNT, AMOUNT, BY_ACCOUNT
from bss.oversight.queries.subject_tables.table import Table, choice_of, of, word_of, yuan_of

TABLES = (
    Table(
        model=NoticeAddress,
        code="notice_addresses",
        title=_("通知地址"),
        owners=BY_ACCOUNT,
        related=("account",),
        columns={
            **ACCOUNT,
            "mobile": (_("通知手机"), of("mobile")),
            "email": (_("通知邮箱"), of("email")),
            "language": (_("通知语言"), word_of("language")),
        },
    ),
    Table(
        model=Reminder,
        code="reminders",
        title=_("催缴记录"),
        owners=BY_ACCOUNT,
        related=("account", "step"),
        within=(ReminderBill,),
        columns={
            **ACCOUNT,
            "at": (_("时间"), of("at")),
            "step": (_("催缴步骤"), of("step.name")),
            "due": (_("欠费(元)"), yuan_of("due_fen")),
            "acts_on": (_("预计停机或预销号日"), of("acts_on")),
        },
    ),
    Table(
        model=Message,
        code="messages",
        title=_("通知"),
        owners=BY_ACCOUNT,
        related=("account",),
        within=(MessageAttempt,),
        columns={
            **ACCOUNT,
            "made_at": (_("时间"), of("made_at")),
            "medium": (_("通知方式"), word_of("medium")),
            "recipient": (_("收件人(脱敏)"), of("recipient")),
            "text": (_("内容"), of("text")),
            "state": (_("状态"), word_of("state")),
            "sent_at": (_("提交时间"), of("sent_at")),
        },
    ),
    Table(
        model=Promise,
        code="promises",
        title=_("承诺缴费"),
        owners=BY_ACCOUNT,
        related=("account",),
        columns={
            **ACCOUNT,
            "made_at": (_("时间"), of("made_at")),
            **AMOUNT,
            "until": (_("承诺日期"), of("until")),
            "outcome": (_("结果"), word_of("outcome")),
            "note": (_("说明"), of("note")),
        },
    ),
    Table(
        model=Invoice,
        code="invoices",
        title=_("发票"),
        owners=BY_ACCOUNT,
        related=("account", "book"),
        within=(InvoiceCover,),
        columns={
            **ACCOUNT,
            "number": (_("发票号码"), of("full_number")),
            "kind": (_("类型"), word_of("kind")),
            "issued_at": (_("时间"), of("issued_at")),
            "buyer": (_("购买方"), of("buyer_name")),
            "tax_number": (_("购买方纳税人识别号"), of("buyer_tax_number")),
            **AMOUNT,
            "tax": (_("税额(元)"), yuan_of("tax_fen")),
        },
    ),
    Table(
        model=InvoiceLine,
        code="invoice_lines",
        title=_("发票明细"),
        owners=("invoice__account__owner",),
        related=("invoice__book",),
        columns={
            "invoice": (_("发票号码"), of("invoice.full_number")),
            "number": (_("号码"), of("number")),
            "item": (_("费用"), choice_of("item", BillLine.Item)),
            **AMOUNT,
            "tax": (_("税额(元)"), yuan_of("tax_fen")),
        },
    ),
)
