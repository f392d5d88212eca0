"""An interface that was opened is a source: its number becomes a channel (S85-2)."""

from datetime import datetime
from typing import Any, Final

from channels.models import Channel
from channels.services.channels import register_channel

KINDS: Final = {
    "bank": Channel.Kind.BANK,
    "agent_1": Channel.Kind.DEALER,
    "agent_2": Channel.Kind.DEALER,
    "hall": Channel.Kind.HALL,
    "website": Channel.Kind.ONLINE,
    "call_centre": Channel.Kind.HOTLINE,
}


def register_interface(
    *, at: datetime, number: str, name: str, kind: str, organisation_id: int, **_: Any
) -> None:
    """Handler of ``interface.opened``; handled twice, it does one thing."""
    register_channel(code=number, name=name, kind=KINDS[kind], organisation_id=organisation_id)
