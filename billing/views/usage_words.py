"""Why a call costs what it does, in a sentence: what was free, what was charged, at which price."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from billing.queries.line_terms import LineTerms
from billing.queries.usage import UsageOfLine
from billing.rules.ways import Explanation, Way
from bss.kernel.units import yuan_of_hao
from packages_wo.rules.catalogue import Rate

POOL_WAYS = {Way.POOL, Way.FORWARD_POOL, Way.FORWARD_DOMESTIC_POOL, Way.VPN_POOL, Way.VPN_ONLY}
PLAN_WAYS = {Way.PLAN, Way.FORWARD_PLAN, Way.VPN_3G}
_KIND_OF_ITEM = {
    "VOICE_LOCAL": "local",
    "VOICE_DOMESTIC": "domestic",
    "VOICE_SERVICE": "service",
    "VOICE_HMT": "hmt",
    "VOICE_INTL": "international",
    "VOICE_FORWARD": "forward",
}


INFO_FEE = Explanation(
    way=Way.POOL, rules=("RAT-4",), sentence="信息费按信息服务另收，不用任何免费时长"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaySum:
    """All records of a line that were charged in one way, in one sentence.

    ``free_units`` and ``charged_units`` are minutes, messages or KB.
    """

    why: Explanation
    records: int
    free_units: int
    charged_units: int
    amount_hao: int
    unit: str


def why_of(record: UsageOfLine, item: str) -> Explanation:
    """An information fee has a reason of its own, whatever its call was charged by."""
    return INFO_FEE if item == "INFO_FEE" else record.why


def sums_by_way(records: Iterable[UsageOfLine], *, item: str) -> list[WaySum]:
    """The line's ways, the dearest first."""
    found: dict[str, list[UsageOfLine]] = {}
    for record in records:
        found.setdefault(why_of(record, item).sentence, []).append(record)
    only_fees = item == "INFO_FEE"
    sums = [
        WaySum(
            why=why_of(rows[0], item),
            records=len(rows),
            free_units=0 if only_fees else sum(free_units(row) for row in rows),
            charged_units=0 if only_fees else sum(row.charged_units for row in rows),
            amount_hao=sum(fee_hao(row, item) for row in rows),
            unit=unit_of(rows[0]),
        )
        for rows in found.values()
    ]
    return sorted(sums, key=lambda row: (-row.amount_hao, -row.records))


def fee_hao(record: UsageOfLine, item: str) -> int:
    """What the record adds to a line of this item; late usage carries both. Source: RAT-14."""
    if item == "INFO_FEE":
        return record.info_fee_hao
    if item == "LATE_USAGE":
        return record.amount_hao + record.info_fee_hao
    return record.amount_hao


def free_units(record: UsageOfLine) -> int:
    """What allowances covered, in the record's unit."""
    return record.vpn_minutes + record.pool_minutes + record.plan_units


def clock_of(seconds: int) -> str:
    """The length of a call: 3671 -> "1:01:11"."""
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def unit_of(record: UsageOfLine) -> str:
    if record.why.way == Way.SMS:
        return _("条")
    return "KB" if record.why.way == Way.DATA else _("分钟")


def sentence_of(record: UsageOfLine, terms: LineTerms, *, item: str) -> str:
    """How the allowances stood, what they covered, what is charged at which price."""
    if item == "INFO_FEE":
        return _("信息费 %(fee)s 元，不计入免费时长") % {"fee": yuan_of_hao(record.info_fee_hao)}
    parts = [*_drawn(record, terms), *_charged(record, terms)]
    if record.info_fee_hao:
        parts.append(_("信息费 %(fee)s 元另列") % {"fee": yuan_of_hao(record.info_fee_hao)})
    return "；".join(parts) or _(record.why.sentence)


def _drawn(record: UsageOfLine, terms: LineTerms) -> list[str]:
    parts = []
    if record.vpn_minutes:
        parts.append(
            _("群内时长已用 %(before)s，免费 %(free)s 分钟")
            % {"before": f"{record.vpn_before:,}", "free": record.vpn_minutes}
        )
    facts = {
        "before": f"{record.drawn_before:,}",
        "limit": f"{terms.pool.minutes:,}" if terms.pool else "—",
        "free": f"{record.pool_minutes or record.plan_units:,}",
        "unit": unit_of(record),
    }
    if record.pool_minutes:
        parts.append(_("共享时长已用 %(before)s/%(limit)s，免费 %(free)s 分钟") % facts)
    elif record.plan_units:
        parts.append(_("套餐自带量已用 %(before)s，免费 %(free)s %(unit)s") % facts)
    elif record.why.way in POOL_WAYS - {Way.VPN_ONLY} and record.charged_units:
        parts.append(_("共享时长 %(limit)s 分钟已用完") % facts)
    return parts


def _charged(record: UsageOfLine, terms: LineTerms) -> list[str]:
    if not record.amount_hao:
        return []
    facts = {
        "units": f"{record.charged_units:,}",
        "unit": unit_of(record),
        "price": yuan_of_hao(terms.overflow_hao),
        "amount": yuan_of_hao(record.amount_hao),
        "rate": rate_of(record, terms),
    }
    if record.why.way in POOL_WAYS and record.amount_hao == (
        record.charged_units * terms.overflow_hao
    ):
        return [_("超出 %(units)s 分钟 × %(price)s 元 = %(amount)s 元") % facts]
    if facts["rate"]:
        return [_("收费 %(units)s %(unit)s，%(rate)s = %(amount)s 元") % facts]
    return [_("收费 %(units)s %(unit)s，按资费 %(amount)s 元") % facts]


def rate_of(record: UsageOfLine, terms: LineTerms) -> str:
    """The tariff's price of this record in words; empty where one price does not say it all."""
    tariff = terms.tariff
    if tariff is None:
        return ""
    if record.why.way == Way.SMS and tariff.sms_hao is not None:
        return _("每条 %(price)s 元") % {"price": yuan_of_hao(tariff.sms_hao)}
    if record.why.way == Way.DATA and tariff.data_kb_hao is not None:
        return _("每 KB %(price)s 元") % {"price": yuan_of_hao(tariff.data_kb_hao)}
    rate = tariff.rates.get(_kind_of(record))
    return rate_words(rate) if rate else ""


def rate_words(rate: Rate) -> str:
    """A tariff's blocks. Source: RAT-13."""
    facts = {
        "first_s": rate.first_s,
        "first": yuan_of_hao(rate.first_hao),
        "next_s": rate.next_s,
        "next": yuan_of_hao(rate.next_hao),
    }
    if (rate.first_s, rate.first_hao) == (rate.next_s, rate.next_hao):
        return _("每 %(first_s)s 秒 %(first)s 元") % facts
    return _("首 %(first_s)s 秒 %(first)s 元，其后每 %(next_s)s 秒 %(next)s 元") % facts


def _kind_of(record: UsageOfLine) -> str:
    if record.why.way == Way.ROAMING:
        return "roaming_mt" if record.call_type == "mt" else "roaming_mo"
    if record.why.way in (Way.FORWARD, Way.FORWARD_DOMESTIC, Way.FORWARD_PLAN):
        return "forward" if record.why.way == Way.FORWARD else ""
    return _KIND_OF_ITEM.get(record.item, "")
