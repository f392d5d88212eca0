"""The forms of re-ratings: what is looked at, why it shall be done, which lines are shown."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from billing.models import BillLine, ClosedMonth, ReratedLine, Rerating
from billing.queries.offerings import offering_choices
from billing.services.reratings import MONTHS_AT_MOST
from billing.views.forms import translated
from bss.kernel.pages.forms import SentenceForm
from bss.kernel.periods import Month
from bss.kernel.scope import in_scope
from customers.models import Customer


class PreviewForm(SentenceForm):
    """Whose months are looked at."""

    offering = forms.ChoiceField(
        label=_("产品"),
        required=False,
        help_text=_("只看持有这个产品的用户；与他们同在一个融合套餐的一并重批。"),
    )
    first_month = forms.ChoiceField(label=_("从"))
    last_month = forms.ChoiceField(label=_("到"))
    customer = forms.CharField(
        label=_("客户编号"), required=False, max_length=20, help_text=_("不填为全部客户。")
    )
    credits_only = forms.BooleanField(
        label=_("只退不补：已出帐单少收的不补收"), required=False, initial=False
    )

    def __init__(self, *args: Any, staff: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.staff = staff
        self.fields["offering"].choices = [("", _("全部产品")), *offering_choices(today)]  # type: ignore[attr-defined]
        months = _months(Month.of(today))
        for name in ("first_month", "last_month"):
            self.fields[name].choices = months  # type: ignore[attr-defined]
            self.fields[name].initial = str(Month.of(today).previous)

    def clean_customer(self) -> int | None:
        code = self.cleaned_data["customer"].strip()
        if not code:
            return None
        reached = Customer.objects.filter(in_scope(self.staff), code__iexact=code)
        found = reached.values_list("pk", flat=True).first()
        if found is None:
            raise forms.ValidationError(_("没有编号为 %(code)s 的客户，请核对") % {"code": code})
        return found


class AskForm(SentenceForm):
    """Why it shall be done."""

    reason = forms.CharField(
        label=_("理由"), max_length=200, help_text=_("写明资费错在哪里、何时更正；审批人会看到。")
    )


class RunFilterForm(forms.Form):
    """Which re-ratings are shown."""

    is_filter = True

    q = forms.CharField(
        label=_("查找"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("编号、客户编号")}),
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部状态")), *translated(Rerating.State.choices)],
    )


class LineFilterForm(forms.Form):
    """Which of the differences are shown."""

    is_filter = True

    q = forms.CharField(
        label=_("查找"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("帐户编号")}),
    )
    item = forms.ChoiceField(
        label=_("费用"),
        required=False,
        choices=[("", _("全部费用")), *translated(BillLine.Item.choices)],
    )
    treatment = forms.ChoiceField(
        label=_("办法"),
        required=False,
        choices=[("", _("全部办法")), *translated(ReratedLine.Treatment.choices)],
    )
    way = forms.ChoiceField(
        label=_("增减"),
        required=False,
        choices=[("", _("增与减")), ("less", _("减少")), ("more", _("增加"))],
    )


def _months(now: Month) -> list[tuple[str, str]]:
    """The months that may be looked at, the latest first, each with whether it is billed."""
    closed = set(ClosedMonth.objects.values_list("month", flat=True))
    months = [now.plus(-back) for back in range(MONTHS_AT_MOST)]
    return [
        (str(month), f"{month} {_t('已关帐') if month.first_day in closed else _t('未关帐')}")
        for month in months
    ]
