"""Bundles that change with November: a larger tier, ordered and complete in October."""

from bss.kernel.periods import local_moment
from packages_wo.models import Bundle
from packages_wo.rules.requests import ChangeBundle
from packages_wo.services import bundles

CHANGED_AT = local_moment("2026-10-10T10:00")


def order_changes(*, at_most: int | None = None) -> None:
    """Every bundle there is, or the first so many, goes to tier 206."""
    for bundle in Bundle.objects.order_by("pk")[:at_most]:
        request = ChangeBundle(bundle_id=bundle.pk, tier=206)
        order_ref = f"change-{bundle.code}"
        bundles.accept_change(request=request, order_ref=order_ref, at=CHANGED_AT)
        bundles.schedule(order_ref=order_ref, completed_at=CHANGED_AT)
