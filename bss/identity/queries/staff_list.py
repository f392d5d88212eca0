"""Main accounts as the list and its export show them."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet

from bss.identity.queries.staff_seen import visible_staff
from bss.identity.second_factors import FACTORS
from bss.kernel.models import Organisation, Staff


def listed_staff(viewer: Any) -> "QuerySet[Staff]":
    """Staff within reach with place, roles and ``has_second_factor``; two queries a page."""
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
    return (
        visible_staff(viewer)
        .select_related("organisation")
        .prefetch_related("roles")
        .annotate(has_second_factor=Exists(factors))
    )


def wanted(
    *, text: str = "", place: Organisation | None = None, role: str = "", state: str = ""
) -> Q:
    """What the filters ask for. ``place`` stands for all beneath it too."""
    asked = Q()
    if text := text.strip():
        asked &= Q(username__icontains=text) | Q(display_name__icontains=text)
    if place is not None:
        asked &= Q(organisation__path__startswith=place.path)
    if role:
        asked &= Q(pk__in=Staff.objects.filter(roles__code=role).values("pk"))
    if state == "idle":
        asked &= Q(idle_warned_at__isnull=False, is_active=True)
    elif state:
        asked &= Q(state=state)
    return asked
