"""Whose requests a person decides: those of colleagues in the branch their role reaches."""

from collections.abc import Collection

from bss.kernel.models import Staff
from bss.kernel.scope import in_place


def reached_staff(decider: Staff, staff_ids: Collection[int]) -> set[int]:
    """Which of these colleagues work in the branch where the decider decides. Source: S33-1."""
    reached = Staff.objects.filter(in_place(decider, permission="approval.decide"))
    return set(reached.filter(pk__in=staff_ids).values_list("pk", flat=True))
