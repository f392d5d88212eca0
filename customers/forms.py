"""The forms of the customer record."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bss.kernel.errors import BadInputError
from bss.kernel.models import Staff
from bss.kernel.pages.forms import SentenceForm
from bss.kernel.pages.said import said
from customers.models import Customer, CustomerClass, Document, DocumentCopy
from customers.rules.documents import document_fault
from customers.rules.record_fields import RecordFields
from customers.services.copy_content import BYTES_AT_MOST, CopyContent, read_copy

KINDS = [
    (Customer.Kind.ENTERPRISE.value, _("集团客户")),
    (Customer.Kind.INDIVIDUAL.value, _("公众客户")),
]
DOCUMENT_TYPES = [
    (Document.Type.BUSINESS_LICENSE.value, _("营业执照")),
    (Document.Type.ORGANISATION_CODE.value, _("机构代码证")),
    (Document.Type.MILITARY_UNIT_CODE.value, _("部队番号证件")),
    (Document.Type.LEGAL_PERSON_AUTHORISATION.value, _("法人委托函")),
    (Document.Type.RESIDENT_ID.value, _("居民身份证")),
    (Document.Type.PASSPORT.value, _("护照")),
]
LISTS = [
    (Customer.Listed.NONE.value, _("无")),
    (Customer.Listed.BLACK.value, _("黑名单")),
    (Customer.Listed.RED.value, _("红名单")),
]
Side = DocumentCopy.Side
COMPLETE = [("", _("全部资料")), ("no", _("资料不全")), ("yes", _("资料齐全"))]
_AREA = r"^0[0-9]{2,3}$"


def _plain(**attributes: str) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off", **attributes})


class CopyField(forms.FileField):
    """One side of a document, from the camera or a file; gives what will be kept of it."""

    widget = forms.FileInput(attrs={"accept": "image/*,application/pdf", "capture": "environment"})
    default_error_messages = {
        "empty": _("文件是空的，请重新拍照或选择文件。"),
        "missing": _("没有收到文件，请重新选择。"),
        "invalid": _("没有收到文件，请重新选择。"),
    }

    def clean(self, data: Any, initial: Any = None) -> CopyContent | None:
        file = super().clean(data, initial)
        if not file:
            return None
        try:
            return read_copy(file.read(BYTES_AT_MOST + 1))
        except BadInputError as refused:
            raise forms.ValidationError(
                [said(sentence) for _place, sentence in refused.faults]
            ) from None


class RecordForm(SentenceForm):
    """The customer record at the counter. The seven mandatory fields: S40-6; the contact: S40-7."""

    name = forms.CharField(
        label=_("客户名称"), max_length=80, help_text=_("与证件上的名称一致。"), widget=_plain()
    )
    area = forms.RegexField(
        _AREA,
        label=_("长途区号"),
        widget=_plain(inputmode="numeric"),
        error_messages={"invalid": _("长途区号是 0 开头的 3 至 4 位数字，如 010。")},
    )
    account_manager = forms.ModelChoiceField(
        label=_("客户经理"),
        queryset=Staff.objects.none(),
        required=False,
        empty_label=_("暂不指定"),
    )
    document_type = forms.ChoiceField(label=_("证件类型"), choices=DOCUMENT_TYPES)
    document_number = forms.CharField(
        label=_("证件号码"), max_length=40, widget=_plain(spellcheck="false")
    )
    document_address = forms.CharField(label=_("证件地址"), max_length=120, widget=_plain())
    copy_front = CopyField(
        label=_("证件影像（正面）"),
        required=False,
        help_text=_("拍照或选择文件：JPEG、PNG 或 PDF，至多 10 MB；加密保存。"),
    )
    copy_back = CopyField(label=_("证件影像（背面）"), required=False)
    contact_name = forms.CharField(
        label=_("联系人"), max_length=40, help_text=_("客户本人以外的人。"), widget=_plain()
    )
    contact_phone = forms.CharField(
        label=_("联系电话"),
        max_length=20,
        help_text=_("联系人自己的号码，不能是正在开通的号码。"),
        widget=_plain(inputmode="tel"),
    )
    contact_position = forms.CharField(
        label=_("职务"), max_length=40, required=False, widget=_plain()
    )
    postal_address = forms.CharField(label=_("通信地址"), max_length=120, widget=_plain())
    another = forms.BooleanField(label=_("已核对，不是同一客户"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        managers = Staff.objects.filter(roles__code="account_manager", is_active=True).distinct()
        self.fields["account_manager"].queryset = managers.order_by("display_name", "id")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        number, type_ = given.get("document_number"), given.get("document_type")
        if number and type_ and (fault := document_fault(type=type_, number=number)):
            self.add_error("document_number", _(fault))
        return given

    def copies(self) -> dict[str, CopyContent]:
        """Side → what was photographed of it."""
        sides = {side.value: self.cleaned_data.get(f"copy_{side.value}") for side in Side}
        return {side: copy for side, copy in sides.items() if copy}


class RegisterForm(RecordForm):
    """A new customer."""

    kind = forms.ChoiceField(label=_("客户类型"), choices=KINDS, widget=forms.RadioSelect)
    field_order = ("kind",)


class CorrectForm(RecordForm):
    """A customer that is known: what is masked and left empty stays as it is."""

    def __init__(self, *args: Any, masked: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document_type"].help_text = _("换证件时请一并填写新号码。")
        for name, shown in masked.items():
            if shown:
                self.fields[name].required = False
                hint = _("现登记：%(shown)s。不改就留空。")
                self.fields[name].help_text = hint % {"shown": shown}


class CustomerFilterForm(forms.Form):
    """What the list is filtered by; it lives in the URL."""

    is_filter = True

    q = forms.CharField(
        label=_("查找"),
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("名称、号码、证件、编号")}
        ),
    )
    kind = forms.ChoiceField(label=_("类型"), required=False, choices=[("", _("全部类型")), *KINDS])
    listed = forms.ChoiceField(
        label=_("名单"), required=False, choices=[("", _("全部名单")), *LISTS]
    )
    customer_class: "forms.ModelChoiceField[CustomerClass]" = forms.ModelChoiceField(
        label=_("类别"),
        required=False,
        queryset=CustomerClass.objects.order_by("number"),
        empty_label=_("全部类别"),
    )
    complete = forms.ChoiceField(label=_("资料"), required=False, choices=COMPLETE)


def typed_record(data: Any) -> RecordFields:
    """The record as far as it is typed, also when the form would refuse it."""
    names = (
        "name", "document_type", "document_number", "document_address", "contact_name",
        "contact_phone", "postal_address",
    )  # fmt: skip
    return RecordFields(**{name: str(data.get(name, "")) for name in names})
