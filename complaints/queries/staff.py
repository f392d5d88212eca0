"""Who can be given a case."""

from django.db.models import QuerySet

from bss.kernel.models import Staff


def handlers() -> QuerySet[Staff]:
    """Active staff whose roles carry ``case.handle``, by name."""
    return (
        Staff.objects.filter(is_active=True, roles__permissions__contains=["case.handle"])
        .distinct()
        .order_by("display_name", "username")
    )
