"""Saving and dropping one's own filters of a list."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bss.kernel.errors import BadInputError
from bss.kernel.pages.said import said
from bss.kernel.pages.saved_views import drop_view, save_view


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the list as it is filtered now and lead to it."""
    path, query = _list(request), request.POST.get("query", "")
    try:
        view = save_view(
            staff_id=request.user.pk,  # type: ignore[arg-type]
            path=path,
            name=request.POST.get("view_name", ""),
            query=query,
        )
    except BadInputError as refused:
        for _place, sentence in refused.faults:
            messages.error(request, said(sentence))
        return redirect(f"{path}?{query}" if query else path)
    messages.success(request, _("常用筛选“%(name)s”已保存。") % {"name": view.name})
    return redirect(view.url)


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    path = _list(request)
    if not drop_view(staff_id=request.user.pk, view_id=pk):  # type: ignore[arg-type]
        raise Http404
    messages.success(request, _("常用筛选已删除。"))
    return redirect(path)


def _list(request: HttpRequest) -> str:
    """A page of this house: never another address."""
    path = request.POST.get("list", "")
    try:
        if not path.startswith("/") or path.startswith("//"):
            raise Http404
        resolve(path)
    except Resolver404:
        raise Http404 from None
    return path
