"""The forms of the wizard's steps; names and labels are plain and stable."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.models import Account
from bss.kernel.units import yuan
from customers.models import Customer, Document, Service
from customers.rules.documents import NON_PERSONAL
from orders.views.drafts import Draft
from orders.views.names import in_words
from orders.views.wizard.candidates import Candidate
from packages_wo.rules.catalogue import Catalogue, Pack

NEW_ACCOUNT = "new"
DOCUMENT_WORDS = dict(in_words(Document.Type.choices))


class CustomerForm(forms.Form):
    """Who opens, what was shown, and which account pays. Source: ELG-1, ACC-1."""

    documents = forms.MultipleChoiceField(
        label=_("已出示的证件"), required=False, widget=forms.CheckboxSelectMultiple
    )
    filed_by_manager = forms.BooleanField(label=_("由客户经理代为受理"), required=False)
    account = forms.ChoiceField(label=_("统一帐户"), widget=forms.RadioSelect)
    account_name = forms.CharField(label=_("新帐户名称"), required=False, max_length=80)

    def __init__(self, *args: Any, customer: Customer, own_manager: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        registered = customer.documents.values_list("type", flat=True)
        types = dict.fromkeys([*NON_PERSONAL, *registered])
        self._choose("documents", [(type_, DOCUMENT_WORDS[type_]) for type_ in types])
        in_use = Account.objects.filter(owner=customer, kind=Account.Kind.UNIFIED)
        known = [(str(account.pk), account.name) for account in in_use.order_by("id")]
        self._choose("account", [(NEW_ACCOUNT, _("新建统一帐户")), *known])
        if not own_manager:
            del self.fields["filed_by_manager"]

    def _choose(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("account") == NEW_ACCOUNT and not given.get("account_name"):
            self.add_error("account_name", _("请为新帐户取名。"))
        return given


class MembersForm(forms.Form):
    """Everything of the members' step except the rows that are ticked.

    It is checked when a number is taken; the page's other buttons send it too, so that nothing
    typed is lost, and the browser must not hold them back.
    """

    use_required_attribute = False

    other_number = forms.CharField(label=_("他人的业务号码"), required=False, max_length=20)
    other_consent = forms.BooleanField(
        label=_("机主已持本人证件到场(或委托代办人)同意加入"), required=False
    )
    service = forms.ChoiceField(label=_("业务类型"), choices=in_words(Service.choices))
    ending = forms.CharField(
        label=_("尾号"), required=False, max_length=8, help_text=_("留空则列出最前的号码。")
    )
    number = forms.ChoiceField(label=_("号码"), widget=forms.RadioSelect)
    plan = forms.ChoiceField(label=_("单产品套餐"))
    address = forms.CharField(label=_("装机地址"), required=False, max_length=120)

    def __init__(
        self, *args: Any, numbers: Iterable[str] = (), plans: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["number"].choices = [(n, n) for n in numbers]  # type: ignore[attr-defined]
        self.fields["plan"].choices = list(plans)  # type: ignore[attr-defined]


class PacksForm(forms.Form):
    """Packs, their terminals, the main number and who pays the 3G."""

    def __init__(
        self,
        *args: Any,
        draft: Draft,
        catalogue: Catalogue,
        candidates: Sequence[Candidate],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        counts = dict(draft.packs)
        for code, pack in catalogue.packs.items():
            if not pack.adds_terminal:
                self.fields[f"pack_{code}"] = forms.IntegerField(
                    label=pack.name,
                    min_value=0,
                    max_value=pack.max,
                    required=False,
                    initial=counts.get(code, 0),
                )
        for one in candidates:
            if not one.chosen and (choices := _terminal_packs(catalogue, one)):
                self.fields[f"terminal_{one.name}"] = forms.ChoiceField(
                    label=one.number,
                    required=False,
                    initial=one.terminal_pack,
                    choices=[("", _("不加入")), *choices],
                )
        if draft.is_change:
            return
        chosen = [(str(one.name), f"{one.number} {one.service_name}") for one in candidates
                  if one.chosen]  # fmt: skip
        self.fields["main"] = forms.ChoiceField(
            label=_("主号码"),
            required=False,
            choices=[("", _("自动:第一个固定电话,否则第一个成员")), *chosen],
            initial=str(draft.main or ""),
        )
        if any(one.chosen and one.service == Service.M3G for one in candidates):
            self.fields["separate_3g"] = forms.BooleanField(
                label=_("3G 成员个人付费(不合帐)"), required=False, initial=draft.separate_3g
            )

    @property
    def pack_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("pack_")]

    @property
    def terminal_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("terminal_")]


def _terminal_packs(catalogue: Catalogue, one: Candidate) -> list[tuple[str, str]]:
    return [
        (code, _pack_word(pack))
        for code, pack in catalogue.packs.items()
        if one.service in pack.adds_terminal
    ]


def _pack_word(pack: Pack) -> str:
    return f"{pack.name} {yuan(pack.monthly_fen)} {_('元/月')}"
