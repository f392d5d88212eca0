"""``/oauth/token``: an interface number and its secret give a token for an hour."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.oauth2_backends import OAuthLibCore
from oauth2_provider.views import RevokeTokenView, TokenView

from bss.kernel.api.throttles import TokenThrottle
from bss.kernel.callers import address_of


class Core(OAuthLibCore):
    """What oauthlib is told of a request: its headers, and from which address it came."""

    def extract_headers(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().extract_headers(request), "caller": address_of(request)}


class Guarded:
    """Slow to guess at, and what cannot be read is an error of the caller (RFC 6749, 5.2)."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        throttle = TokenThrottle()
        if not throttle.allow_request(request, self):  # type: ignore[arg-type]
            wait = int(throttle.wait() or 0) + 1
            return JsonResponse(
                {"error": "temporarily_unavailable"}, status=429, headers={"Retry-After": str(wait)}
            )
        try:
            answer: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        except ValueError:
            return JsonResponse({"error": "invalid_request"}, status=400)
        return answer


for_machines = method_decorator([csrf_exempt, login_not_required, never_cache], name="dispatch")


@for_machines
class TokenEndpoint(Guarded, TokenView):
    """Client credentials in, an access token out."""


@for_machines
class RevokeEndpoint(Guarded, RevokeTokenView):
    """RFC 7009: an interface gives a token of its own back."""
