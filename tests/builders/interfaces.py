"""Interface numbers, and the tokens that they get."""

from datetime import time
from typing import Any

from django.test import Client

from bss.identity.models import InterfaceNumber
from bss.identity.services.interfaces import Terms, open_interface
from bss.kernel.api.permissions import API_SCOPES
from bss.kernel.models import Organisation, Staff
from bss.kernel.periods import local_moment

OPENED = local_moment("2026-10-05T09:00")


def terms(responsible: Staff, **other: Any) -> Terms:
    """All scopes, all day, from anywhere."""
    return Terms(
        **{
            "name": "测试银行代收",
            "responsible_id": responsible.pk,
            "scopes": API_SCOPES,
            "days": range(7),
            "opens": time(0),
            "closes": time(0),
            "networks": (),
            **other,
        }
    )


def a_place(code: str = "HE01") -> Organisation:
    place, _ = Organisation.objects.get_or_create(
        code=code, defaults={"name": f"测试{code}", "level": Organisation.Level.CITY}
    )
    return place


def an_interface(
    responsible: Staff, *, kind: str = "bank", **other: Any
) -> tuple[InterfaceNumber, str]:
    """An open interface of this person's, and its secret."""
    return open_interface(
        kind=kind,
        organisation_id=a_place().pk,
        terms=terms(responsible, **other),
        at=OPENED,
        by_id=responsible.pk,
    )


def ask_token(interface: InterfaceNumber, secret: str, **more: str) -> Any:
    """What the token endpoint answers."""
    return Client().post(
        "/oauth/token",
        {
            "grant_type": "client_credentials",
            "client_id": interface.number,
            "client_secret": secret,
            **more,
        },
    )


def leaves(staff: Staff) -> None:
    """This person no longer works here."""
    Staff.objects.filter(pk=staff.pk).update(state=Staff.State.DISABLED, is_active=False)
    staff.refresh_from_db()
