"""When the answer is no: one body for every fault, TM Forum's Error and RFC 9457 in one.

============================  ======  =====================================================
what                          status  ``code``
============================  ======  =====================================================
input that cannot be used     400     ``bad_input``; ``faults`` has every place and sentence
not signed in                 401     ``not_authenticated``, ``authentication_failed``
no permission                 403     ``permission_denied``
not its hours or its address  403     ``S85-3``, ``S85-1``
not there, or out of scope    404     ``not_found``
rules refuse                  422     the rule ids; ``refusals`` has each rule and sentence
the body is too long          413     ``body_too_large``
the same key, another body    422     ``idempotency_key_reused``
too often                     429     ``throttled``, with Retry-After
============================  ======  =====================================================

``status`` is text because TM Forum's Error says so.
"""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from bss.kernel.errors import BadInputError
from bss.kernel.rulebook import RefusedError

CONTENT_TYPE = "application/problem+json"
log = logging.getLogger(__name__)


def problem(status: int, *, code: str, reason: str, message: str = "", **more: object) -> Response:
    """The response for one problem; ``more`` are members of its own kind."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": str(status),
        "detail": reason,
        "code": code,
        "reason": reason,
        "@type": "Error",
    }
    if message:
        body["message"] = message
    return Response({**body, **more}, status=status, content_type=CONTENT_TYPE)


def handle(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler: every error of an API view as a problem."""
    if isinstance(error, RefusedError):
        set_rollback()
        return refused(error)
    if isinstance(error, BadInputError):
        set_rollback()
        return bad_input(error)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    response = exception_handler(error, dict(context))
    if response is None or not isinstance(error, exceptions.APIException):
        return response
    answer = problem(response.status_code, code=_code_of(error), reason=_sentence_of(error))
    for header in ("WWW-Authenticate", "Allow", "Retry-After"):
        if header in response.headers:
            answer[header] = response[header]
    return answer


def refused(error: RefusedError) -> Response:
    """422 with every rule that refuses, in the caller's language."""
    lines = [
        {"rule": r.rule, "reason": _(r.sentence) % r.facts if r.facts else _(r.sentence)}
        for r in error.refusals
    ]
    return problem(
        422,
        code=",".join(error.rules),
        reason="；".join(line["reason"] for line in lines),
        message=_("业务规则不允许；按 refusals 中各条规则的说明处理后重新提交"),
        refusals=lines,
    )


def bad_input(error: BadInputError) -> Response:
    """400 with every place and what is wrong there."""
    lines = [{"place": place, "reason": _(sentence)} for place, sentence in error.faults]
    return problem(
        400,
        code="bad_input",
        reason="；".join(
            f"{line['place']}: {line['reason']}" if line["place"] else line["reason"]
            for line in lines
        ),
        faults=lines,
    )


def _code_of(error: exceptions.APIException) -> str:
    codes = error.get_codes()
    return codes if isinstance(codes, str) else "bad_input"


def _sentence_of(error: exceptions.APIException) -> str:
    if isinstance(error, exceptions.NotFound):
        return _("没有这个资源，或不在您的客户范围内")
    return str(error.detail)
