"""错单: why a record was not rated and what can be done, in sentences."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import UsageReject
from billing.rules.usage_correction import FIELD_WORDS, faults_of
from bss.kernel.masking import masked_number
from customers.models import Subscription

MENDING: Mapping[str, Any] = {
    "malformed": gettext_lazy("原始记录的格式不对。打开一条可以更正字段，或请交换侧重发文件。"),
    "duplicate": gettext_lazy("同号话单已经有了，一般不必处理。"),
    "unknown_number": gettext_lazy("号码不在系统内。补登用户资料后重批。"),
    "not_active": gettext_lazy("通话时用户不在用。核对用户状态历史后重批。"),
    "closed_month": gettext_lazy("超过迟到期限，不能再计费。"),
    "no_tariff": gettext_lazy("资费表里没有这类呼叫。补充产品目录后重批。"),
}
NOT_TO_BE_MENDED = frozenset((UsageReject.Reason.DUPLICATE, UsageReject.Reason.CLOSED_MONTH))


def cause_of(reject: UsageReject, fields: Mapping[str, str], *, at: datetime) -> str:
    """The cause in one sentence, with the facts of this line."""
    facts = {
        "number": masked_number(fields.get("service_number", "")),
        "when": fields.get("start_at", "").replace("T", " ")[:16],
        "record": reject.record_id,
    }
    sentences = {
        "duplicate": _("话单号 %(record)s 已经有一条话单，这一条不再计费。"),
        "unknown_number": _("计费号码 %(number)s 不在系统内。"),
        "not_active": _("计费号码 %(number)s 在 %(when)s 不在用。"),
        "closed_month": _("%(when)s 的通话到得太晚：那个月已关帐，也过了迟到期限。"),
        "no_tariff": _("资费表里没有这类呼叫的价格。"),
    }
    if reject.reason == UsageReject.Reason.MALFORMED:
        return _malformed(fields, at=at)
    return sentences.get(reject.reason, "") % facts


def what_to_do(reject: UsageReject, fields: Mapping[str, str]) -> str:
    """What can be done now, by what the house knows now."""
    if reject.reason in (UsageReject.Reason.UNKNOWN_NUMBER, UsageReject.Reason.NOT_ACTIVE):
        number = fields.get("service_number", "").strip()
        known = Subscription.objects.filter(number=number).exists() if number else False
        if known and reject.reason == UsageReject.Reason.UNKNOWN_NUMBER:
            return _("这个号码现在已经登记，可以重批这一条。")
        if not known:
            return _("这个号码现在仍未登记：先补登用户资料，或更正号码，再重批。")
    return str(MENDING.get(reject.reason, ""))


def _malformed(fields: Mapping[str, str], *, at: datetime) -> str:
    if not fields:
        return _("这一行分不成字段：引号不配对，或者字段太多。")
    faults = faults_of(fields, at=at)
    if not faults:
        return _("收到时格式不对，现在看来没有问题，可以重批。")
    names = [_(FIELD_WORDS[field]) for field in faults]
    if len(faults) == 1:
        return _("%(field)s：%(fault)s") % {"field": names[0], "fault": _(*faults.values())}
    return _("这些字段的格式不对：%(fields)s。") % {"fields": _("、").join(names)}
