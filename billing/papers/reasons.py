"""Why a fee costs what it does: the line's own record of it as sentences with their rules."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from billing.models import Bill, BillLine
from billing.papers.memos import memo_words
from bss.kernel.units import yuan, yuan_of_hao
from packages_wo.queries.catalogue import catalogue_on
from packages_wo.rules.catalogue import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One sentence, with the rules that it follows."""

    rules: tuple[str, ...]
    text: str
    order: str = ""


def reasons_of(line: BillLine, catalogue: Catalogue | None) -> list[Reason]:
    """What a fee is for and how it was reckoned; one sentence per part.

    ``catalogue`` is the one of the bill's month; a bill without a month has none.
    Units: yuan in the text, fen in the line. Source: BIL-1, EFF-4, CAN-2.
    """
    if catalogue is None or line.why.get("opening"):
        return [Reason(rules=(), text=_("系统启用前的欠费余额，先于以后的帐单扣缴。"))]
    if line.usage_hao is not None:
        return []
    return [_reason(part, line, catalogue) for part in line.why.get("because", ())]


def catalogue_of(bill: Bill) -> Catalogue | None:
    """The catalogue that the bill was reckoned by."""
    return catalogue_on(bill.month) if bill.month else None


def _reason(part: Mapping[str, Any], line: BillLine, catalogue: Catalogue) -> Reason:
    rules = tuple(part.get("rules", ()))
    if "offering" in part:
        return Reason(rules=_with_b(rules, part), text=_bundle(part, line, catalogue))
    if "packs" in part:
        return Reason(rules=rules, text=_packs(part["packs"], catalogue))
    if "plan" in part:
        return Reason(rules=rules, text=_plan(part, line))
    if "late_month" in part:
        return Reason(rules=rules, text=_late(part))
    if line.item == BillLine.Item.ADJUSTMENT and "order" in part:
        return Reason(rules=("BIL-7",), text=_adjustment(part))
    if "order" in part:
        return Reason(rules=("BIL-1",), text=_charge(part), order=part["order"])
    return Reason(rules=rules, text=_("整月停机保号，收停机保号费，不收套餐月费。"))


def _with_b(rules: Sequence[str], part: Mapping[str, Any]) -> tuple[str, ...]:
    return (*rules, "ELG-7") if part["scheme"] == "B" else tuple(rules)


def _bundle(part: Mapping[str, Any], line: BillLine, catalogue: Catalogue) -> str:
    facts = {
        "offering": _offering(part["offering"], catalogue),
        "tier": part["tier"],
        "monthly": yuan(part["monthly_fen"]),
        "percent": catalogue.scheme_b_percent,
        "amount": yuan(line.amount_fen),
    }
    if part["scheme"] == "B":
        return (
            _(
                "%(offering)s B 方案 %(tier)s 元档：A 方案月费 %(monthly)s 元 × %(percent)s%%"
                " = %(amount)s 元，整月收取。"
            )
            % facts
        )
    return _("%(offering)s A 方案 %(tier)s 元档：月费 %(monthly)s 元，整月收取。") % facts


def _offering(code: str, catalogue: Catalogue) -> str:
    try:
        return _(catalogue.offering(code).name)
    except KeyError:
        return code


def _packs(packs: Sequence[Mapping[str, Any]], catalogue: Catalogue) -> str:
    """Each kind of pack with its price and count, then the sum."""
    counted: dict[tuple[str, int], int] = {}
    for pack in packs:
        key = (pack["pack"], pack["fen"])
        counted[key] = counted.get(key, 0) + 1
    parts = [
        _("%(name)s %(price)s 元 × %(count)s")
        % {"name": _pack(code, catalogue), "price": yuan(fen), "count": count}
        for (code, fen), count in counted.items()
    ]
    total = yuan(sum(pack["fen"] for pack in packs))
    return _("%(parts)s = %(total)s 元，整月收取。") % {
        "parts": " + ".join(parts),
        "total": total,
    }


def _pack(code: str, catalogue: Catalogue) -> str:
    found = catalogue.packs.get(code)
    return _(found.name) if found else code


def _plan(part: Mapping[str, Any], line: BillLine) -> str:
    facts = {
        "plan": part["plan"],
        "monthly": yuan(part["monthly_fen"]),
        "days": part.get("days"),
        "of": part.get("of"),
        "amount": yuan(line.amount_fen),
    }
    return _PLAN_SENTENCES.get(part["first_month"], _whole)() % facts


def _whole() -> str:
    return _("套餐 %(plan)s 月费 %(monthly)s 元，整月收取。")


def _half() -> str:
    return _("套餐 %(plan)s 首月按半月收取：%(monthly)s 元 ÷ 2 = %(amount)s 元。")


def _daily() -> str:
    return _(
        "套餐 %(plan)s 首月按天收取：%(monthly)s 元 × %(days)s 天 ÷ %(of)s 天 = %(amount)s 元。"
    )


_PLAN_SENTENCES: Mapping[str, Callable[[], str]] = {"half": _half, "daily": _daily}


def _charge(part: Mapping[str, Any]) -> str:
    facts = {"memo": memo_words(part["memo"]), "amount": yuan(part["fen"])}
    if not part["memo"]:
        return _("随订单办理发生的一次性费用 %(amount)s 元。") % facts
    return _("%(memo)s：%(amount)s 元。") % facts


def _adjustment(part: Mapping[str, Any]) -> str:
    facts = {
        "code": part["order"],
        "memo": memo_words(part["memo"]),
        "amount": yuan(part["fen"]),
    }
    return _("调帐 %(code)s（%(memo)s）：%(amount)s 元。") % facts


def _late(part: Mapping[str, Any]) -> str:
    facts = {
        "month": part["late_month"],
        "per_mille": part["per_mille"],
        "amount": yuan_of_hao(part["hao"]),
    }
    return (
        _("%(month)s 帐单逾期未缴，按每日日终未缴金额的千分之 %(per_mille)s 计：%(amount)s 元。")
        % facts
    )
