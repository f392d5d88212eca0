"""The forms of the house itself."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bss.kernel.pages.forms import SentenceForm


class SpecimenForm(SentenceForm):
    """One field of every sort, for the style guide."""

    name = forms.CharField(label=_("客户名称"), help_text=_("与营业执照上的名称一致。"))
    code = forms.CharField(
        label=_("统一社会信用代码"),
        min_length=18,
        error_messages={"min_length": _("信用代码是 18 位，这里少了几位。请对照营业执照。")},
    )
    kind = forms.ChoiceField(
        label=_("客户类别"), choices=[("enterprise", _("企业客户")), ("individual", _("个人客户"))]
    )
    scheme = forms.ChoiceField(
        label=_("方案"),
        widget=forms.RadioSelect,
        choices=[("A", _("A 方案：固话 + 2G")), ("B", _("B 方案：固话 + 3G"))],
    )
    deposit = forms.DecimalField(label=_("预存款"), required=False)
    starts_on = forms.DateField(
        label=_("预约日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    remark = forms.CharField(label=_("备注"), required=False, widget=forms.Textarea)
    consent = forms.BooleanField(label=_("机主已当面同意加入套餐"))
