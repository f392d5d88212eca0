"""Channels by their name or code."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from bss.desk.search import Group, Hit
from bss.kernel import access
from bss.kernel.scope import in_place
from channels.models import Channel


def find_channels(text: str, staff: Any, limit: int) -> Group | None:
    """The channels that contain the text, for those who may see channels."""
    if not access.admit(staff, "channel.view"):
        return None
    rows = Channel.objects.filter(in_place(staff)).filter(
        Q(name__icontains=text) | Q(code__icontains=text)
    )
    found = list(rows.order_by("name", "id")[: limit + 1])
    return Group(
        title=_("渠道"),
        hits=tuple(
            Hit(
                title=channel.name,
                url=reverse("channels:channel", args=[channel.code]),
                detail=channel.code,
                icon="channel",
                exact=channel.code == text.upper(),
            )
            for channel in found[:limit]
        ),
        more_url=f"{reverse('channels:list')}?{urlencode({'q': text})}"
        if len(found) > limit
        else "",
    )
