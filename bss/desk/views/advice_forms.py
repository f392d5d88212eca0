"""The forms of the adviser's pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.models import BundleAdvice
from billing.rules.leaving import LIMITS, MOST
from bss.desk.queries.advice_words import LIMIT_LABELS, SIGNS
from bss.kernel.pages.forms import SentenceForm

TOO_MUCH, LEAVING, ALL = "saving", "leaving", "all"


class AdviceFilterForm(forms.Form):
    """Which bundles are listed; it lives in the URL."""

    is_filter = True

    q = forms.CharField(
        label=_("查找"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("客户、套餐编号、号码")}),
    )
    view = forms.ChoiceField(
        label=_("名单"),
        required=False,
        choices=[("", _("付费偏高")), (LEAVING, _("离网风险")), (ALL, _("全部套餐"))],
    )
    risk = forms.ChoiceField(
        label=_("离网风险"),
        required=False,
        choices=[("", _("全部风险")), *((str(v), _(str(w))) for v, w in BundleAdvice.Risk.choices)],
    )
    sign = forms.ChoiceField(
        label=_("征兆"), required=False, choices=[("", _("全部征兆")), *SIGNS.items()]
    )


class LimitsForm(SentenceForm):
    """From where on each sign counts; 0 puts it out of use."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in LIMITS:
            label, unit, help_text = LIMIT_LABELS[code]
            field = forms.IntegerField(
                label=label, min_value=0, max_value=MOST[code], help_text=help_text
            )
            field.unit = unit  # type: ignore[attr-defined]
            field.error_messages["required"] = _("请填写%(label)s。") % {"label": label}
            self.fields[code] = field
