"""The tree of organisations with how many people work in each branch."""

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bss.identity.queries.staff_seen import visible_organisations
from bss.kernel.models import Organisation, Staff


def tree_of(viewer: Any) -> "QuerySet[Organisation]":
    """Organisations within reach with ``people``: who works there or anywhere beneath."""
    here = (
        Staff.objects.exclude(state=Staff.State.LEFT)
        .filter(organisation__path__startswith=OuterRef("path"))
        .order_by()
        .values(all_of_them=Count("pk") * 0)
        .annotate(people=Count("pk"))
        .values("people")
    )
    return (
        visible_organisations(viewer)
        .select_related("parent")
        .annotate(people=Coalesce(Subquery(here, output_field=IntegerField()), 0))
    )


def wanted(*, text: str = "", level: str = "", state: str = "") -> Q:
    """What the filters ask for."""
    asked = Q()
    if text := text.strip():
        asked &= Q(name__icontains=text) | Q(code__icontains=text)
    if level:
        asked &= Q(level=level)
    if state:
        asked &= Q(active=state == "active")
    return asked
