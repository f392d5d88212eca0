"""Which pairs of staff number and address are locked now."""

from datetime import datetime

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery, Sum


def locked_pairs(*, at: datetime) -> QuerySet[AccessAttempt]:
    """One row per locked pair, its latest failure, with ``failures`` in all.

    Source: the limit and the time are django-axes' own (``settings.AXES_…``).
    """
    recent = AccessAttempt.objects.filter(attempt_time__gte=at - settings.AXES_COOLOFF_TIME)
    same = recent.filter(username=OuterRef("username"), ip_address=OuterRef("ip_address"))
    total = (
        same.order_by()
        .values("username", "ip_address")
        .annotate(total=Sum("failures_since_start"))
        .values("total")
    )
    latest = same.order_by("-attempt_time", "-pk").values("pk")[:1]
    return recent.annotate(failures=Subquery(total), latest=Subquery(latest)).filter(
        failures__gte=settings.AXES_FAILURE_LIMIT, pk=Subquery(latest)
    )
