"""重复客户: pairs that may be one customer, the likeliest first."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from customers.models import DuplicatePair
from customers.queries.pairs import chosen_pairs
from customers.queries.shown_names import shown_name
from customers.views.duplicate_forms import PairFilterForm


def reasons_of(pair: DuplicatePair) -> list[str]:
    """What speaks for their being one."""
    return [
        word
        for word, is_so in (
            (_("证件相同"), pair.same_document),
            (_("联系电话相同"), pair.same_phone),
        )
        if is_so
    ]


COLUMNS = (
    Column(
        name="first",
        label=gettext_lazy("先登记的客户"),
        order_by=("first__name",),
        value=lambda p: f"{shown_name(p.first)} {p.first.code}",
    ),
    Column(
        name="second",
        label=gettext_lazy("后登记的客户"),
        order_by=("second__name",),
        value=lambda p: f"{shown_name(p.second)} {p.second.code}",
    ),
    Column(name="why", label=gettext_lazy("依据"), value=lambda p: "、".join(reasons_of(p))),
    Column(
        name="likeness",
        label=gettext_lazy("名称相似(%)"),
        order_by=("likeness_percent",),
        value=lambda p: p.likeness_percent,
        num=True,
    ),
    Column(
        name="score",
        label=gettext_lazy("重复度(分)"),
        order_by=("score",),
        value=lambda p: p.score,
        num=True,
    ),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        order_by=("state",),
        value=lambda p: _(p.get_state_display()),
    ),
    Column(
        name="found",
        label=gettext_lazy("最近发现"),
        order_by=("found_at",),
        value=lambda p: p.found_at,
    ),
)


@requires("customer.merge")
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """The worklist, or the part of it that htmx asks for."""
    form = PairFilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    page = ListPage(
        request, chosen_pairs(request.user, asked), columns=COLUMNS, sort="-score", form=form
    )
    if export := page.exported(gettext_lazy("重复客户")):
        return export
    rows = [
        (pair, shown_name(pair.first), shown_name(pair.second), reasons_of(pair))
        for pair in page.rows
    ]
    return render_part(
        request, "customers/duplicate_list.html", "list", {"list": page, "rows": rows}
    )
