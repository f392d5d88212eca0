"""The terms of bundles, many at once: those that end and those that follow."""

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path

from django.db import connection

from bss.kernel.any_of import AnyOf
from packages_wo.models import BundleTerm
from packages_wo.rules.allowances import Allowance

ENTER_TERMS = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


def close_terms(*, bundle_ids: Collection[int], first_day: date) -> None:
    """The terms of these bundles end with the day before this one."""
    in_force = BundleTerm.objects.filter(valid_until__isnull=True)
    in_force.filter(AnyOf("bundle", bundle_ids)).update(valid_until=first_day)


def enter_terms(allowances: Mapping[int, Allowance], *, first_day: date) -> None:
    """From this day on each bundle is what its change leads to, with these minutes.

    Shape: ``allowances`` by the change's id.
    """
    if not allowances:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            ENTER_TERMS,
            {
                "changes": list(allowances),
                "minutes": [given.minutes for given in allowances.values()],
                "vpn_minutes": [given.vpn_minutes for given in allowances.values()],
                "first_day": first_day,
            },
        )
