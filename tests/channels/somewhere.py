"""Channels for tests: a city, a hall in it, and moments to sell at."""

from datetime import datetime

from bss.kernel.models import Organisation
from bss.kernel.periods import local_moment
from channels.models import Channel
from channels.services import channels

NOON: datetime = local_moment("2026-10-15T12:00")


def an_organisation(*, code: str = "BJ-01", name: str = "北京朝阳营业厅") -> Organisation:
    found, _ = Organisation.objects.get_or_create(
        code=code, defaults={"name": name, "level": "hall", "area": "010"}
    )
    return found


def a_channel(
    *, code: str = "HALL-01", name: str = "朝阳营业厅", kind: str = "hall", active: bool = True
) -> Channel:
    channel = channels.register_channel(
        code=code, name=name, kind=kind, organisation_id=an_organisation().pk
    )
    return channel if active else channels.set_active(channel_id=channel.pk, active=False)
