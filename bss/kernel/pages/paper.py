"""A printed document as the answer to a request, with its entry in the audit."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import get_language

from bss.kernel import audit
from bss.kernel.papers import PapersUnavailable, mark_of, render_pdf


def hand_out(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    file_name: str,
    customer_ids: Collection[int],
    at: datetime,
    detail: Mapping[str, Any],
    back: str = "",
    marked: bool = True,
    in_place: bool = False,
    language: str = "",
) -> HttpResponse:
    """The PDF, to be kept as ``file_name`` or, ``in_place``, shown in the browser.

    In the reader's ``language`` unless one is given; ``marked`` with who prints it. When no paper
    can be made here, the sentence that says why: on the page ``back``, else as a plain 503.
    """
    try:
        pdf = render_pdf(
            template,
            context,
            watermark=mark_of(request.user, at) if marked else "",
            language=language or get_language() or "zh-hans",
        )
    except PapersUnavailable as missing:
        if not back:
            return HttpResponse(str(missing), status=503, content_type="text/plain; charset=utf-8")
        messages.error(request, str(missing))
        return redirect(back)
    audit.read_personal(kind="pdf", customer_ids=customer_ids, at=at, detail=dict(detail))
    disposition = content_disposition_header(as_attachment=not in_place, filename=file_name)
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": disposition or ""}
    )
