"""Why one line of a bill differs from the month before, as a clause of a sentence."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n

from billing.papers.change_names import Names, item_name
from billing.papers.memos import memo_words
from billing.rules.bill_causes import Cause
from billing.rules.bill_changes import Billed, Change, Usage
from bss.kernel.units import yuan

Part = Mapping[str, Any]
KB_PER_MB = 1024
UNITS: Mapping[str, str] = {"SMS": _n("条"), "DATA": "MB"}


def line_words(change: Change, names: Names) -> str:
    """The clause, without the number it is about and without a full stop."""
    if change.cause == Cause.PLAN:
        return _plan(change, names)
    if change.cause == Cause.TIER:
        return _tier(change, names)
    if change.cause == Cause.PACKS:
        return _packs(change, names)
    return _LINES[change.cause](change)


def usage_words(change: Change) -> str:
    """What was charged then and now: "收费 35 → 120 分钟"; "" where the records do not tell."""
    then, now = _usage(change.before), _usage(change.after)
    if then is None or now is None or change.item == "LATE_USAGE":
        return ""
    if change.item == "INFO_FEE":
        return _("%(then)s → %(now)s 次") % {"then": then.records, "now": now.records}
    said = _("收费 %(then)s → %(now)s %(unit)s") % {
        "then": _units(then.charged_units, change.item),
        "now": _units(now.charged_units, change.item),
        "unit": _(UNITS.get(change.item, "分钟")),
    }
    if then.free_units == now.free_units:
        return said
    return said + _("，免费 %(then)s → %(now)s") % {
        "then": _units(then.free_units, change.item),
        "now": _units(now.free_units, change.item),
    }


def _usage(line: Billed | None) -> Usage | None:
    """A month without the line had no records of it."""
    return line.usage if line else Usage(records=0, free_units=0, charged_units=0)


def _units(count: int, item: str) -> str:
    return f"{count / KB_PER_MB:,.1f}" if item == "DATA" else f"{count:,}"


def _amounts(change: Change) -> dict[str, str]:
    return {
        "item": item_name(change.item),
        "before": yuan(change.before_fen),
        "after": yuan(change.after_fen),
    }


def _plan(change: Change, names: Names) -> str:
    old, new = change.facts["before"], change.facts["after"]
    facts = {
        "old": names.plan_before(old.get("plan", "")),
        "new": names.plan_now(new.get("plan", "")),
    }
    return _("套餐由 %(old)s 改为 %(new)s，月费由 %(before)s 元变为 %(after)s 元") % (
        facts | _amounts(change)
    )


def _tier(change: Change, names: Names) -> str:
    old, new = change.facts["before"], change.facts["after"]
    facts = {"old": _tier_name(old), "new": _tier_name(new)} | _amounts(change)
    facts |= {"from": _offering(old, names), "to": _offering(new, names)}
    if old["offering"] == new["offering"]:
        return _("%(from)s由 %(old)s改为 %(new)s，月费由 %(before)s 元变为 %(after)s 元") % facts
    return _("%(from)s %(old)s改为%(to)s %(new)s，月费由 %(before)s 元变为 %(after)s 元") % facts


def _offering(part: Part, names: Names) -> str:
    return names.offerings.get(part["offering"], str(part["offering"]))


def _tier_name(part: Part) -> str:
    facts = {"scheme": part["scheme"], "tier": part["tier"]}
    return _("%(scheme)s 方案 %(tier)s 元档") % facts


def _packs(change: Change, names: Names) -> str:
    facts = change.facts
    parts = []
    if facts["added"]:
        parts.append(_("新增 %(packs)s") % {"packs": _pack_list(facts["added"], names)})
    if facts["removed"]:
        parts.append(_("取消 %(packs)s") % {"packs": _pack_list(facts["removed"], names)})
    if facts["repriced"]:
        repriced = _("、").join(names.packs.get(code, code) for code in facts["repriced"])
        parts.append(_("%(packs)s 价格调整") % {"packs": repriced})
    return _("加装包%(parts)s") % {"parts": "，".join(parts) or _("费用变化")}


def _pack_list(packs: Iterable[tuple[str, int, int]], names: Names) -> str:
    return _("、").join(
        _("%(name)s %(price)s 元 × %(count)s")
        % {"name": names.packs.get(code, code), "price": yuan(fen), "count": count}
        for code, fen, count in packs
    )


def _fixed(sentence: str) -> Callable[[Change], str]:
    """A clause with the item and both amounts."""
    return lambda change: _(sentence) % _amounts(change)


def _price(change: Change) -> str:
    return _("%(item)s由每月 %(old)s 元调整为 %(new)s 元") % {
        "item": item_name(change.item),
        "old": yuan(change.facts["before"]["monthly_fen"]),
        "new": yuan(change.facts["after"]["monthly_fen"]),
    }


def _first_month_over(change: Change) -> str:
    facts = _amounts(change) | {"how": _part_of_month(change.facts["before"])}
    return _("上月是首月，%(how)s %(before)s 元；本月起整月收 %(after)s 元") % facts


def _only_part(change: Change) -> str:
    facts = _amounts(change) | {"how": _part_of_month(change.facts["after"])}
    return _("本月不足整月，%(how)s %(after)s 元(上月 %(before)s 元)") % facts


def _part_of_month(part: Part) -> str:
    if part.get("first_month") == "daily":
        return _("按 %(days)s/%(of)s 天收") % {"days": part["days"], "of": part["of"]}
    return _("按半月收")


def _once(change: Change) -> str:
    """What stands on one bill alone, with its own notes."""
    facts = _amounts(change) | {"now": _notes(change.after), "then": _notes(change.before)}
    if change.before is None:
        return _("本月%(item)s %(after)s 元%(now)s") % facts
    if change.after is None:
        return _("上月的%(item)s %(before)s 元%(then)s本月没有了") % facts
    return _("%(item)s本月 %(after)s 元%(now)s，上月 %(before)s 元%(then)s") % facts


def _notes(line: Billed | None) -> str:
    memos = [
        memo_words(part["memo"]) for part in (line.because if line else ()) if part.get("memo")
    ]
    return _("(%(notes)s)") % {"notes": _("、").join(memos)} if memos else ""


_fee = _fixed(_n("%(item)s由 %(before)s 元变为 %(after)s 元"))


def _used(change: Change) -> str:
    return usage_words(change) or _fee(change)


_LINES: Mapping[Cause, Callable[[Change], str]] = {
    Cause.NEW_LINE: _fixed(_n("从本月起由本帐户付费，%(item)s %(after)s 元")),
    Cause.GONE_LINE: _fixed(_n("不再由本帐户付费，上月%(item)s %(before)s 元")),
    Cause.PRICE: _price,
    Cause.FIRST_MONTH_OVER: _first_month_over,
    Cause.PART_OF_MONTH: _only_part,
    Cause.BUNDLE_BEGAN: _fixed(_n("融合套餐从本月起生效，%(item)s %(after)s 元")),
    Cause.BUNDLE_ENDED: _fixed(_n("融合套餐已终止，不再收%(item)s %(before)s 元")),
    Cause.JOINED_BUNDLE: _fixed(_n("已并入融合套餐，不再另收%(item)s %(before)s 元")),
    Cause.LEFT_BUNDLE: _fixed(_n("退出融合套餐，改收%(item)s %(after)s 元")),
    Cause.HOLD_BEGAN: _fixed(_n("本月整月停机保号，%(item)s由 %(before)s 元变为 %(after)s 元")),
    Cause.HOLD_ENDED: _fixed(_n("停机保号结束，%(item)s由 %(before)s 元变为 %(after)s 元")),
    Cause.STOPPED: _fixed(_n("本月整月欠费停机，不收%(item)s(上月 %(before)s 元)")),
    Cause.STOP_OVER: _fixed(_n("上月整月欠费停机未收%(item)s，本月恢复收 %(after)s 元")),
    Cause.ONE_OFF: _once,
    Cause.ADJUSTMENT: _once,
    Cause.LATE_USAGE: _once,
    Cause.LATE_FEE: _once,
    Cause.USAGE: _used,
    Cause.FEE: _fee,
}
