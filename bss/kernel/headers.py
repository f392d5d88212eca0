"""The security headers that Django does not set by itself, on every answer."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

# Features that browsers know, or they complain: no page asks for a sensor, a payment, a position.
PERMISSIONS: Final = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "display-capture", "geolocation", "gyroscope", "hid", "magnetometer",
        "microphone", "midi", "payment", "serial", "usb",
    )
)  # fmt: skip
OURS: Final = {
    "Permissions-Policy": PERMISSIONS,
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}


class SecurityHeaders:
    """Every answer has them; what shows anything of the house to someone is never kept.

    A page or file of the interface may say for itself how it may be kept.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        for name, value in OURS.items():
            answer.headers.setdefault(name, value)
        if "ETag" in answer.headers:
            answer.headers.setdefault("Cache-Control", "private, no-cache")
        answer.headers.setdefault("Cache-Control", "private, no-store")
        return answer
