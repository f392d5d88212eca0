"""Wrong codes and passkeys count with wrong passwords; a right code works once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.signals import user_login_failed
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest


@contextmanager
def counted(request: HttpRequest, staff: Any) -> Iterator[None]:
    """Try a proof of this person: refused while locked, and a failure counts.

    Raises: ValidationError, the proof's own or the same for a locked-out pair.
    """
    credentials = {"username": staff.get_username()}
    if not AxesProxyHandler.is_allowed(request, credentials):
        request.axes_locked_out = True  # type: ignore[attr-defined]
        request.axes_credentials = credentials  # type: ignore[attr-defined]
        raise get_adapter().validation_error("incorrect_code")
    try:
        yield
    except ValidationError:
        user_login_failed.send(sender=__name__, credentials=credentials, request=request)
        raise


def forgive(request: HttpRequest, staff: Any) -> None:
    """The right proof was given: earlier failures from here no longer count."""
    AxesProxyHandler.update_request(request)
    AxesProxyHandler.reset_attempts(
        username=staff.get_username(),
        ip_address=request.axes_ip_address,  # type: ignore[attr-defined]
    )


def use_once(staff: Any, code: str) -> None:
    """Take a code out of use for as long as it would be right.

    Raises: ValidationError, when it was used before.
    """
    valid_s = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
    key = f"identity.code:{staff.pk}:{''.join(code.split())}"
    if not cache.add(key, "used", timeout=valid_s):
        raise get_adapter().validation_error("incorrect_code")
