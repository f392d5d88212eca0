"""The forms of the gateways' reconciliation."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.models import Gateway, ReconciliationLine
from bss.kernel.pages.forms import SentenceForm

UPLOAD_AT_MOST = 50_000_000


class StatementForm(SentenceForm):
    """Which day of which gateway; with a file, that file, else the gateway is asked."""

    gateway = forms.ChoiceField(label=_("网关"), choices=Gateway.choices)
    day = forms.DateField(
        label=_("对帐日"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    file = forms.FileField(
        label=_("对帐单文件"),
        required=False,
        help_text=_("从商户平台下载的业务明细(CSV)；不选文件就向网关取回。"),
    )

    def __init__(self, *args: Any, latest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = latest
        self.fields["day"].widget.attrs["max"] = latest.isoformat()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > UPLOAD_AT_MOST:
            raise forms.ValidationError(_("文件最大 50 MB，请核对是不是一天的对帐单。"))
        return file


class ReconciliationFilterForm(forms.Form):
    """What the days are filtered by."""

    is_filter = True

    gateway = forms.ChoiceField(
        label=_("网关"), required=False, choices=[("", _("全部网关")), *Gateway.choices]
    )
    state = forms.ChoiceField(
        label=_("差异"),
        required=False,
        choices=[("", _("不限")), ("waiting", _("有待处理")), ("clear", _("没有待处理"))],
    )
    since = forms.DateField(
        label=_("起"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("止"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class LineFilterForm(forms.Form):
    """What the lines of a day are filtered by."""

    is_filter = True

    q = forms.CharField(
        label=_("查找"),
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("商户订单号、交易号、帐户编号")}
        ),
    )
    kind = forms.ChoiceField(
        label=_("结果"),
        required=False,
        choices=[("", _("全部结果")), *ReconciliationLine.Kind.choices],
    )
    state = forms.ChoiceField(
        label=_("处理"),
        required=False,
        choices=[("", _("不限")), ("waiting", _("待处理")), ("done", _("已处理"))],
    )


class NoteForm(SentenceForm):
    """What the difference is."""

    note = forms.CharField(
        label=_("说明"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReasonForm(SentenceForm):
    """Why a second person should take the payment back."""

    reason = forms.CharField(
        label=_("冲正原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )
