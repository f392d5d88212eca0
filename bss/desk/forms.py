"""The forms of the house itself."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from bss.kernel.pages.forms import SentenceForm


class SignInForm(AuthenticationForm):
    """工号 and password."""

    error_messages = {
        "invalid_login": _("工号或密码不对。请检查后再试。"),
        "inactive": _("这个工号已停用。请找值班主管。"),
    }

    def __init__(self, request=None, *args, **kwargs) -> None:  # type: ignore[no-untyped-def]
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = _("工号")
        self.fields["password"].label = _("密码")
        self.fields["username"].widget.attrs["autocapitalize"] = "none"


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
