"""What the lists of orders and work orders are filtered by; it lives in the URL."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models import Order, WorkOrder
from orders.views.names import in_words

UNDER_WAY = "under_way"
TO_DO = "to_do"
OPEN_STATES = (Order.State.ACCEPTED, Order.State.IN_PROGRESS)
TO_DO_STATES = (WorkOrder.State.WAITING, WorkOrder.State.READY, WorkOrder.State.FAILED)


def _search(words: Any) -> forms.CharField:
    attrs = {"type": "search", "placeholder": words}
    return forms.CharField(label=_("查找"), required=False, widget=forms.TextInput(attrs=attrs))


class OrderFilterForm(forms.Form):
    is_filter = True

    q = _search(_("订单号、客户、号码"))
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部状态")), (UNDER_WAY, _("在途")), *in_words(Order.State.choices)],
    )
    type = forms.ChoiceField(
        label=_("业务"),
        required=False,
        choices=[("", _("全部业务")), *in_words(Order.Type.choices)],
    )
    since = forms.DateField(
        label=_("受理自"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class WorkOrderFilterForm(forms.Form):
    is_filter = True

    q = _search(_("订单号、客户、号码"))
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[(TO_DO, _("未完成")), *in_words(WorkOrder.State.choices), ("all", _("全部状态"))],
    )
    type = forms.ChoiceField(
        label=_("工单类型"),
        required=False,
        choices=[("", _("全部类型")), *in_words(WorkOrder.Type.choices)],
    )
    manual = forms.ChoiceField(
        label=_("施工方式"),
        required=False,
        choices=[("", _("全部")), ("yes", _("人工施工")), ("no", _("平台自动"))],
    )
    area = forms.CharField(
        label=_("区号"),
        required=False,
        max_length=4,
        widget=forms.TextInput(attrs={"class": "width-xs", "inputmode": "numeric"}),
    )


def orders_wanted(asked: dict[str, Any]) -> Q:
    wanted = Q()
    if text := (asked.get("q") or "").strip():
        wanted &= (
            Q(code__icontains=text)
            | Q(customer__name__icontains=text)
            | Q(customer__code=text.upper())
            | Q(subscription__number=text)
        )
    if state := asked.get("state"):
        wanted &= Q(state__in=OPEN_STATES) if state == UNDER_WAY else Q(state=state)
    if asked.get("type"):
        wanted &= Q(type=asked["type"])
    if asked.get("since"):
        wanted &= Q(accepted_at__date__gte=asked["since"])
    return wanted


def work_orders_wanted(asked: dict[str, Any], *, with_state: bool = True) -> Q:
    wanted = Q()
    if text := (asked.get("q") or "").strip():
        wanted &= (
            Q(order__code__icontains=text)
            | Q(order__customer__name__icontains=text)
            | Q(subscription__number__contains=text)
        )
    state = asked.get("state") or TO_DO
    if with_state and state != "all":
        wanted &= Q(state__in=TO_DO_STATES) if state == TO_DO else Q(state=state)
    if asked.get("type"):
        wanted &= Q(type=asked["type"])
    if asked.get("manual"):
        wanted &= Q(manual=asked["manual"] == "yes")
    if asked.get("area"):
        wanted &= Q(subscription__area=asked["area"])
    return wanted
