"""P1 开通融合套餐, and the change of one in force: the same steps over a draft.

Every step is an address of its own, so that back and forward show what was filled in; whatever
is sent is kept, then the page leads on (or back to the same step).
"""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused
from bss.kernel.rulebook import RefusedError
from customers.models import Customer
from customers.queries.search import search_customers
from orders.models import Order
from orders.services import acceptance
from orders.views import drafts
from orders.views.drafts import Draft
from orders.views.reach import bundle_or_404, customer_or_404, customers_for
from orders.views.source import source_of
from orders.views.wizard import members, prefilled, preview, steps
from orders.views.wizard.request import request_of
from orders.views.wizard.steps import STEP_LABELS, Scene, StepError, scene_of, steps_of
from packages_wo.models import BundleChange
from packages_wo.queries.bundles import composition_in_force, composition_of, pending_change
from packages_wo.queries.catalogue import catalogue_on

SHOW = {
    "customer": steps.show_customer,
    "product": steps.show_product,
    "members": members.show_members,
    "packs": steps.show_packs,
    "preview": preview.show_preview,
}
SAVE = {
    "customer": steps.save_customer,
    "product": steps.save_product,
    "packs": steps.save_packs,
}


@requires("bundle.open")
def open_bundle(request: HttpRequest) -> HttpResponse:
    """Without a customer: find one. With one: the first step. With a draft: its steps."""
    if "draft" in request.GET:
        return _continue(request)
    code = request.GET.get("customer", "").strip()
    if not code:
        return _find_customer(request)
    customer = customer_or_404(code, staff=request.user)
    form = steps.customer_form(
        customer,
        request,
        request.POST if request.method == "POST" else None,
        initial={
            "documents": list(customer.documents.values_list("type", flat=True)),
            "filed_by_manager": customer.account_manager_id == request.user.pk,
            "account": steps.NEW_ACCOUNT,
            "account_name": _("%(name)s统一帐户") % {"name": customer.name},
        },
    )
    blank = Draft(key="", customer_id=customer.pk)
    scene = scene_of(request, blank, customer, clock.now())
    if request.method != "POST":
        return render(request, _template("customer"), _context(scene, "customer", form=form))
    if not form.is_valid():
        return render_refused(
            request, _template("customer"), _context(scene, "customer", form=form)
        )
    draft = drafts.begin(
        staff_id=request.user.pk,
        customer_id=customer.pk,
        reached=2,
        **steps.customer_values(form),
    )
    return redirect(_url(draft, "product"))


@requires("bundle.open")
def change_bundle(request: HttpRequest) -> HttpResponse:
    """The form is filled from the pending change, else from what is in force (CHG-4)."""
    if "draft" in request.GET:
        return _continue(request)
    bundle = bundle_or_404(request.GET.get("bundle", ""), staff=request.user)
    in_force = composition_in_force(bundle.pk)
    pending = pending_change(bundle.pk)
    if request.method != "POST" or in_force is None:
        context = {
            "bundle": bundle,
            "customer": bundle.customer,
            "in_force": in_force,
            "filled": in_force and prefilled.words(request.GET),
            "offering": in_force and catalogue_on(clock.today()).offering(in_force.offering),
            "pending": pending,
            "crumbs": [(_("订单"), reverse("orders:list")), (_("变更融合套餐"), "")],
        }
        return render(request, "orders/change_start.html", context)
    filled = in_force
    if pending is not None and pending.kind == BundleChange.Kind.CHANGE:
        filled = composition_of(pending)
    filled = prefilled.compose(filled, request.GET, catalogue=catalogue_on(clock.today()))
    counts: dict[str, int] = {}
    for chosen in filled.packs:
        if chosen.terminal is None:
            counts[chosen.pack] = counts.get(chosen.pack, 0) + 1
    draft = drafts.begin(
        staff_id=request.user.pk,
        customer_id=bundle.customer_id,
        bundle_id=bundle.pk,
        offering=filled.offering,
        scheme=filled.scheme,
        tier=filled.tier,
        members=filled.base,
        others=filled.members,
        packs=tuple(counts.items()),
        terminals=tuple((p.terminal, p.pack) for p in filled.packs if p.terminal is not None),
        reached=4,
    )
    return redirect(_url(draft, "product"))


def _find_customer(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    hits = search_customers(text, customers_for(request.user)) if text else []
    context = {
        "q": text,
        "hits": [hit.customer for hit in hits],
        "crumbs": [(_("订单"), reverse("orders:list")), (_("开通融合套餐"), "")],
    }
    return render(request, "orders/open_whose.html", context)


def _continue(request: HttpRequest) -> HttpResponse:
    key = request.GET["draft"]
    draft = drafts.find(key, staff_id=request.user.pk)
    if draft is None:
        return _draft_is_gone(request, key)
    customer = customers_for(request.user).filter(pk=draft.customer_id).first()
    if customer is None:
        return _draft_is_gone(request, key)
    names = steps_of(draft)
    step = request.GET.get("step", "")
    if step not in names or names.index(step) + 1 > draft.reached:
        return redirect(_url(draft, names[min(draft.reached, len(names)) - 1]))
    scene = scene_of(request, draft, customer, clock.now())
    if request.method != "POST":
        context = _context(scene, step)
        status = 422 if context.get("refusals") else 200
        return render(request, _template(step), context, status=status)
    if step == "preview":
        return _submit(scene)
    return _save(scene, step)


def _save(scene: Scene, step: str) -> HttpResponse:
    """Keep what was sent, then lead on."""
    request, names = scene.request, steps_of(scene.draft)
    onward = True
    try:
        if step == "members":
            draft, onward = members.save_members(scene, request.POST)
        else:
            draft = SAVE[step](scene, request.POST)
    except StepError as error:
        scene = replace(scene, draft=error.forms.get("draft", scene.draft))
        drafts.keep(scene.draft, staff_id=request.user.pk)
        return render_refused(request, _template(step), _context(scene, step, **error.forms))
    except BadInputError as refused:
        context = _context(scene, step)
        return render_refused(request, _template(step), context, refused=refused)
    place = names.index(step) + 1
    draft = draft.reaching(place + 1 if onward else place)
    drafts.keep(draft, staff_id=request.user.pk)
    return redirect(_url(draft, names[place] if onward else step))


def _submit(scene: Scene) -> HttpResponse:
    request, draft = scene.request, scene.draft
    try:
        order = acceptance.accept(
            request=request_of(draft, area=scene.customer.area, in_force=scene.in_force),
            at=scene.at,
            channel_id=source_of(request.user),
            by_id=request.user.pk,
            form_key=draft.key,
        )
    except (RefusedError, BadInputError) as refused:
        context = _context(scene, "preview")
        return render_refused(request, _template("preview"), context, refused=refused)
    drafts.forget(draft, staff_id=request.user.pk)
    messages.success(request, _("订单 %(code)s 已受理") % {"code": order.code})
    return redirect("orders:order", code=order.code)


def _draft_is_gone(request: HttpRequest, key: str) -> HttpResponse:
    """Sent twice: the order is there. Otherwise begin again, with a word why."""
    made = Order.objects.filter(form_key=key, accepted_by=request.user.pk).first() if key else None
    if made is not None:
        return redirect("orders:order", code=made.code)
    messages.warning(request, _("这份受理单已过期或不存在，请重新开始。"))
    return redirect("orders:open")


def _context(scene: Scene, step: str, **more: Any) -> dict[str, Any]:
    draft, customer = scene.draft, scene.customer
    names = steps_of(draft)
    place = names.index(step) + 1
    title = _("变更融合套餐") if draft.is_change else _("开通融合套餐")
    return {
        **(SHOW[step](scene) if draft.key else {}),
        "draft": draft,
        "customer": customer,
        "title": title,
        "lead": _lead(scene, customer),
        "steps": [(STEP_LABELS[name], _url(draft, name) if draft.key else "") for name in names],
        "place": place,
        "back": _url(draft, names[place - 2]) if place > 1 else "",
        "crumbs": [(_("订单"), reverse("orders:list")), (title, "")],
        **more,
    }


def _lead(scene: Scene, customer: Customer) -> str:
    draft = scene.draft
    if not draft.tier:
        return str(customer.name)
    name = scene.catalogue.offering(draft.offering).name
    return f"{customer.name} · {name} {draft.scheme} · {draft.tier}"


def _template(step: str) -> str:
    return f"orders/wizard/{step}.html"


def _url(draft: Draft, step: str) -> str:
    page = reverse("orders:change" if draft.is_change else "orders:open")
    return f"{page}?{urlencode({'draft': draft.key, 'step': step})}"
