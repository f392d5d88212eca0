"""Who is signed in, where, since when."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from bss.identity.models import WorkSession


def running(*, at: datetime) -> QuerySet[WorkSession]:
    """Sessions that a request could still use at this moment of the wall clock."""
    return WorkSession.objects.filter(
        ended_at__isnull=True, idle_until__gt=at, ends_at__gt=at
    ).select_related("staff", "staff__organisation")


def running_of(staff: Any, *, at: datetime) -> QuerySet[WorkSession]:
    return running(at=at).filter(staff=staff)
