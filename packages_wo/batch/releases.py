"""Changes that will never act let go of whom they locked."""

from collections.abc import Iterable

from packages_wo.models import BundleChange, Membership


def release(changes: Iterable[BundleChange], *, state: str) -> None:
    """Mark the changes and cancel the pending memberships they had made. Source: CHG-4, EFF-6."""
    released = [change.pk for change in changes]
    if not released:
        return
    BundleChange.objects.filter(pk__in=released).update(state=state)
    Membership.objects.filter(change__in=released, state=Membership.State.PENDING).update(
        state=Membership.State.CANCELLED
    )
