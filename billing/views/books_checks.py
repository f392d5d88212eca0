"""帐务核对: every look over the books, and what one of them found (ACC-6)."""

from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from billing.batch.audit_ledgers import CHECKS, Difference
from billing.models import BooksCheck, Ledger
from billing.rules.chart import BY_LEDGER
from billing.services.books import check_books, differences_of
from billing.tasks import books as tasks
from billing.views import running
from billing.views.subjects import title_of
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part

ASKED_FOR_S = 60
PARTS = {
    "total": gettext_lazy("合计"),
    "paid": gettext_lazy("已缴"),
    "cash": gettext_lazy("现金"),
    "gift": gettext_lazy("赠款"),
    "amount": gettext_lazy("金额"),
    "tax": gettext_lazy("税额"),
}
COLUMNS = (
    Column(name="at", label=gettext_lazy("核对时间"), order_by=("at",), value=lambda c: c.at),
    Column(
        name="entries",
        label=gettext_lazy("分录"),
        order_by=("entries",),
        value=lambda c: c.entries,
        num=True,
    ),
    Column(
        name="differences",
        label=gettext_lazy("差异"),
        order_by=("differences",),
        value=lambda c: c.differences,
        num=True,
    ),
    Column(name="took", label=gettext_lazy("用时(秒)"), order_by=("took_ms",), num=True),
)


@requires("books.view")
def books_checks(request: HttpRequest) -> HttpResponse:
    """The looks of all nights, the latest first."""
    page = ListPage(request, BooksCheck.objects.all(), columns=COLUMNS, sort="-at")
    if export := page.exported(gettext_lazy("帐务核对")):
        return export
    return render_part(
        request,
        "billing/books_checks.html",
        "list",
        {
            "list": page,
            "checks": [_(words) for words in CHECKS.values()],
            "may_check": access.can(request.user, "books.check"),
            "crumbs": [(_("总帐"), reverse("billing:books")), (_("帐务核对"), "")],
        },
    )


@requires("books.view")
def books_check(request: HttpRequest, check_id: int) -> HttpResponse:
    """One look: each check with what differs, each difference with the way to it."""
    check = get_object_or_404(BooksCheck, pk=check_id)
    found = differences_of(check)
    ways = _ways_to(found)
    by_check = [
        (_(words), _shown([row for row in found if row.check == name], ways))
        for name, words in CHECKS.items()
    ]
    return render(
        request,
        "billing/books_check.html",
        {
            "check": check,
            "by_check": by_check,
            "not_shown": check.differences - len(found),
            "may_check": access.can(request.user, "books.check"),
            "crumbs": [
                (_("总帐"), reverse("billing:books")),
                (_("帐务核对"), reverse("billing:books_checks")),
                (f"{localtime(check.at):%Y-%m-%d %H:%M}", ""),
            ],
        },
    )


@require_POST
@requires("books.check")
def run_check(request: HttpRequest) -> HttpResponse:
    """Look at once: a worker does it, or this request where none answers."""
    at = clock.now()
    if not cache.add("books-check", 1, timeout=ASKED_FOR_S):
        messages.warning(request, _("刚才已经开始核对，请稍候再看。"))
        return redirect("billing:books_checks")
    if running.worker_answers():
        tasks.check.delay(at.isoformat(), request.user.pk)
        messages.success(request, _("已交给后台核对，完成后结果在这里。"))
        return redirect("billing:books_checks")
    check = check_books(at=at, by_id=request.user.pk)
    cache.delete("books-check")
    return redirect("billing:books_check", check_id=check.pk)


def _shown(found: list[Difference], ways: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": _name_of(row),
            "part": PARTS.get(row.part, row.part),
            "url": ways.get(row.subject, ""),
            "expected_fen": row.expected_fen,
            "found_fen": row.found_fen,
            "difference_fen": row.found_fen - row.expected_fen,
        }
        for row in found
    ]


def _name_of(row: Difference) -> str:
    """A house ledger is called by its subject."""
    subject = BY_LEDGER.get(row.name)
    if subject is not None:
        return f"{subject.code} {title_of(subject)}"
    return row.name or _("全部分录")


def _ways_to(found: list[Difference]) -> dict[str, str]:
    """Subject → the page of what differs, where it has one."""
    ways: dict[str, str] = {}
    ledgers: dict[int, str] = {}
    for row in found:
        kind, _colon, key = row.subject.partition(":")
        if kind in ("bill", "journal"):
            ways[row.subject] = reverse(f"billing:{kind}", args=[key])
        elif row.name in BY_LEDGER:
            ways[row.subject] = reverse("billing:subject", args=[BY_LEDGER[row.name].code])
        elif kind == "ledger":
            ledgers[int(key)] = row.subject
    owned = Ledger.objects.filter(pk__in=ledgers, account__isnull=False)
    for ledger_id, code in owned.values_list("pk", "account__code"):
        ways[ledgers[ledger_id]] = reverse("billing:ledger", args=[code, ledger_id])
    return ways
