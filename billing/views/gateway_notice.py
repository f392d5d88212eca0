"""The open door for gateways: nobody signs in here, and only signatures are believed."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from billing.gateways.configured import gateway, offered
from billing.services import gateway_notices
from bss.kernel import clock
from bss.kernel.api.throttles import NoticeThrottle

BODY_AT_MOST = 65_536


@csrf_exempt
@login_not_required
@never_cache
@require_POST
def hear(request: HttpRequest, name: str) -> HttpResponse:
    """Give a notification to the service, and the gateway the answer that it expects."""
    throttle = NoticeThrottle()
    if not throttle.allow_request(request, None):  # type: ignore[arg-type]
        wait = int(throttle.wait() or 0) + 1
        return JsonResponse({"code": "FAIL"}, status=429, headers={"Retry-After": str(wait)})
    if name not in offered():
        return JsonResponse({"code": "FAIL"}, status=404)
    length = request.headers.get("Content-Length") or "0"
    if not length.isdecimal() or int(length) > BODY_AT_MOST:
        return JsonResponse({"code": "FAIL"}, status=413)
    try:
        body = request.body
    except RequestDataTooBig:
        return JsonResponse({"code": "FAIL"}, status=413)
    reply = gateway_notices.receive(
        gateway=gateway(name),
        headers=request.headers,
        body=body,
        at=clock.now(),
        now=clock.real_now(),
    )
    return HttpResponse(reply.body, status=reply.status, content_type=reply.content_type)
