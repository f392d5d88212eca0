"""重批: what the filters of the list find, said with its number, then judged again (RAT-15)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.queries.rejects import causes_in, files_in, open_among, rejects_found
from billing.services import reject_mending
from billing.tasks import rejects as tasks
from billing.views import month_rooms
from billing.views.running import worker_answers
from billing.views.usage_forms import RejectFilterForm
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.pages.render import render_refused

TEMPLATE = "billing/rejects_retry.html"
AT_ONCE = 2_000
"""So many are judged again while the person waits; more by a worker."""
CHANGED = "现在有 %(now)s 条待处理，刚才显示的是 %(then)s 条。请核对后再重批。"


@requires("usage.load")
def retry(request: HttpRequest) -> HttpResponse:
    """How many the filters in the address find, by cause and by file; posted, judge them again."""
    form = RejectFilterForm(request.GET)
    context: dict[str, Any] = {
        "query": request.GET.urlencode(),
        "crumbs": month_rooms.crumbs(
            (_("错单"), f"{reverse('billing:rejects')}?{request.GET.urlencode()}"), (_("重批"), "")
        ),
    }
    if not form.is_valid():
        return render_refused(request, TEMPLATE, {**context, "form": form})
    waiting = open_among(rejects_found(form.cleaned_data))
    count = waiting.count()
    context |= {"count": count, "causes": causes_in(waiting), "files": files_in(waiting)}
    if request.method != "POST":
        return render(request, TEMPLATE, context)
    then = request.POST.get("count", "")
    if then != str(count):
        changed = BadInputError(("", Sentence(CHANGED, now=f"{count:,}", then=then or "—")))
        return render_refused(request, TEMPLATE, context, refused=changed)
    if count > AT_ONCE and worker_answers():
        asked = {**request.GET.dict(), "day": str(form.cleaned_data["day"] or "")}
        tasks.retry.delay(asked, clock.now().isoformat(), request.user.pk)
        messages.success(
            request, _("已交给后台重批 %(n)s 条，进度看列表里的待处理数。") % {"n": f"{count:,}"}
        )
    else:
        done = reject_mending.retry(rejects=waiting, at=clock.now(), by_id=request.user.pk)
        tell(request, done)
    return redirect(f"{reverse('billing:rejects')}?{request.GET.urlencode()}")


def tell(request: HttpRequest, done: reject_mending.Mended) -> None:
    """What became of those that were judged again."""
    facts = {"tried": f"{done.tried:,}", "rated": f"{done.rated:,}"}
    facts["left"] = f"{done.tried - done.rated:,}"
    if not done.rated:
        messages.warning(request, _("重批了 %(tried)s 条，原因都还在，仍是错单。") % facts)
    elif done.rated < done.tried:
        messages.warning(
            request, _("重批了 %(tried)s 条：%(rated)s 条已批价，%(left)s 条仍是错单。") % facts
        )
    else:
        messages.success(request, _("重批了 %(tried)s 条，全部已批价。") % facts)
