"""办理时间与地点: when and from where each organisation's people may work (S85-3)."""

from datetime import time
from ipaddress import ip_network
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bss.identity.access_control import closed
from bss.identity.queries.access_control import Control, control_of, controls_of
from bss.identity.rules.access_hours import is_from
from bss.identity.services.access_control import set_control
from bss.identity.signed_in import staff_of
from bss.identity.stepup import recently_proved
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.callers import address_of
from bss.kernel.models import Organisation
from bss.kernel.pages.forms import SentenceForm
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_refused
from bss.kernel.scope import in_place

DAYS = (_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日"))
COLUMNS = (
    Column(name="code", label=_("编号"), order_by=("code",), value=lambda o: o.code),
    Column(name="name", label=_("名称"), order_by=("name",), value=lambda o: o.name),
    Column(name="hours", label=_("办理时间")),
    Column(name="networks", label=_("办理地点")),
    Column(name="now", label=_("现在")),
)


class OrganisationSearch(forms.Form):
    is_filter = True
    q = forms.CharField(label=_("编号或名称"), required=False)


class ControlForm(SentenceForm):
    """Seven days, and the networks, one a line."""

    networks = forms.CharField(
        label=_("允许的地址"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("每行一个网段或地址，例如 10.1.0.0/16。不填：沿用上级。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day, name in enumerate(DAYS):
            for edge, word in (("opens", _("开始")), ("closes", _("结束"))):
                self.fields[f"{edge}_{day}"] = forms.TimeField(
                    label=f"{name} {word}",
                    required=False,
                    widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
                    error_messages={"invalid": _("请按 时:分 填写，例如 08:30。")},
                )

    def clean_networks(self) -> list[str]:
        found = []
        for number, line in enumerate(self.cleaned_data["networks"].split("\n"), 1):
            if not line.strip():
                continue
            try:
                found.append(str(ip_network(line.strip(), strict=False)))
            except ValueError as error:
                facts = {"line": number, "text": line.strip()[:50]}
                raise ValidationError(
                    _("第 %(line)s 行“%(text)s”不是地址或网段。请写成 10.1.0.0/16 这样。"),
                    params=facts,
                ) from error
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for day in range(7):
            opens, closes = cleaned.get(f"opens_{day}"), cleaned.get(f"closes_{day}")
            if (opens is None) != (closes is None):
                missing = "opens" if opens is None else "closes"
                self.add_error(f"{missing}_{day}", _("开始和结束要一起填，或者都不填。"))
        return cleaned

    @property
    def hours(self) -> dict[int, tuple[time, time]]:
        kept = self.cleaned_data
        return {
            day: (kept[f"opens_{day}"], kept[f"closes_{day}"])
            for day in range(7)
            if kept[f"opens_{day}"] is not None
        }

    def week(self) -> list[tuple[Any, Any, Any]]:
        return [(DAYS[day], self[f"opens_{day}"], self[f"closes_{day}"]) for day in range(7)]


def _reached(request: HttpRequest) -> QuerySet[Organisation]:
    return Organisation.objects.filter(in_place(request.user, organisation="pk"))


@requires("staff.manage")
def control_list(request: HttpRequest) -> HttpResponse:
    """办理时间与地点: every organisation with what holds for it now."""
    asked = request.GET.get("q", "").strip()
    rows = _reached(request).filter(Q(code__icontains=asked) | Q(name__icontains=asked))
    page = ListPage(
        request, rows, columns=COLUMNS, sort="code", form=OrganisationSearch(request.GET)
    )
    if answer := page.exported("办理时间与地点"):
        return answer
    now = clock.now()
    controls = controls_of(list(page.rows))
    for row in page.rows:
        row.control = controls[row.pk]
        row.open_now = closed(row.control, at=now) is None
        row.week = _short(row.control)
    return render(request, "identity/control_list.html", {"list": page})


@requires("staff.manage")
@recently_proved
def control_edit(request: HttpRequest, code: str) -> HttpResponse:
    """The hours and places of one organisation."""
    organisation = get_object_or_404(_reached(request), code=code)
    held = control_of(organisation)
    form = ControlForm(request.POST or None, initial=_filled(held, organisation))
    context = {
        "form": form,
        "organisation": organisation,
        "inherited": _inherited(organisation),
        "crumbs": [(_("办理时间与地点"), reverse("identity:controls")), (organisation.name, "")],
    }
    if request.method == "POST":
        if form.is_valid() and _keeps_me_in(request, form, organisation):
            set_control(
                organisation_id=organisation.pk,
                hours=form.hours,
                networks=form.cleaned_data["networks"],
                set_by_id=staff_of(request).pk,
                at=clock.now(),
            )
            messages.success(request, _("已保存，马上生效。"))
            return redirect("identity:controls")
        return render_refused(request, "identity/control_edit.html", context)
    return render(request, "identity/control_edit.html", context)


def _keeps_me_in(request: HttpRequest, form: ControlForm, organisation: Organisation) -> bool:
    """Nobody locks themselves out by a slip: their own address stays inside."""
    mine = staff_of(request).organisation
    networks = form.cleaned_data["networks"]
    if mine is None or f"/{organisation.pk}/" not in mine.path:
        return True
    address = address_of(request)
    if is_from(networks, address=address):
        return True
    form.add_error(
        "networks",
        _now("您自己的地址 %(address)s 不在里面，保存后您就不能工作了。请把它也加上。")
        % {"address": address},
    )
    return False


def _filled(held: Control, organisation: Organisation) -> dict[str, Any]:
    own_hours = held.hours if held.hours_of == organisation else ()
    own_networks = held.networks if held.networks_of == organisation else ()
    filled: dict[str, Any] = {"networks": "\n".join(own_networks)}
    for row in own_hours:
        filled[f"opens_{row.day}"], filled[f"closes_{row.day}"] = row.opens, row.closes
    return filled


def _inherited(organisation: Organisation) -> Control:
    return control_of(organisation.parent)


def _short(control: Control) -> list[tuple[Any, str]]:
    """Days of the same hours together: (星期一–星期五, 08:30–18:00)."""
    groups: list[tuple[int, int, str]] = []
    for row in control.hours:
        hours = f"{row.opens:%H:%M}–{row.closes:%H:%M}"
        if groups and groups[-1][1] == row.day - 1 and groups[-1][2] == hours:
            groups[-1] = (groups[-1][0], row.day, hours)
        else:
            groups.append((row.day, row.day, hours))
    return [
        (DAYS[first] if first == last else f"{DAYS[first]}–{DAYS[last]}", hours)
        for first, last, hours in groups
    ]
