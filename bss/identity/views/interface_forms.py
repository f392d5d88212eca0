from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bss.identity.models import InterfaceNumber
from bss.identity.queries.interfaces import possible_responsible
from bss.identity.rules.interface_numbers import networks_in
from bss.identity.services.interfaces import Terms
from bss.kernel.api.permissions import API_SCOPES
from bss.kernel.models import Organisation
from bss.kernel.pages.forms import SentenceForm
from bss.kernel.permissions import PERMISSIONS

DAYS = (
    (0, _("周一")),
    (1, _("周二")),
    (2, _("周三")),
    (3, _("周四")),
    (4, _("周五")),
    (5, _("周六")),
    (6, _("周日")),
)
SCOPES = [(code, _(PERMISSIONS[code])) for code in API_SCOPES]


class InterfaceFilterForm(forms.Form):
    """What the list of interfaces is filtered by."""

    is_filter = True

    q = forms.CharField(
        label=_("查找"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("接口号、名称、负责人")}),
    )
    kind = forms.ChoiceField(
        label=_("类型"),
        required=False,
        choices=[("", _("全部类型")), *InterfaceNumber.Kind.choices],
    )
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), *InterfaceNumber.State.choices]
    )


class TermsForm(SentenceForm):
    """What an interface may do, when and whence, and who answers for it."""

    name = forms.CharField(label=_("名称"), max_length=60)
    responsible = forms.ModelChoiceField(
        label=_("负责人"),
        queryset=possible_responsible(),
        empty_label=_("请选择负责人"),
        help_text=_("接口以此人的数据范围办理，权限不超过此人；此人停用，接口随之停用。"),
    )
    scopes = forms.MultipleChoiceField(
        label=_("权限"), choices=SCOPES, widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedMultipleChoiceField(
        label=_("可办理日"),
        choices=DAYS,
        coerce=int,
        initial=[0, 1, 2, 3, 4, 5, 6],
        widget=forms.CheckboxSelectMultiple,
    )
    opens = forms.TimeField(
        label=_("自"),
        initial="00:00",
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    closes = forms.TimeField(
        label=_("至"),
        initial="00:00",
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=_("起止相同为全天；可以跨午夜。"),
    )
    networks = forms.CharField(
        label=_("来源地址"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3, "class": "mono"}),
        help_text=_("每行一个地址或网段，如 203.0.113.0/24；不填为不限。"),
    )

    def clean_networks(self) -> tuple[str, ...]:
        try:
            return networks_in(self.cleaned_data["networks"])
        except ValueError as odd:
            sentence = _("“%(odd)s”不是地址或网段，请写成 203.0.113.7 或 203.0.113.0/24 的样子")
            raise forms.ValidationError(sentence % {"odd": odd}) from None

    @property
    def terms(self) -> Terms:
        given = {name: self.cleaned_data[name] for name in TermsForm.base_fields}
        return Terms(responsible_id=given.pop("responsible").pk, **given)


class OpenForm(TermsForm):
    """A new interface: its kind and place make its number."""

    kind = forms.ChoiceField(
        label=_("类型"),
        choices=InterfaceNumber.Kind.choices,
        help_text=_("接口号由类型与所在机构编成，不再改变。"),
    )
    organisation = forms.ModelChoiceField(
        label=_("所在机构"), queryset=Organisation.objects.none(), empty_label=_("请选择机构")
    )

    def offer(self, organisations: QuerySet[Organisation]) -> None:
        """The places where this person may open one."""
        place = self.fields["organisation"]
        assert isinstance(place, forms.ModelChoiceField)
        place.queryset = organisations.order_by("code")


class CloseForm(SentenceForm):
    """Why an interface is closed."""

    reason = forms.CharField(label=_("停用原因"), max_length=100)


def initial_of(interface: InterfaceNumber) -> dict[str, Any]:
    """The interface's terms as the form shows them."""
    return {
        "name": interface.name,
        "responsible": interface.responsible_id,
        "scopes": interface.scopes,
        "days": interface.days,
        "opens": interface.opens,
        "closes": interface.closes,
        "networks": "\n".join(interface.networks),
    }
