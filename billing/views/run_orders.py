"""What the batch operator tells a close that is under way: wait, go on, leave it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n
from django.views.decorators.http import require_POST

from billing.queries import control_room
from billing.views.month_run import TEMPLATE, month_or_404, run_context
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.batch import orders
from bss.kernel.errors import BadInputError
from bss.kernel.models import BatchRun
from bss.kernel.pages.render import render_refused

NOT_BEGUN = "该月还没有开始出帐。"


def _order(give: Callable[..., BatchRun], *, done: str) -> Callable[..., HttpResponse]:
    @require_POST
    @requires("month.run")
    def press(request: HttpRequest, month: str) -> HttpResponse:
        of = month_or_404(month)
        run, _steps = control_room.close_run(of)
        try:
            if run is None:
                raise BadInputError(("month", NOT_BEGUN))
            give(run.pk, by_id=request.user.pk, at=clock.now())
        except BadInputError as refused:
            return render_refused(request, TEMPLATE, run_context(request, of), refused=refused)
        messages.success(request, _(done))
        return redirect("billing:run", month=str(of))

    press.__name__ = f"press_{give.__name__}"
    return press


press_pause = _order(orders.pause, done=_n("已暂停：正在做的步骤做完，不再开始新的步骤。"))
press_resume = _order(orders.resume, done=_n("已继续：几秒内由后台接着做。"))
press_cancel = _order(orders.cancel, done=_n("已取消：以后可以重新出帐。"))
