"""托收批次: drawn up by bank, the latest first."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from billing.models import DebitBatch
from billing.rules.banks import BANKS
from billing.services import debit_batches
from billing.views import bank_rooms
from billing.views.bank_forms import BatchFilterForm
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.kernel.units import yuan

COLUMNS = (
    Column(name="code", label=gettext_lazy("批次号"), order_by=("code",), value=lambda b: b.code),
    Column(
        name="bank",
        label=gettext_lazy("银行"),
        order_by=("bank", "sequence"),
        value=bank_rooms.bank_of,
    ),
    Column(
        name="drawn_up",
        label=gettext_lazy("制作时间"),
        order_by=("drawn_up_at",),
        value=lambda b: b.drawn_up_at,
    ),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        order_by=("state",),
        value=lambda b: _(b.get_state_display()),
    ),
    Column(
        name="lines",
        label=gettext_lazy("笔数"),
        order_by=("lines_count",),
        value=lambda b: b.lines_count,
        num=True,
    ),
    Column(
        name="amount",
        label=gettext_lazy("金额(元)"),
        order_by=("total_fen",),
        value=lambda b: yuan(b.total_fen),
        num=True,
    ),
    Column(
        name="settled",
        label=gettext_lazy("已扣(元)"),
        order_by=("settled_fen",),
        value=lambda b: yuan(b.settled_fen),
        num=True,
    ),
    Column(
        name="refused",
        label=gettext_lazy("失败笔数"),
        order_by=("refused",),
        value=lambda b: b.refused,
        num=True,
    ),
)


@requires("bank.view")
def debit_list(request: HttpRequest) -> HttpResponse:
    """The batches with what became of them."""
    form = BatchFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    page = ListPage(
        request, _filtered(with_figures(), asked), columns=COLUMNS, sort="-drawn_up", form=form
    )
    if export := page.exported(gettext_lazy("托收批次")):
        return export
    context = {
        "list": page,
        "rows": [(batch, bank_rooms.bank_of(batch)) for batch in page.rows],
        "tabs": bank_rooms.tabs(),
        "banks": bank_rooms.banks(),
        "may_handle": access.can(request.user, "bank.handle"),
    }
    return render_part(request, "billing/debit_list.html", "list", context)


@require_POST
@requires("bank.handle")
def draw_up(request: HttpRequest) -> HttpResponse:
    """Draw up the next batch of one bank."""
    bank = request.POST.get("bank", "")
    if bank not in BANKS:
        messages.error(request, _("请选择已签约的银行。"))
        return redirect("billing:debits")
    batch = debit_batches.draw_up(
        bank=bank,
        at=clock.now(),
        by_id=request.user.pk,
    )
    if batch is None:
        messages.warning(
            request,
            _("%(bank)s现在没有可扣的帐户：有协议的都已缴清，或已在途。")
            % {"bank": _(BANKS[bank].name)},
        )
        return redirect("billing:debits")
    facts = {"n": batch.lines_count, "amount": yuan(batch.total_fen)}
    messages.success(request, _("已制作批次：%(n)s 笔，%(amount)s 元。") % facts)
    return redirect("billing:debit_batch", batch_id=batch.pk)


def with_figures() -> QuerySet[Any]:
    """Batches with ``settled_fen`` and how many lines were settled, refused, or wait."""
    settled, refused = Q(lines__state="settled"), Q(lines__state="refused")
    waiting = Q(lines__state__in=("waiting", "unanswered"))
    return DebitBatch.objects.annotate(
        settled_fen=Sum("lines__amount_fen", filter=settled, default=0),
        settled=Count("lines", filter=settled),
        refused=Count("lines", filter=refused),
        waiting=Count("lines", filter=waiting),
    )


def _filtered(batches: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
    for name in ("bank", "state"):
        if asked.get(name):
            batches = batches.filter(**{name: asked[name]})
    if text := (asked.get("q") or "").strip():
        batches = batches.filter(code__icontains=text)
    return batches
