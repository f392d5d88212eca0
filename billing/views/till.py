"""Where money is taken: the channel of the place where this person works (S85-2)."""

from typing import Any

from django.utils.translation import gettext_noop

from bss.kernel.errors import BadInputError
from channels.models import Channel

NO_CHANNEL = gettext_noop("您的工号没有所属渠道，不能收款。请管理员设置。")


def till_of(staff: Any) -> int:
    """The channel's id; a hall goes before the others of its place.

    Raises: BadInputError when the place has none.
    """
    if staff.organisation_id:
        found = Channel.objects.filter(organisation=staff.organisation_id, active=True)
        channels = sorted(found, key=lambda one: (one.kind != Channel.Kind.HALL, one.pk))
        if channels:
            return channels[0].pk
    raise BadInputError(("channel", NO_CHANNEL))
