from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bss.desk.specimens import specimens
from bss.kernel.access import requires


@requires("styleguide.view")
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every part in every state, on one page; what the design tests look at."""
    if "toast" in request.GET:
        messages.success(request, "订单 SO-2026-000123 已受理。")
        messages.error(request, "打印机没有回答,请检查后重试。")
    return render(request, "desk/styleguide.html", specimens(request))
