"""The register of channels, and the source that every order and payment must have."""

from django.db import transaction

from bss.kernel.rulebook import refuse_if_any
from channels.models import Channel
from channels.rules.sources import refusals_of_source


def the_channel(code: str | None) -> Channel:
    """The active channel of this interface number.

    Source: S85-2.
    Raises: RefusedError when none is given, it is not registered, or it is closed.
    """
    found = Channel.objects.filter(code=code).first() if code else None
    refuse_if_any(
        refusals_of_source(
            code=code,
            name=found.name if found else None,
            active=found.active if found else None,
        )
    )
    assert found is not None
    return found


def require_source(*, channel_id: int | None) -> Channel:
    """The active channel with this key, for services that were given one.

    Source: S85-2.
    Raises: RefusedError as ``the_channel``.
    """
    found = Channel.objects.filter(pk=channel_id).first() if channel_id else None
    refuse_if_any(
        refusals_of_source(
            code=found.code if found else str(channel_id or ""),
            name=found.name if found else None,
            active=found.active if found else None,
        )
    )
    assert found is not None
    return found


@transaction.atomic
def register_channel(*, code: str, name: str, kind: str, organisation_id: int) -> Channel:
    """Put a channel into the register; the same code again corrects its name and place."""
    channel, _ = Channel.objects.update_or_create(
        code=code, defaults={"name": name, "kind": kind, "organisation_id": organisation_id}
    )
    return channel


@transaction.atomic
def set_active(*, channel_id: int, active: bool) -> Channel:
    """Open or close a channel; what it sold and took stays. Raises: Channel.DoesNotExist."""
    channel = Channel.objects.select_for_update().get(pk=channel_id)
    channel.active = active
    channel.save(update_fields=["active"])
    return channel
