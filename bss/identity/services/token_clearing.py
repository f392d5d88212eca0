"""Tokens that ended long ago are forgotten: they open nothing and say little."""

from datetime import datetime, timedelta

from django.db import transaction
from oauth2_provider.models import AccessToken

from bss.identity.models import PersonalToken

# An interface asks for a token every hour; a person should still see that theirs has ended.
ACCESS_KEPT = timedelta(days=1)
PERSONAL_KEPT = timedelta(days=30)


@transaction.atomic
def clear_tokens(*, now: datetime) -> int:
    """Delete what ended before; gives how many. ``now`` is real time, as the tokens' ends are."""
    gone, _ = AccessToken.objects.filter(expires__lt=now - ACCESS_KEPT).delete()
    old, _ = PersonalToken.objects.filter(expiry__lt=now - PERSONAL_KEPT).delete()
    return gone + old
