"""Where an order comes from: the channel of the place where this person works (S85-2)."""

from typing import Any

from channels.models import Channel

Kind = Channel.Kind
PREFERRED = (Kind.HALL, Kind.ACCOUNT_MANAGER, Kind.HOTLINE, Kind.DEALER)


def source_of(staff: Any) -> int | None:
    """The channel that this person's orders come through; the service refuses None.

    A place with several (the province's own) is entered by the account managers' channel, or
    by that of its hall.
    """
    found = list(Channel.objects.filter(organisation=staff.organisation_id, active=True))
    order: dict[str, int] = {kind: place for place, kind in enumerate(PREFERRED)}
    found.sort(key=lambda channel: (order.get(channel.kind, len(order)), channel.pk))
    return found[0].pk if found and staff.organisation_id else None
