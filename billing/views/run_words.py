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
    "rerating_look": gettext_lazy("资费重批预览"),
    "rerating": gettext_lazy("资费重批"),
    "advice": gettext_lazy("套餐顾问"),
    "archive_usage": gettext_lazy("话单归档"),
    "forget_usage": gettext_lazy("归档中删除个人信息"),
    "usage_inbox": gettext_lazy("话单收件箱"),
}
STEPS: Mapping[str, Any] = {
    "rate": gettext_lazy("批价"),
    "bill": gettext_lazy("出帐单"),
    "pay": gettext_lazy("账本扣款"),
    "move": gettext_lazy("余额随迁"),
    "merge": gettext_lazy("话单归并"),
    "print": gettext_lazy("打印"),
    "write": gettext_lazy("写归档文件"),
    "detach": gettext_lazy("移出数据库"),
    "tidy": gettext_lazy("清单与清理"),
    "forget": gettext_lazy("重写归档文件"),
    "index": gettext_lazy("编制索引"),
    "look": gettext_lazy("逐月预览"),
    "sum": gettext_lazy("汇总差异"),
    "do": gettext_lazy("逐月办理"),
    "end": gettext_lazy("汇总办理结果"),
    "advise": gettext_lazy("比较组合"),
    "load": gettext_lazy("装载话单文件"),
    "put_away": gettext_lazy("移出收件箱"),
    "gaps": gettext_lazy("核对缺号"),
}
ORDERS: Mapping[str, Any] = {
    "batch.start": gettext_lazy("启动"),
    "batch.pause": gettext_lazy("暂停"),
    "batch.resume": gettext_lazy("继续"),
    "batch.cancel": gettext_lazy("取消"),
    "month.rehearse": gettext_lazy("试算"),
    "month.approve": gettext_lazy("批准出帐"),
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
