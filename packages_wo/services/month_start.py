"""The 1st of a month for packages: what is due takes effect, once."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from bss.kernel.outbox import announce_many
from bss.kernel.periods import day_start
from packages_wo.batch.agenda import read_agenda
from packages_wo.batch.bundle_effects import EffectSheet
from packages_wo.batch.open_pools import open_pools
from packages_wo.batch.own_plans import apply_plan_changes
from packages_wo.batch.releases import release
from packages_wo.models import BundleChange
from packages_wo.queries.catalogue import catalogue_on
from packages_wo.queries.locked import lock_month_start
from packages_wo.rules.effects import Effect, MonthStartEffects

LOT = 500


@transaction.atomic
def apply_due(*, on: date) -> MonthStartEffects:
    """Apply everything due on or before this 1st, dated its 00:00; a second run changes nothing.

    In this order: single-user plan changes; endings and changes of bundles as they were ordered;
    openings likewise; then the month's pools.
    Source: EFF-5, CRD-4.
    Locks:  one month start at a time; the due rows, their bundles, their members.
    """
    lock_month_start()
    catalogue = catalogue_on(on)
    plan_changes = apply_plan_changes(on=on, catalogue=catalogue)
    agenda = read_agenda(on=on, catalogue=catalogue)
    release(agenda.lapsed, state=BundleChange.State.LAPSED)
    sheet = EffectSheet(agenda.events, on=on, catalogue=catalogue)
    done = tuple(sheet.enter(event) for event in agenda.events)
    sheet.write()
    announce_many("bundle.took_effect", _lots(done), at=day_start(on))
    return MonthStartEffects(
        effects=done,
        lapsed_order_refs=tuple(
            change.order_ref
            for change in agenda.lapsed
            if change.state == BundleChange.State.ACCEPTED
        ),
        plan_changes=plan_changes,
        pools_opened=open_pools(first_day=on),
    )


def _lots(done: Iterable[Effect]) -> list[dict[str, Any]]:
    """What took effect, in lots that a handler can take at once."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for effect in done:
        by_kind[effect.kind].append(effect.bundle_id)
    return [
        {"kind": kind, "bundle_ids": ids[first : first + LOT]}
        for kind, ids in by_kind.items()
        for first in range(0, len(ids), LOT)
    ]
