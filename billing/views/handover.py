"""缴款: a hall's cash into a bag, and the bank's slip for it."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Handover
from billing.queries.hall_day import closes_to_hand_over
from billing.services import handovers
from billing.views.till_forms import BagForm, HandoverFilterForm, SlipForm
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part, render_refused
from bss.kernel.rulebook import RefusedError
from bss.kernel.scope import in_place
from bss.kernel.units import yuan
from channels.models import Channel

PACK = "billing/handover_new.html"
BANK = "billing/handover.html"
COLUMNS = (
    Column(
        name="bag",
        label=gettext_lazy("封包号"),
        order_by=("bag_number",),
        value=lambda bag: bag.bag_number,
    ),
    Column(
        name="hall",
        label=gettext_lazy("营业厅"),
        order_by=("channel__code",),
        value=lambda bag: bag.channel.name,
    ),
    Column(
        name="packed",
        label=gettext_lazy("封包时间"),
        order_by=("packed_at",),
        value=lambda bag: bag.packed_at,
    ),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        order_by=("state",),
        value=lambda bag: _(bag.get_state_display()),
    ),
    Column(
        name="slip",
        label=gettext_lazy("银行回单号"),
        order_by=("slip_number",),
        value=lambda bag: bag.slip_number,
    ),
    Column(
        name="amount",
        label=gettext_lazy("封包金额(元)"),
        order_by=("amount_fen",),
        value=lambda bag: yuan(bag.amount_fen),
        num=True,
    ),
    Column(
        name="banked",
        label=gettext_lazy("银行实收(元)"),
        order_by=("banked_fen",),
        value=lambda bag: "" if bag.banked_fen is None else yuan(bag.banked_fen),
        num=True,
    ),
)


@requires("handover.record")
def handover_list(request: HttpRequest) -> HttpResponse:
    """The bags of the halls one answers for, the latest first."""
    form = HandoverFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    page = ListPage(
        request, _filtered(_reached(request), asked), columns=COLUMNS, sort="-packed", form=form
    )
    if export := page.exported(gettext_lazy("缴款")):
        return export
    context = {"list": page, "rows": page.rows}
    return render_part(request, "billing/handover_list.html", "list", context)


@requires("handover.record")
def pack_page(request: HttpRequest, code: str) -> HttpResponse:
    """Choose confirmed days and give the bag's number."""
    channel = get_object_or_404(Channel.objects.filter(in_place(request.user)), code=code)
    closes = closes_to_hand_over(channel.pk)
    choices = [
        (
            str(close.pk),
            f"{close.shift.day} {close.shift.cashier}: {yuan(close.takings_fen)} " + _("元"),
        )
        for close in closes
    ]
    form = BagForm(request.POST or None, closes=choices)
    context = {
        "channel": channel,
        "form": form,
        "closes": closes,
        "amount_fen": sum(close.takings_fen for close in closes),
        "crumbs": [
            (_("缴款"), reverse("billing:handovers")),
            (_("%(hall)s 缴款") % {"hall": channel.name}, ""),
        ],
    }
    if request.method != "POST":
        return render(request, PACK, context)
    if not form.is_valid():
        return render_refused(request, PACK, context)
    try:
        handover = handovers.pack(
            channel_id=channel.pk,
            close_ids=[int(pk) for pk in form.cleaned_data["closes"]],
            bag_number=form.cleaned_data["bag_number"],
            by_id=request.user.pk,  # type: ignore[arg-type]
            at=clock.now(),
        )
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, PACK, context, refused=refused)
    messages.success(request, _("已封包 %(amount)s 元。") % {"amount": yuan(handover.amount_fen)})
    return redirect("billing:handover", handover_id=handover.pk)


@requires("handover.record")
def handover_page(request: HttpRequest, handover_id: int) -> HttpResponse:
    """A bag, what is in it; for another person than who packed it, the form of the bank's slip."""
    handover = get_object_or_404(_reached(request), pk=handover_id)
    form = SlipForm(request.POST or None, initial={"banked": yuan(handover.amount_fen)})
    context = _context(request, handover, form)
    if request.method != "POST":
        return render(request, BANK, context)
    if not access.can(request.user, "till.confirm"):
        raise access.MissingPermissionError("till.confirm")
    if not form.is_valid():
        return render_refused(request, BANK, context)
    try:
        handovers.bank(
            handover_id=handover.pk,
            slip_number=form.cleaned_data["slip_number"],
            banked_fen=form.cleaned_data["banked"],
            by_id=request.user.pk,  # type: ignore[arg-type]
            at=clock.now(),
        )
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, BANK, context, refused=refused)
    messages.success(request, _("已凭银行回单入帐。"))
    return redirect("billing:handover", handover_id=handover.pk)


def _reached(request: HttpRequest) -> QuerySet[Handover]:
    reached = in_place(request.user, organisation="channel__organisation")
    rows = Handover.objects.filter(reached)
    return rows.select_related("channel", "packed_by", "banked_by")


def _context(request: HttpRequest, handover: Handover, form: SlipForm) -> dict[str, Any]:
    parts = handover.parts.select_related("close__shift__cashier").order_by("id")
    return {
        "handover": handover,
        "parts": parts,
        "form": form,
        "may_bank": handover.state == Handover.State.ON_THE_WAY
        and handover.packed_by_id != request.user.pk
        and access.can(request.user, "till.confirm"),
        "crumbs": [(_("缴款"), reverse("billing:handovers")), (handover.bag_number, "")],
    }


def _filtered(bags: QuerySet[Handover], asked: dict[str, Any]) -> QuerySet[Handover]:
    if asked.get("state"):
        bags = bags.filter(state=asked["state"])
    if text := (asked.get("q") or "").strip():
        bags = bags.filter(
            Q(bag_number__iexact=text)
            | Q(slip_number__iexact=text)
            | Q(channel__code__iexact=text)
            | Q(channel__name__icontains=text)
        )
    return bags
