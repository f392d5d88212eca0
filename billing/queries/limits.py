"""Who may move how much money by hand: the operator's table, by the person's roles."""

from django.conf import settings

from billing.rules.limits import EVERYTHING, Limit, limit_of
from bss.kernel.models import Staff

ACTS = ("reversal", "refund", "transfer", "adjustment", "write_off")


def limit_for(act: str, staff_id: int | None) -> Limit:
    """The person's limit for one of ``ACTS``; the house's own jobs have none."""
    if staff_id is None:
        return EVERYTHING
    staff = Staff.objects.get(pk=staff_id)
    if staff.is_superuser:
        return EVERYTHING
    roles = set(staff.roles.values_list("code", flat=True))
    return limit_of(settings.MONEY_LIMITS[act], roles)
