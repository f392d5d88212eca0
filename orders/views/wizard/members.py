"""The members' step: tick who is there, name others, take a new number from the pool."""

from collections import Counter
from dataclasses import replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from bss.kernel.errors import BadInputError
from customers.models import Service, Subscription
from orders.queries.numbers import free_numbers
from orders.rules.requests import AT_AN_ADDRESS
from orders.services import resources
from orders.views.drafts import Draft, a_new, named
from orders.views.wizard.candidates import LIVING, Candidate
from orders.views.wizard.forms import MembersForm
from orders.views.wizard.steps import Scene, StepError
from packages_wo.queries.names import plan_name
from packages_wo.rules.catalogue import MemberNeeds

NUMBERS_SHOWN = 12


def show_members(scene: Scene) -> dict[str, Any]:
    candidates = scene.candidates()
    return {
        "candidates": candidates,
        "needs": _needs(scene, candidates),
        "form": members_form(scene, initial={"ending": scene.draft.ending}),
        "service": _service(scene),
        "needs_address": _service(scene) in AT_AN_ADDRESS,
    }


def members_form(scene: Scene, posted: QueryDict | None = None, **more: Any) -> MembersForm:
    service = _service(scene)
    free = free_numbers(
        service=service,
        area=scene.customer.area,
        at=scene.at,
        ending=scene.draft.ending,
        limit=NUMBERS_SHOWN,
    )
    plans = [
        (plan.code, plan_name(plan))
        for plan in scene.catalogue.plans.values()
        if plan.service == service
    ]
    more.setdefault("initial", {}).update(service=service)
    form = MembersForm(posted, numbers=free.values_list("number", flat=True), plans=plans, **more)
    form.fields["address"].required = service in AT_AN_ADDRESS
    return form


def save_members(scene: Scene, posted: QueryDict) -> tuple[Draft, bool]:
    """The draft after what was sent, and whether the step goes on (no more to add here)."""
    draft = _ticked(scene, posted)
    action = posted.get("action", "")
    if action in ("enter", "add_other"):
        action = "add_other" if posted.get("other_number", "").strip() else "find"
    if action == "add_other":
        return _with_other(scene, draft, posted), False
    if action == "find":
        return _looking_for(draft, posted), False
    if action == "take":
        return _with_new(scene, draft, posted), False
    if action.startswith("let_go:"):
        return _without(scene, draft, action.removeprefix("let_go:")), False
    return draft, True


def _ticked(scene: Scene, posted: QueryDict) -> Draft:
    """What is ticked among the rows that were shown; nobody else gets in by this way."""
    draft = scene.draft
    shown = {str(one.name) for one in scene.candidates()}
    members = [text for text in posted.getlist("members") if text in shown]
    return replace(
        draft,
        members=tuple(named(text) for text in members),
        consents=tuple(named(text) for text in posted.getlist("consents") if text in shown),
        terminals=tuple((who, pack) for who, pack in draft.terminals if str(who) not in members),
    )


def _looking_for(draft: Draft, posted: QueryDict) -> Draft:
    service = posted.get("service", "")
    ending = posted.get("ending", "").strip()
    return replace(
        draft,
        service=service if service in Service.values else "",
        ending=ending if ending.isdigit() else "",
    )


def _with_other(scene: Scene, draft: Draft, posted: QueryDict) -> Draft:
    number = posted.get("other_number", "").strip().replace(" ", "").replace("-", "")
    found = Subscription.objects.filter(number=number, state__in=LIVING).first()
    if found is None:
        raise BadInputError(("other_number", "没有号码为此的在网用户，请核对。"))
    members = dict.fromkeys([*draft.members, found.pk])
    consents = dict.fromkeys(draft.consents)
    if posted.get("other_consent"):
        consents[found.pk] = None
    others = dict.fromkeys(draft.others)
    if found.owner_id != draft.customer_id:
        others[found.pk] = None
    return replace(draft, members=tuple(members), consents=tuple(consents), others=tuple(others))


def _with_new(scene: Scene, draft: Draft, posted: QueryDict) -> Draft:
    """Hold the number for this clerk; its time is seen counting down."""
    if posted.get("service") != _service(scene):
        return _looking_for(draft, posted)
    form = members_form(scene, posted)
    if not form.is_valid():
        raise StepError({"form": form, "draft": draft})
    given = form.cleaned_data
    resources.hold_number(number=given["number"], by_id=scene.staff_id, at=scene.at)
    one = a_new(
        draft,
        service=given["service"],
        number=given["number"],
        plan=given["plan"],
        address=given["address"],
    )
    return replace(
        draft,
        new=(*draft.new, one),
        members=(*draft.members, one.key),
        service="",
        ending="",
    )


def _without(scene: Scene, draft: Draft, key: str) -> Draft:
    gone = [one for one in draft.new if one.key == key]
    for one in gone:
        resources.let_go(number=one.number, by_id=scene.staff_id)
    return replace(
        draft,
        new=tuple(one for one in draft.new if one.key != key),
        others=tuple(pk for pk in draft.others if str(pk) != key),
        members=tuple(who for who in draft.members if str(who) != key),
        terminals=tuple((who, pack) for who, pack in draft.terminals if str(who) != key),
    )


def _service(scene: Scene) -> str:
    """The service looked for: the one chosen, else the first that the bundle still lacks."""
    if scene.draft.service:
        return scene.draft.service
    lacking = [service for service, _word, state, there in _needs(scene, scene.candidates())
               if state != "optional" and not there]  # fmt: skip
    return lacking[0] if lacking else Service.M2G


def _needs(scene: Scene, candidates: list[Candidate]) -> list[tuple[str, str, str, int]]:
    """(service, its name, how it is asked for, how many are ticked). Source: ELG-8."""
    draft = scene.draft
    needs = scene.catalogue.offering(draft.offering).needs(draft.scheme)
    there = Counter(one.service for one in candidates if one.chosen)
    one_is_there = any(there[service] for service in needs.one_or_more_of)
    return [
        (service.value, _(service.label), _asked_for(service, needs, one_is_there), there[service])
        for service in Service
        if service in needs.allowed
    ]


def _asked_for(service: str, needs: MemberNeeds, one_is_there: bool) -> str:
    if service in needs.required:
        return "required"
    return "one_of" if service in needs.one_or_more_of and not one_is_there else "optional"
