"""Who can be given a case."""

from django.db.models import QuerySet

from bss.kernel.grants import holders_of
from bss.kernel.models import Staff


def handlers() -> QuerySet[Staff]:
    """Active staff whose roles carry ``case.handle``, by name."""
    return holders_of("case.handle").order_by("display_name", "username")
