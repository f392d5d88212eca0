"""A person's word on a proposed class."""

from datetime import datetime

from django.db import transaction

from bss.kernel import audit
from bss.kernel.errors import BadInputError
from customers.batch.level_changes import move_members
from customers.models import LevelChange
from customers.queries.locked import lock_customer

DECIDED = "这项等级变更已经处理或失效，请刷新页面查看。"


@transaction.atomic
def decide_level(*, change_id: int, take: bool, note: str, at: datetime, by_id: int) -> LevelChange:
    """Take the proposed class over, or leave the customer as it is; then not asked again.

    Raises: BadInputError; LevelChange.DoesNotExist. Locks: the customer, then the change.
    """
    customer_id = LevelChange.objects.values_list("customer", flat=True).get(pk=change_id)
    lock_customer(customer_id)
    change: LevelChange = LevelChange.objects.select_for_update(of=("self",)).get(pk=change_id)
    if change.state != LevelChange.State.OPEN:
        raise BadInputError(("", DECIDED))
    if take:
        moves = [(customer_id, change.before_id, change.after_id)]
        move_members(moves, by_id=by_id, at=at, reason=note.strip()[:200])
    change.state = LevelChange.State.APPLIED if take else LevelChange.State.DECLINED
    change.decided_at, change.decided_by_id, change.note = at, by_id, note.strip()[:200]
    change.save(update_fields=["state", "decided_at", "decided_by", "note"])
    audit.record(
        action="customer.level_taken" if take else "customer.level_declined",
        subject=f"level_change:{change.pk}",
        customer_id=customer_id,
        staff_id=by_id,
        at=at,
        reason=change.note,
        detail={"before": change.before_id, "after": change.after_id},
    )
    return change
