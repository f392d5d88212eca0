"""``Idempotency-Key``: a POST that is sent again answers as the first time and does nothing.

The key belongs to the path and the caller: an interface, or one of a person's programs. A refused
or faulty request leaves no trace, so that it can be mended and sent again under its key.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from bss.kernel.api.problems import problem
from bss.kernel.api.source import source_of
from bss.kernel.errors import BadInputError
from bss.kernel.models.api_call import ApiCall

HEADER = "Idempotency-Key"
KEY_AT_MOST = 120


def once(request: Request, work: Callable[[], Response], *, at: datetime) -> Response:
    """Do the work, once per key; without a key every request is its own.

    Two at the same moment: the second waits for the first and then repeats its answer. Another
    body under the same key is a mistake of the caller: 422.
    Locks: the call's row.
    """
    key = request.headers.get(HEADER, "").strip()
    if not key:
        with transaction.atomic():
            return work()
    if len(key) > KEY_AT_MOST:
        raise BadInputError((HEADER, _("幂等键最长 120 个字符")))
    digest = _digest(request.data)
    with transaction.atomic():
        named = {
            "staff_id": request.user.pk,
            "caller": _caller(request),
            "path": request.path,
            "key": key,
        }
        ApiCall.objects.bulk_create([ApiCall(**named, digest=digest, at=at)], ignore_conflicts=True)
        call = ApiCall.objects.select_for_update().get(**named)
        if call.digest != digest:
            return problem(
                422,
                code="idempotency_key_reused",
                reason=_("这个幂等键已用于另一个内容不同的请求，请换一个新的键"),
            )
        if call.status is not None:
            return _again(call)
        response = work()
        call.status = response.status_code
        call.body = json.loads(json.dumps(response.data))
        call.location = response.headers.get("Location", "")
        call.save(update_fields=["status", "body", "location"])
        return response


def _caller(request: Request) -> str:
    source = source_of(request)
    return source.caller if source else ""


def _again(call: ApiCall) -> Response:
    response = Response(call.body, status=call.status)
    if call.location:
        response["Location"] = call.location
    response["Idempotent-Replayed"] = "true"
    return response


def _digest(body: object) -> str:
    canonical = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
