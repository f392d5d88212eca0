"""The forms of the cash desk."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from billing.models import Shift
from billing.rules.cash_count import DENOMINATIONS, PIECES_AT_MOST, SLIPS
from billing.views.forms import YuanField, translated
from bss.kernel.pages.forms import SentenceForm

FLOAT_AT_MOST = Decimal("100000")
SLIP_LABELS = {
    "card": gettext_noop("刷卡单合计"),
    "cheque": gettext_noop("支票合计"),
    "transfer": gettext_noop("转帐回单合计"),
}
# What the words of the denominations are, for the catalogues of languages.
_WORDS = (
    gettext_noop("壹佰元"),
    gettext_noop("伍拾元"),
    gettext_noop("贰拾元"),
    gettext_noop("拾元"),
    gettext_noop("伍元"),
    gettext_noop("壹元"),
    gettext_noop("伍角"),
    gettext_noop("壹角"),
    gettext_noop("伍分"),
    gettext_noop("贰分"),
    gettext_noop("壹分"),
)


class OpenShiftForm(SentenceForm):
    """What lies in the drawer when the shift begins."""

    opening_float = YuanField(
        label=_("备用金"),
        min_value=Decimal(0),
        max_value=FLOAT_AT_MOST,
        help_text=_("开班时钱箱里的零钱，不算收入；没有就填 0。"),
    )


class CountForm(SentenceForm):
    """The pieces of each denomination, and the papers of the other means."""

    remark = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=200,
        help_text=_("有长短款时，写明可能的原因。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for fen, name in DENOMINATIONS:
            self.fields[f"pieces_{fen}"] = forms.IntegerField(
                label=_(name),
                required=False,
                min_value=0,
                max_value=PIECES_AT_MOST,
                widget=forms.NumberInput(
                    attrs={"class": "input", "data-worth": fen, "inputmode": "numeric"}
                ),
            )
        for means in SLIPS:
            self.fields[f"slips_{means}"] = YuanField(
                label=_(SLIP_LABELS[means]), required=False, min_value=Decimal(0)
            )

    @property
    def denominations(self) -> list[Any]:
        return [self[f"pieces_{fen}"] for fen, _name in DENOMINATIONS]

    @property
    def papers(self) -> list[Any]:
        return [self[f"slips_{means}"] for means in SLIPS]

    @property
    def pieces(self) -> dict[int, int]:
        return {fen: self.cleaned_data[f"pieces_{fen}"] or 0 for fen, _name in DENOMINATIONS}

    @property
    def slips(self) -> dict[str, int]:
        return {means: self.cleaned_data[f"slips_{means}"] or 0 for means in SLIPS}


class ShiftFilterForm(forms.Form):
    """What the shifts are filtered by."""

    is_filter = True

    q = forms.CharField(
        label=_("查找"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("收银员、营业厅")}),
    )
    day = forms.DateField(
        label=_("营业日"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部状态")), *translated(Shift.State.choices)],
    )
    difference = forms.ChoiceField(
        label=_("长短款"), required=False, choices=[("", _("不限")), ("some", _("有长短款"))]
    )


class BagForm(SentenceForm):
    """Which days' takings go into which bag."""

    bag_number = forms.CharField(label=_("封包号"), max_length=30)
    closes = forms.MultipleChoiceField(
        label=_("缴这些日结的现金"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, closes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["closes"].choices = closes  # type: ignore[attr-defined]
        self.fields["closes"].initial = [value for value, _label in closes]


class SlipForm(SentenceForm):
    """The bank's slip for a bag."""

    slip_number = forms.CharField(label=_("银行回单号"), max_length=40)
    banked = YuanField(label=_("银行实收"), min_value=Decimal(0))


class HandoverFilterForm(forms.Form):
    """What the bags are filtered by."""

    is_filter = True

    q = forms.CharField(
        label=_("查找"),
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("封包号、回单号、营业厅")}
        ),
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部状态")), ("on_the_way", _("在途")), ("banked", _("已入帐"))],
    )
