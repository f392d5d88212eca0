"""The locks of this app, always taken in the order of primary keys, after those of customers."""

from collections.abc import Iterable

from django.db import connection

from bss.kernel.any_of import AnyOf
from packages_wo.models import Bundle

CATALOGUE_LOCK = 0x77_6F_01
MONTH_START_LOCK = 0x77_6F_02


def lock_bundles(bundle_ids: Iterable[int]) -> dict[int, Bundle]:
    """The bundles, locked, by id."""
    found = Bundle.objects.select_for_update().filter(AnyOf("id", bundle_ids)).order_by("pk")
    return {bundle.pk: bundle for bundle in found}


def hold_bundles(bundle_ids: Iterable[int]) -> list[int]:
    """The same lock for those who need no more of them than their keys."""
    found = Bundle.objects.select_for_update().filter(AnyOf("id", bundle_ids))
    return list(found.order_by("pk").values_list("pk", flat=True))


def lock_bundle(bundle_id: int) -> Bundle:
    """Raises: Bundle.DoesNotExist."""
    bundle: Bundle = Bundle.objects.select_for_update().get(pk=bundle_id)
    return bundle


def lock_catalogue() -> None:
    """One loader at a time, until the end of the transaction."""
    _lock(CATALOGUE_LOCK)


def lock_month_start() -> None:
    """One month start at a time, until the end of the transaction."""
    _lock(MONTH_START_LOCK)


def _lock(key: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
