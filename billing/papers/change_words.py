"""Why a bill is higher or lower, in sentences that can be read to the customer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n

from billing.papers.change_lines import line_words, usage_words
from billing.papers.change_names import Names, item_name, more_or_less, names_for
from billing.queries.bill_changes import BillChanges
from billing.rules.bill_causes import RULES, Cause
from billing.rules.bill_changes import Change
from billing.rules.change_groups import Group, gather
from bss.kernel.periods import Month
from bss.kernel.units import yuan

TOLD_FIRST = 3
"""So many reasons are read out; the rest is one sum."""

PARTS_READ_OUT = 2

TITLES: Mapping[Cause, str] = {
    Cause.NEW_LINE: _n("新增 %(who)s"),
    Cause.GONE_LINE: _n("不再付费 %(who)s"),
    Cause.PLAN: _n("套餐变更 %(who)s"),
    Cause.TIER: _n("融合套餐变更"),
    Cause.PRICE: _n("价格调整 %(who)s"),
    Cause.FIRST_MONTH_OVER: _n("首月之后整月收费 %(who)s"),
    Cause.PART_OF_MONTH: _n("不足整月 %(who)s"),
    Cause.PACKS: _n("加装包变化"),
    Cause.BUNDLE_BEGAN: _n("融合套餐生效"),
    Cause.BUNDLE_ENDED: _n("融合套餐终止"),
    Cause.HOLD_BEGAN: _n("停机保号 %(who)s"),
    Cause.HOLD_ENDED: _n("停机保号结束 %(who)s"),
    Cause.STOPPED: _n("欠费停机"),
    Cause.STOP_OVER: _n("欠费停机之后恢复"),
    Cause.USAGE: _n("使用变化 %(who)s"),
}
"""A reason in a few words; of any other cause it is the charge item with its number."""

OF_THE_ACCOUNT = (Cause.TIER, Cause.PACKS, Cause.BUNDLE_BEGAN, Cause.BUNDLE_ENDED)
"""Told without a number: they are about the bundle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One reason: ``title`` in a few words, ``text`` as a whole sentence. Units: fen.

    ``short`` is the sentence as it is read out, with the weightiest of many charges alone.
    """

    title: str
    text: str
    short: str
    rules: tuple[str, ...]
    difference_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The whole answer: in one line, then the reasons that are told, then what the rest comes to.

    ``reasons`` are all of them, the weightiest first.
    """

    headline: str
    first: tuple[Told, ...]
    rest: str
    reasons: tuple[Told, ...]
    names: Names

    @property
    def script(self) -> str:
        """What is said on the telephone."""
        if not self.reasons:
            return self.headline + _("各项费用都与上月相同。")
        numbered = "".join(
            _("%(n)s. %(text)s") % {"n": n, "text": told.short}
            for n, told in enumerate(self.first, start=1)
        )
        return self.headline + _("主要原因：") + numbered + self.rest


def explain(found: BillChanges) -> Explanation | None:
    """The answer to "why is it higher?"; None where there is nothing to compare with."""
    if found.before is None or found.bill.month is None:
        return None
    names = names_for(found)
    reasons = tuple(_told(group, names) for group in gather(found.changes))
    month = Month.of(found.bill.month)
    headline = _("%(month)s 帐单 %(total)s 元，比 %(before)s %(more)s。") % {
        "month": month,
        "total": yuan(found.bill.total_fen),
        "before": month.previous,
        "more": more_or_less(found.difference_fen),
    }
    first = tuple(_weighing_in(reasons)[:TOLD_FIRST])
    return Explanation(
        headline=headline,
        first=first,
        rest=_rest([told for told in reasons if told not in first]),
        reasons=reasons,
        names=names,
    )


def _rest(reasons: Sequence[Told]) -> str:
    if not reasons:
        return ""
    return _("其余 %(count)s 项合计%(more)s。") % {
        "count": len(reasons),
        "more": more_or_less(sum(told.difference_fen for told in reasons)),
    }


def _weighing_in(reasons: Sequence[Told]) -> list[Told]:
    """Of a bill that is higher what made it higher, of a lower one what made it lower."""
    total = sum(told.difference_fen for told in reasons)
    same = [told for told in reasons if told.difference_fen * total > 0]
    return same or list(reasons)


def _told(group: Group, names: Names) -> Told:
    return Told(
        title=_title(group, names),
        text=_text(group, names),
        short=_text(group, names, parts_at_most=PARTS_READ_OUT),
        rules=RULES.get(group.cause, ()),
        difference_fen=group.difference_fen,
    )


def _title(group: Group, names: Names) -> str:
    facts = {"who": names.who(group.subscription_id), "item": item_name(group.changes[0].item)}
    words = TITLES.get(group.cause)
    return _(words) % facts if words else _("%(item)s %(who)s") % facts


def _text(group: Group, names: Names, *, parts_at_most: int | None = None) -> str:
    who = names.who(group.subscription_id)
    if group.cause == Cause.USAGE:
        return _("%(who)s 的使用费%(more)s：%(parts)s。") % {
            "who": who,
            "more": more_or_less(group.difference_fen),
            "parts": _listed([_used(one) for one in group.changes], parts_at_most),
        }
    if group.cause == Cause.NEW_LINE:
        parts = [_amount_of(one, one.after_fen) for one in group.changes]
        return _("%(who)s 从本月起由本帐户付费：%(parts)s。") % {
            "who": who,
            "parts": _listed(parts, parts_at_most),
        }
    if group.cause == Cause.GONE_LINE:
        parts = [_amount_of(one, one.before_fen) for one in group.changes]
        return _("%(who)s 不再由本帐户付费，上月有%(parts)s。") % {
            "who": who,
            "parts": _listed(parts, parts_at_most),
        }
    clauses = _("；").join(dict.fromkeys(_clause(one, names) for one in group.changes))
    return _("%(clauses)s。") % {"clauses": clauses}


def _listed(parts: Sequence[str], at_most: int | None) -> str:
    if at_most is None or len(parts) <= at_most:
        return _("；").join(parts)
    return _("%(parts)s，等 %(count)s 项") % {
        "parts": _("；").join(parts[:at_most]),
        "count": len(parts),
    }


def _clause(change: Change, names: Names) -> str:
    said = line_words(change, names)
    if change.subscription_id is None or change.cause in OF_THE_ACCOUNT:
        return said
    return f"{names.who(change.subscription_id)} {said}"


def _used(change: Change) -> str:
    facts = {
        "item": item_name(change.item),
        "more": more_or_less(change.difference_fen),
        "usage": usage_words(change),
    }
    if facts["usage"]:
        return _("%(item)s%(more)s(%(usage)s)") % facts
    return _("%(item)s%(more)s") % facts


def _amount_of(change: Change, fen: int) -> str:
    return _("%(item)s %(amount)s 元") % {"item": item_name(change.item), "amount": yuan(fen)}
