"""Cases that somebody is working on, when that person moves or leaves."""

from datetime import datetime

from django.db.models import Q

from complaints.models import Case
from complaints.services.handling import dispatch_many

_IN_HAND = Q(state__in=(Case.State.ACCEPTED, Case.State.DISPATCHED))


def count_cases(handler_id: int) -> int:
    """How many open cases wait for this person's work."""
    return Case.objects.filter(_IN_HAND, handler=handler_id).count()


def hand_over_cases(*, from_id: int, to_id: int, at: datetime, by_id: int | None) -> int:
    """Dispatch all of them to another; how many. The owner stays who they were (CARE-3)."""
    keys = list(Case.objects.filter(_IN_HAND, handler=from_id).values_list("pk", flat=True))
    return len(dispatch_many(case_ids=keys, handler_id=to_id, at=at, by_id=by_id).done)
