"""运行记录: every batch run, how long it took and how fast it was."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.queries.batch_runs import kinds_of_runs, months_of_runs, per_second, runs_found
from billing.views import month_rooms
from billing.views.forms import translated
from billing.views.run_words import duration, kind_word
from bss.kernel.access import requires
from bss.kernel.models import BatchRun
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part

COLUMNS = (
    Column(
        name="run",
        label=gettext_lazy("批处理"),
        order_by=("kind", "key"),
        value=lambda run: f"{kind_word(run.kind)} {run.key}",
    ),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        order_by=("state",),
        value=lambda run: _(run.get_state_display()),
    ),
    Column(
        name="started",
        label=gettext_lazy("开始于"),
        order_by=("started_at",),
        value=lambda run: run.started_at,
    ),
    Column(
        name="took",
        label=gettext_lazy("用时"),
        order_by=("took",),
        value=lambda run: "" if run.took is None else f"{run.took.total_seconds():.3f}",
        num=True,
    ),
    Column(
        name="steps",
        label=gettext_lazy("步骤"),
        order_by=("steps_count",),
        value=lambda run: f"{run.done_count}/{run.steps_count}",
        num=True,
    ),
    Column(
        name="bills",
        label=gettext_lazy("帐单(份)"),
        order_by=("bills",),
        value=lambda run: run.bills or 0,
        num=True,
    ),
    Column(
        name="rate",
        label=gettext_lazy("每秒(份)"),
        value=lambda run: per_second(run) or "",
        num=True,
    ),
)


class RunFilterForm(forms.Form):
    """What the runs are filtered by."""

    is_filter = True

    q = forms.CharField(
        label=gettext_lazy("查找"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("月份")}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("类型"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("状态"),
        required=False,
        choices=[("", gettext_lazy("全部状态")), *translated(BatchRun.State.choices)],
    )
    month = forms.ChoiceField(label=gettext_lazy("月份"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind, kind_word(kind)) for kind in kinds_of_runs()]
        months = [(month, month) for month in months_of_runs()]
        self.fields["kind"].choices = [("", _("全部类型")), *kinds]  # type: ignore[attr-defined]
        self.fields["month"].choices = [("", _("全部月份")), *months]  # type: ignore[attr-defined]


@requires("month.view")
def run_list(request: HttpRequest) -> HttpResponse:
    """The runs, the latest first."""
    form = RunFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    page = ListPage(request, runs_found(asked), columns=COLUMNS, sort="-started", form=form)
    if export := page.exported(gettext_lazy("运行记录")):
        return export
    context = {
        "list": page,
        "rows": [
            (run, kind_word(run.kind), duration(run.took), per_second(run)) for run in page.rows
        ],
        "tabs": month_rooms.tabs(),
    }
    return render_part(request, "billing/runs.html", "list", context)
