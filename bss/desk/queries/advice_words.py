"""The adviser's words: why somebody may leave, the sentence of an advice, its limits."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import BundleAdvice
from billing.rules.leaving import SAVING_YUAN, Sign
from bss.kernel.units import yuan
from packages_wo.queries.combination_words import Worded

SIGNS: Mapping[str, Any] = {
    Sign.USAGE_FALLS: gettext_lazy("用量下降"),
    Sign.OVERFLOWS: gettext_lazy("常超共享时长"),
    Sign.COMPLAINS: gettext_lazy("有投诉"),
    Sign.TERM_ENDS: gettext_lazy("协议将到期"),
    Sign.OWES: gettext_lazy("逾期欠费"),
}
_REASONS: Mapping[str, Any] = {
    Sign.USAGE_FALLS: gettext_lazy(
        "通话由每月 %(first)s 分钟降到 %(last)s 分钟（降 %(percent)s%%）"
    ),
    Sign.OVERFLOWS: gettext_lazy("%(of)s 个月中有 %(months)s 个月超出共享时长"),
    Sign.COMPLAINS: gettext_lazy("近 %(days)s 天投诉 %(count)s 件"),
    Sign.TERM_ENDS: gettext_lazy("预存协议 %(days)s 天后到期"),
    Sign.OWES: gettext_lazy("逾期欠费 %(yuan)s 元"),
}
LIMIT_LABELS: Mapping[str, tuple[Any, Any, Any]] = {
    SAVING_YUAN: (
        gettext_lazy("付费偏高"),
        gettext_lazy("元/月"),
        gettext_lazy("每月可省达到此数的列入“付费偏高”。"),
    ),
    Sign.USAGE_FALLS: (
        SIGNS[Sign.USAGE_FALLS],
        "%",
        gettext_lazy("第三个月的通话比第一个月少于此比例以上。"),
    ),
    Sign.OVERFLOWS: (
        SIGNS[Sign.OVERFLOWS],
        gettext_lazy("个月"),
        gettext_lazy("三个月中有这么多个月超出共享时长。"),
    ),
    Sign.COMPLAINS: (
        SIGNS[Sign.COMPLAINS],
        gettext_lazy("件"),
        gettext_lazy("近 90 天内的投诉达到此数。"),
    ),
    Sign.TERM_ENDS: (
        SIGNS[Sign.TERM_ENDS],
        gettext_lazy("天"),
        gettext_lazy("成员的预存协议在这么多天内到期。"),
    ),
    Sign.OWES: (
        SIGNS[Sign.OWES],
        gettext_lazy("元"),
        gettext_lazy("统一帐户的逾期欠费达到此数。"),
    ),
}
"""Code → its name, its unit, what it means."""


def reasons_of(advice: BundleAdvice) -> list[tuple[str, str]]:
    """(sign, why) for each sign that is there."""
    return [
        (str(SIGNS[sign]), str(_REASONS[sign]) % _figures(figures))
        for sign, figures in advice.signs
        if sign in SIGNS
    ]


def sentence_of(advice: BundleAdvice, worded: Worded) -> str:
    """The advice in one sentence."""
    facts = {
        "n": len(advice.months),
        "now": yuan(advice.monthly_fen),
        "choice": worded(advice.best_tier, advice.best_packs),
        "best": yuan(advice.best_monthly_fen),
        "saving": yuan(advice.saving_fen),
    }
    if advice.is_best_already:
        return _("近 %(n)s 个月平均月费 %(now)s 元；在目录的全部组合中，现在的组合最省。") % facts
    return (
        _(
            "近 %(n)s 个月平均月费 %(now)s 元；若改用 %(choice)s，"
            "平均 %(best)s 元，每月可省 %(saving)s 元。"
        )
        % facts
    )


def _figures(figures: Mapping[str, int]) -> dict[str, Any]:
    return {**figures, "yuan": yuan(figures["fen"])} if "fen" in figures else dict(figures)
