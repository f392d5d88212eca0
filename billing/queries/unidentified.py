"""Unidentified money: how long it has waited, and whose it may be."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext_noop

from billing.models import Account, BankMandate, Bill, Gateway, PayRelation, StatementLine
from billing.models import UnidentifiedPayment as Unidentified
from billing.rules.banks import ACCOUNT_CODE, bank_name
from bss.kernel.units import parse_yuan_fen

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Age:
    """A bracket of days since the money arrived; None is no end."""

    code: str
    label: str
    from_days: int
    to_days: int | None


AGES = (
    Age("week", gettext_noop("7 天以内"), 0, 7),
    Age("month", gettext_noop("8 至 30 天"), 8, 30),
    Age("quarter", gettext_noop("31 至 90 天"), 31, 90),
    Age("older", gettext_noop("超过 90 天"), 91, None),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ageing:
    """What waits in one bracket. Units: fen."""

    age: Age
    count: int
    amount_fen: int


def source_name(source: str) -> str:
    """What a bank or a gateway is called; a message id."""
    return str(Gateway(source).label) if source in Gateway else bank_name(source)


def ageing(on: date) -> list[Ageing]:
    """The open money by how long it has waited; every bracket, also an empty one."""
    sums = Unidentified.objects.filter(state=Unidentified.State.OPEN).aggregate(
        **{f"{age.code}_count": Count("pk", filter=_of_age(age, on)) for age in AGES},
        **{
            f"{age.code}_fen": Sum("amount_fen", filter=_of_age(age, on), default=0) for age in AGES
        },
    )
    return [
        Ageing(age=age, count=sums[f"{age.code}_count"], amount_fen=sums[f"{age.code}_fen"])
        for age in AGES
    ]


def found(asked: dict[str, Any], *, on: date) -> QuerySet[Unidentified]:
    """What fits: state, source, age, and text in reference, payer, remark, or the amount."""
    rows = Unidentified.objects.select_related("line", "payment__account")
    for name in ("state", "source"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    for age in AGES:
        if asked.get("age") == age.code:
            rows = rows.filter(_of_age(age, on))
    if text := (asked.get("q") or "").strip():
        fits = (
            Q(line__reference__iexact=text)
            | Q(trade_no__iexact=text)
            | Q(number__iexact=text)
            | Q(line__payer_name__icontains=text)
            | Q(line__remark__icontains=text)
        )
        with suppress(ValueError):
            fits |= Q(amount_fen=parse_yuan_fen(text.replace(",", "")))
        rows = rows.filter(fits)
    return rows


def candidates(
    money: Unidentified, accounts: QuerySet[Account], *, text: str = ""
) -> list[tuple[Account, str]]:
    """Accounts it may be for, each with the reason: what was searched, or what speaks for it."""
    accounts = accounts.select_related("owner")
    if text := text.strip():
        paid = PayRelation.objects.filter(account=OuterRef("pk"), subscription__number=text)
        named = Q(code__iexact=text) | Q(owner__name__icontains=text) | Q(owner__code__iexact=text)
        rows = accounts.filter(named | Exists(paid)).order_by("code")
        return [(account, gettext_noop("查找结果")) for account in rows[:SHOWN]]
    kept: dict[int, tuple[Account, str]] = {}
    for why, fits in _signs(money):
        for account in accounts.filter(fits).order_by("code")[:SHOWN]:
            kept.setdefault(account.pk, (account, why))
    return list(kept.values())[:SHOWN]


def _signs(money: Unidentified) -> list[tuple[str, Q | Exists]]:
    """What may tell whose it is, the strongest first."""
    line = money.line
    signs: list[tuple[str, Q | Exists]] = []
    if line and line.payer_index:
        mandates = BankMandate.objects.filter(account=OuterRef("pk"), number_index=line.payer_index)
        before = StatementLine.objects.filter(account=OuterRef("pk"), payer_index=line.payer_index)
        earlier = Unidentified.objects.filter(
            payment__account=OuterRef("pk"), line__payer_index=line.payer_index, state="identified"
        )
        signs.append((gettext_noop("付款帐号与托收协议相同"), Exists(mandates)))
        signs.append((gettext_noop("这个付款帐号以前付过"), Exists(before) | Exists(earlier)))
    if line and (codes := ACCOUNT_CODE.findall(line.remark)):
        signs.append((gettext_noop("附言中的帐户编号"), Q(code__in=codes)))
    if line and line.payer_name:
        signs.append((gettext_noop("付款人与客户同名"), Q(owner__name=line.payer_name)))
    owing = (
        Bill.objects.filter(account=OuterRef("pk"), paid_fen__lt=F("total_fen"))
        .order_by()
        .values("account")
        .annotate(due=Sum(F("total_fen") - F("paid_fen")))
        .filter(due=money.amount_fen)
    )
    signs.append((gettext_noop("欠费金额相同"), Exists(owing)))
    return signs


def _of_age(age: Age, on: date) -> Q:
    latest = on - timedelta(days=age.from_days)
    fits = Q(arrived_on__lte=latest) if age.from_days else Q()
    if age.to_days is not None:
        fits &= Q(arrived_on__gte=on - timedelta(days=age.to_days))
    return fits
