"""A page that needs a file which cannot be read says so in one sentence, as 503."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from bss.kernel.object_store import StoreFaultError
from bss.kernel.pages.said import said

log = logging.getLogger(__name__)


class StoreFaults:
    """Answers for whatever page met a ``StoreFaultError``, which is logged too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """The sentence as a page; None for any other exception."""
        if not isinstance(fault, StoreFaultError):
            return None
        log.error("%s: %s", request.path, fault)
        [(_place, sentence)] = fault.faults
        context = {"code": 503, "title": _("归档文件读不到"), "sentence": said(sentence)}
        return render(request, "errors/error.html", context, status=503)
