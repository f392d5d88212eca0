"""The form of single-user business: what its type needs, and the papers that were seen."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bss.kernel.periods import business_date
from customers.models import Subscription
from orders.queries.numbers import free_numbers
from packages_wo.models import SubscriptionVas
from packages_wo.queries.catalogue import catalogue_on
from packages_wo.queries.names import plan_name
from packages_wo.rules.catalogue import Catalogue

NUMBERS_SHOWN = 12


class SingleForm(forms.Form):
    """Built for one type and subscription."""

    def __init__(
        self, *args: Any, type_: str, subscription: Subscription, at: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        catalogue = catalogue_on(business_date(at))
        if type_ == "change_plan":
            self._choose("plan", _("新套餐"), _plans(catalogue, subscription.service))
        elif type_ == "change_number":
            self._offer_numbers(subscription, at=at)
        elif type_ == "transfer":
            self.fields["to"] = forms.CharField(
                label=_("新机主的客户编号"),
                max_length=20,
                help_text=_("新机主应先登记为客户；号码带着新的独立帐户过去 (ACC-8)。"),
            )
        elif type_ in ("open_vas", "close_vas"):
            self._choose("vas", _("增值产品"), _products(catalogue, subscription, type_))
        self.fields["documents_seen"] = forms.BooleanField(
            label=_("已核对机主(或主客户)有效证件原件，并留存复印件 (CHG-6)")
        )

    def _choose(self, name: str, label: Any, choices: list[tuple[str, Any]]) -> None:
        self.fields[name] = forms.ChoiceField(label=label, choices=[("", _("请选择")), *choices])

    def _offer_numbers(self, subscription: Subscription, *, at: datetime) -> None:
        ending = str(self.data.get("ending", "")).strip()
        found = free_numbers(
            service=subscription.service,
            area=subscription.area,
            at=at,
            ending=ending if ending.isdigit() else "",
            limit=NUMBERS_SHOWN,
        )
        numbers = list(found.values_list("number", flat=True))
        self.fields["ending"] = forms.CharField(label=_("尾号"), required=False, max_length=8)
        self.fields["number"] = forms.ChoiceField(
            label=_("新号码"),
            widget=forms.RadioSelect,
            choices=[(number, number) for number in numbers],
        )


def _plans(catalogue: Catalogue, service: str) -> list[tuple[str, Any]]:
    return [
        (plan.code, plan_name(plan)) for plan in catalogue.plans.values() if plan.service == service
    ]


def _products(
    catalogue: Catalogue, subscription: Subscription, type_: str
) -> list[tuple[str, Any]]:
    """Those it does not have, to open; those it has, to close."""
    has = set(
        SubscriptionVas.objects.filter(
            subscription=subscription, valid_until__isnull=True
        ).values_list("product", flat=True)
    )
    return [
        (product, product)
        for product, services in catalogue.vas.items()
        if subscription.service in services and (product in has) == (type_ == "close_vas")
    ]
