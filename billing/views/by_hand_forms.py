"""The forms of money that is moved by hand."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from billing.models import Reason, Refund
from billing.queries.limits import limit_for
from billing.views.forms import YuanField, translated
from bss.kernel.pages.forms import SentenceForm
from bss.kernel.units import yuan

REMARK_AT_MOST = 120


class ReasonField(forms.ModelChoiceField):
    """One of the operator's reasons for a purpose, in the reader's language."""

    def __init__(self, purpose: Reason.Purpose) -> None:
        in_use = Reason.objects.filter(purpose=purpose, active=True)
        super().__init__(label=_("原因"), queryset=in_use, empty_label=_("请选择"))

    def label_from_instance(self, obj: Any) -> str:
        return _t(obj.words)


def remark_field() -> forms.CharField:
    return forms.CharField(
        label=_("说明"),
        required=False,
        max_length=REMARK_AT_MOST,
        help_text=_("审批人会看到；不要写证件号码和银行帐号。"),
    )


def limit_words(act: str, staff_id: int) -> str:
    """What this person may do alone, as a help text says it."""
    alone_fen = limit_for(act, staff_id).alone_fen
    if not alone_fen:
        return _t("须由另一位同事审批。")
    if alone_fen >= 1 << 60:
        return ""
    return _t("%(amount)s 元以内可以自办，超过须由另一位同事审批。") % {"amount": yuan(alone_fen)}


class RefundForm(SentenceForm):
    """How much goes back, how, to whom and why.

    ``orders`` are the online payments (number, words) out of which something can go back.
    """

    amount = YuanField(label=_("退款金额"))
    means = forms.ChoiceField(
        label=_("退款方式"),
        widget=forms.RadioSelect,
        choices=translated(Refund.Means.choices),
        initial=Refund.Means.CASH,
    )
    order = forms.ChoiceField(
        label=_("退哪一笔网上支付"),
        required=False,
        help_text=_("原路退回须选；退到付款时的帐户，不填收款人。"),
    )
    reason = ReasonField(Reason.Purpose.REFUND)
    payee_name = forms.CharField(
        label=_("收款人"), required=False, max_length=80, help_text=_("现金和转帐退款须填。")
    )
    payee_bank = forms.CharField(
        label=_("开户行"), required=False, max_length=80, help_text=_("转帐退款须填。")
    )
    payee_account = forms.CharField(
        label=_("收款帐号"),
        required=False,
        max_length=40,
        help_text=_("转帐退款须填；加密保存，页面只显示末四位。"),
    )
    remark = remark_field()

    def __init__(self, *args: Any, orders: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = list(orders)
        means: Any = self.fields["means"]
        if choices:
            self.fields["order"].choices = choices  # type: ignore[attr-defined]
            means.initial = Refund.Means.GATEWAY
        else:
            del self.fields["order"]
            means.choices = [one for one in means.choices if one[0] != Refund.Means.GATEWAY]

    def clean(self) -> dict[str, Any]:
        asked: dict[str, Any] = super().clean() or {}
        back = asked.get("means") == Refund.Means.GATEWAY
        if not back and "payee_name" not in self.errors and not asked.get("payee_name", "").strip():
            self.add_error("payee_name", _t("请填写收款人。"))
        asked["order"] = asked.get("order", "") if back else ""
        return asked

    def clean_payee_account(self) -> str:
        number: str = self.cleaned_data["payee_account"].replace(" ", "")
        if number and not (number.isdecimal() and 8 <= len(number) <= 32):
            raise forms.ValidationError(_t("收款帐号应为 8 到 32 位数字，请核对。"))
        return number


class SettleRefundForm(SentenceForm):
    """The bank's slip of a refund that went out."""

    bank_reference = forms.CharField(label=_("银行回单号"), max_length=60)


class TransferForm(SentenceForm):
    """To which account, how much and why."""

    target = forms.CharField(
        label=_("转入帐户"), max_length=40, help_text=_("帐户编号；本客户的帐户见右侧。")
    )
    amount = YuanField(label=_("转帐金额"))
    reason = ReasonField(Reason.Purpose.TRANSFER)
    remark = remark_field()


class WriteOffForm(SentenceForm):
    """Which bills are given up, and why."""

    bills = forms.MultipleChoiceField(
        label=_("核销帐单"), widget=forms.CheckboxSelectMultiple, choices=()
    )
    reason = ReasonField(Reason.Purpose.WRITE_OFF)
    remark = remark_field()

    def __init__(self, *args: Any, bills: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bills"].choices = list(bills)  # type: ignore[attr-defined]


class AdjustmentForm(SentenceForm):
    """Less or more, how much and why; of an account also on whose number it stands."""

    direction = forms.ChoiceField(
        label=_("方向"),
        widget=forms.RadioSelect,
        choices=[("credit", _("减免")), ("debit", _("补收"))],
        initial="credit",
    )
    amount = YuanField(label=_("金额"))
    subscription = forms.ChoiceField(label=_("记在哪个用户"))
    reason = ReasonField(Reason.Purpose.ADJUSTMENT)
    remark = remark_field()

    def __init__(
        self, *args: Any, subscriptions: Iterable[tuple[str, str]] | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if subscriptions is None:
            del self.fields["subscription"]
        else:
            self.fields["subscription"].choices = list(subscriptions)  # type: ignore[attr-defined]

    @property
    def amount_fen(self) -> int:
        """Negative to the customer's favour."""
        sign = -1 if self.cleaned_data["direction"] == "credit" else 1
        return sign * int(self.cleaned_data["amount"])


class PromiseForm(SentenceForm):
    """Until which day the debt will be paid."""

    until = forms.DateField(
        label=_("承诺日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    remark = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=REMARK_AT_MOST,
        help_text=_("谁承诺，怎么联系的。"),
    )


class ReasonForm(SentenceForm):
    """A reason more."""

    purpose = forms.ChoiceField(label=_("用于"), choices=translated(Reason.Purpose.choices))
    words = forms.CharField(label=_("原因"), max_length=40)


class ByHandFilterForm(forms.Form):
    """What the lists of money moved by hand are filtered by."""

    is_filter = True

    q = forms.CharField(
        label=_("查找"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("编号、帐户")}),
    )
    since = forms.DateField(
        label=_("日期从"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("到"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    means = forms.ChoiceField(label=_("方式"), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False)

    def __init__(
        self,
        *args: Any,
        states: Iterable[tuple[str, Any]] = (),
        means: Iterable[tuple[str, Any]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer("state", _("全部状态"), states)
        self._offer("means", _("全部方式"), means)

    def _offer(self, name: str, every: Any, choices: Iterable[tuple[str, Any]]) -> None:
        """A list without them has no such field."""
        if found := list(choices):
            self.fields[name].choices = [("", every), *translated(found)]  # type: ignore[attr-defined]
        else:
            del self.fields[name]
