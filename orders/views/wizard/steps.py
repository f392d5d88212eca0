"""The steps of the wizard: what each shows, and what it keeps of what was sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from bss.kernel.errors import BadInputError
from bss.kernel.periods import business_date
from customers.models import Customer
from orders.views.drafts import Draft, named
from orders.views.wizard.candidates import Candidate, candidates_of
from orders.views.wizard.forms import NEW_ACCOUNT, CustomerForm, PacksForm
from orders.views.wizard.prices import editions
from packages_wo.queries.bundles import composition_in_force
from packages_wo.queries.catalogue import catalogue_on
from packages_wo.rules.catalogue import Catalogue
from packages_wo.rules.composition import Composition

STEP_LABELS = {
    "customer": _("客户与证件"),
    "product": _("版本、档位与方案"),
    "members": _("成员"),
    "packs": _("加装包"),
    "preview": _("预览与提交"),
}
OPENING_STEPS = tuple(STEP_LABELS)
CHANGE_STEPS = ("product", "members", "packs", "preview")


@dataclass(frozen=True, slots=True)
class Scene:
    """What every step is looked at with."""

    request: HttpRequest
    draft: Draft
    customer: Customer
    at: datetime
    catalogue: Catalogue
    in_force: Composition | None

    @property
    def staff_id(self) -> int:
        """Whose draft it is; every page is behind the sign-in."""
        pk = self.request.user.pk
        assert pk is not None
        return pk

    @property
    def inside(self) -> tuple[int, ...]:
        return self.in_force.members if self.in_force else ()

    def candidates(self) -> list[Candidate]:
        return candidates_of(self.draft, at=self.at, inside=self.inside)


class StepError(Exception):
    """The step comes back: its forms say what is wrong."""

    def __init__(self, forms: Mapping[str, Any]) -> None:
        self.forms = forms
        super().__init__("the step is not filled in")


Save = Callable[[Scene, QueryDict], Draft]
Context = Callable[[Scene], dict[str, Any]]


def scene_of(request: HttpRequest, draft: Draft, customer: Customer, at: datetime) -> Scene:
    in_force = composition_in_force(draft.bundle_id) if draft.bundle_id is not None else None
    return Scene(request, draft, customer, at, catalogue_on(business_date(at)), in_force)


def steps_of(draft: Draft) -> tuple[str, ...]:
    return CHANGE_STEPS if draft.is_change else OPENING_STEPS


def show_customer(scene: Scene) -> dict[str, Any]:
    draft = scene.draft
    return {
        "form": customer_form(
            scene.customer,
            scene.request,
            initial={
                "documents": list(draft.documents),
                "filed_by_manager": draft.filed_by_manager,
                "account": str(draft.account_id or NEW_ACCOUNT),
                "account_name": draft.account_name,
            },
        )
    }


def customer_form(
    customer: Customer, request: HttpRequest, posted: QueryDict | None = None, **more: Any
) -> CustomerForm:
    own_manager = customer.account_manager_id == request.user.pk
    return CustomerForm(posted, customer=customer, own_manager=own_manager, **more)


def save_customer(scene: Scene, posted: QueryDict) -> Draft:
    form = customer_form(scene.customer, scene.request, posted)
    if not form.is_valid():
        raise StepError({"form": form})
    return replace(scene.draft, **customer_values(form))


def customer_values(form: CustomerForm) -> dict[str, Any]:
    given = form.cleaned_data
    known = None if given["account"] == NEW_ACCOUNT else int(given["account"])
    return {
        "documents": tuple(given["documents"]),
        "filed_by_manager": given.get("filed_by_manager", False),
        "account_id": known,
        "account_name": given["account_name"],
    }


def show_product(scene: Scene) -> dict[str, Any]:
    draft = scene.draft
    only = draft.offering if draft.is_change else ""
    return {
        "editions": editions(scene.catalogue, only=only),
        "choice": f"{draft.offering}-{draft.scheme}-{draft.tier}" if draft.tier else "",
        "own_3g": [one for one in scene.candidates() if one.service == "m3g" and not one.owner],
    }


def save_product(scene: Scene, posted: QueryDict) -> Draft:
    """``choice`` is OFFERING-SCHEME-TIER; of a change the tier alone counts."""
    offering, _dash, rest = posted.get("choice", "").rpartition("-")[0].rpartition("-")
    tier = posted.get("choice", "").rpartition("-")[2]
    known = scene.catalogue.offerings.get(offering)
    if (
        known is None
        or rest not in ("A", "B")
        or not tier.isdigit()
        or int(tier) not in known.tiers
    ):
        raise BadInputError(("choice", "请选择一个版本、档位和方案。"))
    if scene.draft.is_change:
        return replace(scene.draft, tier=int(tier))
    return replace(scene.draft, offering=offering, scheme=rest, tier=int(tier))


def show_packs(scene: Scene) -> dict[str, Any]:
    return {"form": packs_form(scene), "packs": scene.catalogue.packs}


def packs_form(scene: Scene, posted: QueryDict | None = None) -> PacksForm:
    return PacksForm(
        posted, draft=scene.draft, catalogue=scene.catalogue, candidates=scene.candidates()
    )


def save_packs(scene: Scene, posted: QueryDict) -> Draft:
    form = packs_form(scene, posted)
    if not form.is_valid():
        raise StepError({"form": form})
    given = form.cleaned_data
    draft = replace(
        scene.draft,
        packs=tuple(
            (name.removeprefix("pack_"), count)
            for name, count in given.items()
            if name.startswith("pack_") and count
        ),
        terminals=tuple(
            (named(name.removeprefix("terminal_")), pack)
            for name, pack in given.items()
            if name.startswith("terminal_") and pack
        ),
    )
    if draft.is_change:
        return draft
    return replace(
        draft,
        main=named(given["main"]) if given.get("main") else None,
        separate_3g=given.get("separate_3g", False),
    )
