"""批处理: what runs, their steps and what was ordered are called."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

KINDS: Mapping[str, Any] = {
    "close_month": gettext_lazy("出帐"),
    "close_later": gettext_lazy("补出帐单"),
    "print_bills": gettext_lazy("批量打印帐单"),
}
STEPS: Mapping[str, Any] = {
    "rate": gettext_lazy("批价"),
    "bill": gettext_lazy("出帐单"),
    "pay": gettext_lazy("账本扣款"),
    "move": gettext_lazy("余额随迁"),
    "merge": gettext_lazy("话单归并"),
    "print": gettext_lazy("打印"),
    "index": gettext_lazy("编制索引"),
}
ORDERS: Mapping[str, Any] = {
    "batch.start": gettext_lazy("启动"),
    "batch.pause": gettext_lazy("暂停"),
    "batch.resume": gettext_lazy("继续"),
    "batch.cancel": gettext_lazy("取消"),
    "month.rehearse": gettext_lazy("试算"),
    "month.approve": gettext_lazy("批准出帐"),
}
FIGURES: Mapping[str, Any] = {
    "records": gettext_lazy("话单"),
    "rejected": gettext_lazy("批价错单"),
    "bills": gettext_lazy("帐单"),
    "parked": gettext_lazy("搁置帐户"),
    "accounts": gettext_lazy("帐户"),
    "total_fen": gettext_lazy("帐单合计(元)"),
    "paid_fen": gettext_lazy("账本已付(元)"),
    "moved_fen": gettext_lazy("随迁余额(元)"),
    "parts": gettext_lazy("归并的话单分区"),
}


def kind_word(kind: str) -> str:
    return str(KINDS.get(kind, kind))


def step_word(name: str) -> str:
    return str(STEPS.get(name, name))


def duration(took: timedelta | None) -> str:
    """0.4 秒, 12 秒, 3 分 20 秒, 1 小时 5 分; nothing for what has not ended."""
    if took is None:
        return "—"
    seconds = took.total_seconds()
    if seconds < 10:
        return _("%(seconds)s 秒") % {"seconds": f"{seconds:.1f}"}
    return whole_duration(round(seconds))


def whole_duration(seconds: int) -> str:
    if seconds < 60:
        return _("%(seconds)s 秒") % {"seconds": seconds}
    minutes, rest = divmod(seconds, 60)
    if minutes < 60:
        return _("%(minutes)s 分 %(seconds)s 秒") % {"minutes": minutes, "seconds": rest}
    hours, minutes = divmod(minutes, 60)
    return _("%(hours)s 小时 %(minutes)s 分") % {"hours": hours, "minutes": minutes}
