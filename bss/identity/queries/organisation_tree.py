"""The tree of organisations with how many people work in each branch."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    Count,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from bss.identity.queries.staff_seen import visible_organisations
from bss.kernel.models import Organisation, Staff

FROM_THE_TOP_DOWN = Cast(
    Func(Func(F("path"), Value("/"), function="btrim"), Value("/"), function="string_to_array"),
    ArrayField(BigIntegerField()),
)
"""The order of the tree: a path's ids as the numbers they are, the 9th before the 10th."""


def tree_of(viewer: Any) -> "QuerySet[Organisation]":
    """Organisations within reach, with their ``branch`` and how many ``people`` work in it."""
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
        .annotate(
            branch=FROM_THE_TOP_DOWN,
            people=Coalesce(Subquery(here, output_field=IntegerField()), 0),
        )
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
