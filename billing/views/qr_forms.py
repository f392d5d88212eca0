"""The forms of QR orders."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.models import Gateway, GatewayOrder
from billing.services.gateway_orders import AMOUNT_AT_MOST_FEN
from billing.views.forms import YuanField
from bss.kernel.pages.forms import SentenceForm


class QrForm(SentenceForm):
    """How much, and by which gateway."""

    amount = YuanField(label=_("金额"), max_value=Decimal(AMOUNT_AT_MOST_FEN // 100))
    gateway = forms.ChoiceField(label=_("支付方式"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, offered: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(name, Gateway(name).label) for name in offered]
        self.fields["gateway"].choices = choices  # type: ignore[attr-defined]
        if offered:
            self.fields["gateway"].initial = offered[0]


class QrFilterForm(forms.Form):
    """What the QR orders are filtered by."""

    is_filter = True

    q = forms.CharField(
        label=_("查找"),
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("商户订单号、交易号、帐户编号")}
        ),
    )
    gateway = forms.ChoiceField(
        label=_("网关"), required=False, choices=[("", _("全部网关")), *Gateway.choices]
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部状态")), *GatewayOrder.State.choices],
    )
    since = forms.DateField(
        label=_("起"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("止"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
