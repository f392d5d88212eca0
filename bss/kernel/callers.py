"""From where a request came."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest

LOCAL: Final = "127.0.0.1"


def address_of(request: HttpRequest) -> str:
    """The caller's address.

    What a proxy wrote is believed only as far as ``PROXIES`` of our own stand in front: anyone
    can send the header, but only its last entries were written by us.
    """
    own = settings.PROXIES
    written = [one.strip() for one in request.headers.get("x-forwarded-for", "").split(",")]
    if own > 0 and len(written) >= own and written[-own]:
        return str(written[-own])
    return str(request.META.get("REMOTE_ADDR") or LOCAL)
