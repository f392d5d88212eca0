"""One interface: opened, changed, closed, opened again, given a new secret."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bss.identity.models import InterfaceNumber
from bss.identity.queries.interfaces import interfaces
from bss.identity.services import interfaces as services
from bss.identity.stepup import recently_proved
from bss.identity.views.interface_forms import DAYS, CloseForm, OpenForm, TermsForm, initial_of
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.models import Organisation
from bss.kernel.pages.render import render_refused
from bss.kernel.permissions import PERMISSIONS
from bss.kernel.rulebook import RefusedError
from bss.kernel.scope import in_place

FORM, PAGE = "identity/interface_form.html", "identity/interface_page.html"


@requires("interface.manage")
@recently_proved
def interface_open(request: HttpRequest) -> HttpResponse:
    """The form; posting it opens the interface and shows its secret, this once."""
    form = OpenForm(request.POST or None)
    form.offer(Organisation.objects.filter(in_place(request.user, organisation="pk")))
    context = {"form": form, "crumbs": _crumbs(_("开立接口号"))}
    if request.method != "POST":
        return render(request, FORM, context)
    if not form.is_valid():
        return render_refused(request, FORM, context)
    try:
        interface, secret = services.open_interface(
            kind=form.cleaned_data["kind"],
            organisation_id=form.cleaned_data["organisation"].pk,
            terms=form.terms,
            at=clock.now(),
            by_id=request.user.pk or 0,
        )
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, FORM, context, refused=refused)
    return _shown_once(request, interface, secret)


@requires("interface.manage")
def interface_page(request: HttpRequest, number: str) -> HttpResponse:
    """What it may do, and what can be done with it."""
    return render(request, PAGE, _context(_found(request, number), CloseForm()))


@requires("interface.manage")
@recently_proved
def interface_change(request: HttpRequest, number: str) -> HttpResponse:
    """Its terms, as a form."""
    interface = _found(request, number)
    form = TermsForm(request.POST or None, initial=initial_of(interface))
    context = {"form": form, "interface": interface, "crumbs": _crumbs(interface.number)}
    if request.method != "POST":
        return render(request, FORM, context)
    if not form.is_valid():
        return render_refused(request, FORM, context)
    try:
        services.change_interface(interface_id=interface.pk, terms=form.terms, **_by(request))
    except RefusedError as refused:
        return render_refused(request, FORM, context, refused=refused)
    messages.success(request, _("接口号 %(number)s 已变更。") % {"number": number})
    return redirect("identity:interface", number)


@require_POST
@requires("interface.manage")
@recently_proved
def interface_close(request: HttpRequest, number: str) -> HttpResponse:
    """Close it, with the reason; its tokens stop at once."""
    interface, form = _found(request, number), CloseForm(request.POST)
    if not form.is_valid():
        return render_refused(request, PAGE, _context(interface, form))
    if interface.state == InterfaceNumber.State.OPEN:
        services.close_interface(
            interface_id=interface.pk, reason=form.cleaned_data["reason"], **_by(request)
        )
    messages.success(request, _("接口号 %(number)s 已停用。") % {"number": number})
    return redirect("identity:interface", number)


@require_POST
@requires("interface.manage")
@recently_proved
def interface_reopen(request: HttpRequest, number: str) -> HttpResponse:
    """Open it again, as it was."""
    interface = _found(request, number)
    try:
        if interface.state == InterfaceNumber.State.CLOSED:
            services.reopen_interface(interface_id=interface.pk, **_by(request))
    except RefusedError as refused:
        return render_refused(request, PAGE, _context(interface, CloseForm()), refused=refused)
    messages.success(request, _("接口号 %(number)s 已启用。") % {"number": number})
    return redirect("identity:interface", number)


@require_POST
@requires("interface.manage")
@recently_proved
def interface_rotate(request: HttpRequest, number: str) -> HttpResponse:
    """A new secret, shown this once; the old one stops at once."""
    interface = _found(request, number)
    secret = services.rotate_secret(interface_id=interface.pk, **_by(request))
    return _shown_once(request, interface, secret)


def _found(request: HttpRequest, number: str) -> InterfaceNumber:
    reached = interfaces().filter(in_place(request.user))
    found = reached.filter(number=number).first() if "\x00" not in number else None
    if found is None:
        raise Http404
    return found


def _by(request: HttpRequest) -> dict[str, Any]:
    return {"at": clock.now(), "by_id": request.user.pk}


def _context(interface: InterfaceNumber, form: CloseForm) -> dict[str, Any]:
    return {
        "interface": interface,
        "form": form,
        "scopes": [(code, _(PERMISSIONS[code])) for code in interface.scopes],
        "days": [label for day, label in DAYS if day in interface.days],
        "all_day": interface.opens == interface.closes,
        "crumbs": _crumbs(interface.number),
    }


def _shown_once(request: HttpRequest, interface: InterfaceNumber, secret: str) -> HttpResponse:
    context = {"interface": interface, "secret": secret, "crumbs": _crumbs(interface.number)}
    return render(request, "identity/interface_secret.html", context)


def _crumbs(here: str) -> list[tuple[str, str]]:
    return [(_("接口号"), reverse("identity:interfaces")), (here, "")]
