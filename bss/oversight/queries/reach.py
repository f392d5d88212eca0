"""Whose requests a person decides: those of colleagues in the branch their role reaches."""

from bss.kernel.models import Staff
from bss.kernel.scope import in_place


def reaches_staff(decider: Staff, staff_id: int) -> bool:
    """Whether this colleague works in the branch where the decider decides. Source: S33-1."""
    reached = Staff.objects.filter(in_place(decider, permission="approval.decide"))
    return reached.filter(pk=staff_id).exists()
