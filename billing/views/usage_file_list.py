"""话单文件: what came from which switch, and what became of its records (RAT-15)."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from billing.queries.usage_files import files_found
from billing.views import month_rooms
from billing.views.gaps_shown import gaps_shown
from billing.views.usage_forms import FileFilterForm
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part


def _count(name: str, label: object) -> Column:
    return Column(
        name=name,
        label=label,  # type: ignore[arg-type]
        order_by=(name,),
        value=lambda file: getattr(file, name),
        num=True,
    )


COLUMNS = (
    Column(
        name="file", label=gettext_lazy("文件"), order_by=("name",), value=lambda file: file.name
    ),
    Column(
        name="number",
        label=gettext_lazy("交换机与序号"),
        order_by=("switch", "sequence"),
        value=lambda file: f"{file.switch} {file.sequence or ''}".strip(),
    ),
    Column(
        name="loaded",
        label=gettext_lazy("装载时间"),
        order_by=("loaded_at",),
        value=lambda file: file.loaded_at,
    ),
    _count("records", gettext_lazy("话单")),
    _count("rated", gettext_lazy("已批价")),
    _count("late", gettext_lazy("其中迟到")),
    _count("rejected", gettext_lazy("错单")),
)


@requires("month.view")
def usage_file_list(request: HttpRequest) -> HttpResponse:
    """The files, the latest first, and above them the alarms of those that are missing."""
    form = FileFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    page = ListPage(request, files_found(asked), columns=COLUMNS, sort="-loaded", form=form)
    if export := page.exported(gettext_lazy("话单文件")):
        return export
    context = {"list": page, **gaps_shown(), "tabs": month_rooms.tabs()}
    return render_part(request, "billing/usage_files.html", "list", context)
