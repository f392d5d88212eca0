"""What django and django-axes announce about failed sign-ins goes into the audit."""

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest

from bss.kernel import audit, clock
from bss.kernel.callers import address_of


def listen() -> None:
    user_login_failed.connect(_failed, dispatch_uid="audit of failed sign-ins")
    user_locked_out.connect(_locked, dispatch_uid="audit of locks")


def _failed(
    sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any
) -> None:
    number = str(credentials.get("username") or "")
    _record("sign_in.failed", number, address_of(request) if request else "")


def _locked(sender: Any, username: str | None = None, ip_address: str = "", **_: Any) -> None:
    _record("sign_in.locked", username or "", ip_address)


def _record(action: str, number: str, address: str) -> None:
    audit.record(
        action=action,
        subject=f"sign_in:{number[:60]}",
        at=clock.real_now(),
        detail={"username": number[:150], "address": address},
    )
