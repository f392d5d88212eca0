"""An interface number's life: opened, changed, closed, opened again; its secret shown once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction
from oauth2_provider.models import AccessToken, Application

from bss.identity.models import InterfaceNumber
from bss.identity.queries.interfaces import lock_interface, numbers_of, responsible_staff
from bss.identity.rules import interface_numbers
from bss.kernel import access, audit, outbox
from bss.kernel.errors import BadInputError
from bss.kernel.models import Organisation
from bss.kernel.rulebook import refuse_if_any

SECRET_BYTES = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an interface may do, when and whence, and who answers for it."""

    name: str
    responsible_id: int
    scopes: Sequence[str]
    days: Sequence[int]
    opens: time
    closes: time
    networks: Sequence[str]


@transaction.atomic
def open_interface(
    *, kind: str, organisation_id: int, terms: Terms, at: datetime, by_id: int
) -> tuple[InterfaceNumber, str]:
    """Open an interface; gives it and its secret, which nobody can read again.

    Source: S85-1.
    Locks:  the organisation, so that two never get one number.
    Raises: RefusedError; BadInputError when the place's code is too long for a number.
    """
    place = Organisation.objects.select_for_update().get(pk=organisation_id)
    _check(terms)
    taken = numbers_of(kind=kind, organisation_id=organisation_id)
    number = interface_numbers.number_of(
        kind=kind, place=place.code, serial=interface_numbers.next_serial(taken)
    )
    if len(number) > interface_numbers.NUMBER_AT_MOST:
        raise BadInputError(("organisation", interface_numbers.TOO_LONG % {"place": place.code}))
    secret = secrets.token_urlsafe(SECRET_BYTES)
    interface = InterfaceNumber.objects.create(
        number=number,
        kind=kind,
        organisation=place,
        application=Application.objects.create(
            client_id=number,
            client_secret=secret,
            name=terms.name,
            client_type=Application.CLIENT_CONFIDENTIAL,
            authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
        ),
        opened_at=at,
        **_fields(terms),
    )
    _record("interface.opened", interface, at=at, by_id=by_id)
    outbox.announce(
        "interface.opened",
        {
            "number": number,
            "name": terms.name,
            "kind": kind,
            "organisation_id": organisation_id,
        },
        at=at,
    )
    return interface, secret


@transaction.atomic
def change_interface(
    *, interface_id: int, terms: Terms, at: datetime, by_id: int
) -> InterfaceNumber:
    """Change what an interface may do; tokens already given have the new bounds at once.

    Locks: the interface. Raises: RefusedError.
    """
    interface = lock_interface(interface_id)
    _check(terms)
    for name, value in _fields(terms).items():
        setattr(interface, name, value)
    interface.save()
    _record("interface.changed", interface, at=at, by_id=by_id)
    return interface


@transaction.atomic
def close_interface(*, interface_id: int, reason: str, at: datetime, by_id: int) -> InterfaceNumber:
    """Close an interface: its tokens stop at once. Locks: the interface."""
    interface = lock_interface(interface_id)
    interface.close(at=at)
    interface.save()
    _end_tokens(interface)
    _record("interface.closed", interface, at=at, by_id=by_id, reason=reason)
    return interface


@transaction.atomic
def reopen_interface(*, interface_id: int, at: datetime, by_id: int) -> InterfaceNumber:
    """Open it again, with its secret as it was. Locks: the interface. Raises: RefusedError."""
    interface = lock_interface(interface_id)
    _check(_terms_of(interface))
    interface.reopen()
    interface.save()
    _record("interface.reopened", interface, at=at, by_id=by_id)
    return interface


@transaction.atomic
def rotate_secret(*, interface_id: int, at: datetime, by_id: int) -> str:
    """A new secret; the old one and all tokens got with it stop at once. Locks: the interface."""
    interface = lock_interface(interface_id)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    interface.application.client_secret = secret
    interface.application.save(update_fields=["client_secret", "updated"])
    _end_tokens(interface)
    _record("interface.secret_rotated", interface, at=at, by_id=by_id)
    return secret


def give_to(interface: InterfaceNumber, *, staff_id: int, at: datetime, by_id: int | None) -> None:
    """Another answers for it from now on; the caller holds its lock."""
    interface.responsible_id = staff_id
    interface.save(update_fields=["responsible"])
    _record("interface.handed_over", interface, at=at, by_id=by_id)


def _check(terms: Terms) -> None:
    staff = responsible_staff(terms.responsible_id)
    refuse_if_any(
        interface_numbers.refusals_of_responsible(
            name=staff.display_name,
            works_here=staff.is_active,
            permissions=access.permissions_of(staff),
            scopes=terms.scopes,
        )
    )


def _fields(terms: Terms) -> dict[str, object]:
    return {
        "name": terms.name,
        "responsible_id": terms.responsible_id,
        "scopes": sorted(terms.scopes),
        "days": sorted(terms.days),
        "opens": terms.opens,
        "closes": terms.closes,
        "networks": list(terms.networks),
    }


def _terms_of(interface: InterfaceNumber) -> Terms:
    return Terms(
        name=interface.name,
        responsible_id=interface.responsible_id,
        scopes=interface.scopes,
        days=interface.days,
        opens=interface.opens,
        closes=interface.closes,
        networks=interface.networks,
    )


def _end_tokens(interface: InterfaceNumber) -> None:
    AccessToken.objects.filter(application=interface.application_id).delete()


def _record(
    action: str,
    interface: InterfaceNumber,
    *,
    at: datetime,
    by_id: int | None,
    reason: str = "",
) -> None:
    terms = _fields(_terms_of(interface)) | {
        "opens": f"{interface.opens:%H:%M}",
        "closes": f"{interface.closes:%H:%M}",
    }
    audit.record(
        action=action,
        subject=f"interface:{interface.number}",
        at=at,
        staff_id=by_id,
        reason=reason,
        detail=terms,
    )
