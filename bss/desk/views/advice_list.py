"""套餐顾问名单: who pays too much, and who may leave, each with the reason."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import BundleAdvice
from billing.queries.advice import limits
from billing.rules.leaving import SAVING_YUAN
from bss.desk.queries.advice_words import reasons_of
from bss.desk.views.advice_forms import ALL, LEAVING, AdviceFilterForm
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.kernel.periods import business_date
from bss.kernel.scope import in_scope
from bss.kernel.units import yuan
from customers.queries.scope import visible_customers
from customers.queries.search import search_customers
from customers.queries.shown_names import shown_name
from packages_wo.models import Bundle
from packages_wo.queries.combination_words import Worded, combination_words

MATCHES_AT_MOST = 1000


def _columns(worded: Worded) -> tuple[Column, ...]:
    return (
        Column(
            name="customer",
            label=gettext_lazy("客户"),
            order_by=("bundle__customer__name",),
            value=lambda a: f"{shown_name(a.bundle.customer)} {a.bundle.customer.code}",
        ),
        Column(
            name="bundle",
            label=gettext_lazy("现组合"),
            order_by=("tier",),
            value=lambda a: worded(a.tier, a.packs),
        ),
        _money("monthly", gettext_lazy("平均月费(元)"), "cost", lambda a: a.monthly_fen),
        Column(
            name="advised",
            label=gettext_lazy("建议组合"),
            order_by=("best_tier",),
            value=lambda a: worded(a.best_tier, a.best_packs),
        ),
        _money("saving", gettext_lazy("每月可省(元)"), "saving_fen", lambda a: a.saving_fen),
        Column(
            name="risk",
            label=gettext_lazy("离网风险"),
            order_by=("risk",),
            value=lambda a: _(a.get_risk_display()),
        ),
        Column(
            name="why",
            label=gettext_lazy("原因"),
            value=lambda a: "；".join(why for _sign, why in reasons_of(a)),
        ),
        Column(
            name="manager",
            label=gettext_lazy("客户经理"),
            order_by=("bundle__customer__account_manager__display_name",),
            value=lambda a: str(a.bundle.customer.account_manager or ""),
        ),
    )


def _money(name: str, label: Any, by: str, fen_of: Callable[[BundleAdvice], int]) -> Column:
    return Column(name=name, label=label, order_by=(by,), value=lambda a: yuan(fen_of(a)), num=True)


@requires("advice.view")
def advice_list(request: HttpRequest) -> HttpResponse:
    """The list, or the part of it that htmx asks for."""
    form = AdviceFilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    worded = combination_words(business_date(clock.now()))
    reached = _reached_by(request.user)
    least_fen = limits()[SAVING_YUAN] * 100
    view = asked.get("view") or ""
    page = ListPage(
        request,
        _filtered(reached, asked, staff=request.user, least_fen=least_fen),
        columns=_columns(worded),
        sort="-risk" if view == LEAVING else "-saving",
        form=form,
    )
    if export := page.exported(gettext_lazy("套餐顾问")):
        return export
    context = {
        "list": page,
        "rows": [
            (
                advice,
                shown_name(advice.bundle.customer),
                worded(advice.tier, advice.packs),
                worded(advice.best_tier, advice.best_packs),
                reasons_of(advice),
            )
            for advice in page.rows
        ],
        "counts": reached.aggregate(
            too_much=Count("pk", filter=_too_much(least_fen)),
            leaving=Count("pk", filter=Q(risk__gt=0)),
            advised_at=Max("advised_at"),
        ),
        "least_fen": least_fen,
        "may_set": access.can(request.user, "advice.set"),
    }
    return render_part(request, "desk/advice_list.html", "list", context)


def _reached_by(staff: Any) -> QuerySet[BundleAdvice]:
    return BundleAdvice.objects.filter(
        in_scope(staff, customer="bundle__customer__"), bundle__state=Bundle.State.IN_FORCE
    ).annotate(cost=F("cost_fen") / F("months__len"))


def _too_much(least_fen: int) -> Q:
    return Q(saving_fen__gt=0, saving_fen__gte=least_fen)


def _filtered(
    rows: QuerySet[BundleAdvice], asked: dict[str, Any], *, staff: Any, least_fen: int
) -> QuerySet[BundleAdvice]:
    rows = rows.select_related("bundle__customer__account_manager")
    if asked.get("view") == LEAVING:
        rows = rows.filter(risk__gt=0)
    elif asked.get("view") != ALL:
        rows = rows.filter(_too_much(least_fen))
    if asked.get("risk"):
        rows = rows.filter(risk=int(asked["risk"]))
    if asked.get("sign"):
        rows = rows.filter(signs__contains=[[asked["sign"]]])
    if text := (asked.get("q") or "").strip():
        hits = search_customers(text, visible_customers(staff), limit=MATCHES_AT_MOST)
        owners = [hit.customer.pk for hit in hits]
        rows = rows.filter(Q(bundle__code__icontains=text) | Q(bundle__customer__in=owners))
    return rows
