"""What a person says of a pair of customers."""

from datetime import datetime

from django.db import transaction

from bss.kernel import audit
from bss.kernel.errors import BadInputError
from customers.models import DuplicatePair

DECIDED = "这一对客户已经处理过，请刷新页面查看结果。"
NO_NOTE = "请写明依据，例如两张证件不是同一人。"


@transaction.atomic
def say_different(*, pair_id: int, note: str, at: datetime, by_id: int) -> DuplicatePair:
    """They are two customers: it is remembered, and not asked again.

    Raises: BadInputError; DuplicatePair.DoesNotExist. Locks: the pair.
    """
    pair: DuplicatePair = DuplicatePair.objects.select_for_update(of=("self",)).get(pk=pair_id)
    if not note.strip():
        raise BadInputError(("note", NO_NOTE))
    if pair.state != DuplicatePair.State.OPEN:
        raise BadInputError(("", DECIDED))
    pair.state = DuplicatePair.State.DIFFERENT
    pair.decided_at, pair.decided_by_id, pair.note = at, by_id, note.strip()[:200]
    pair.save(update_fields=["state", "decided_at", "decided_by", "note"])
    for customer_id in (pair.first_id, pair.second_id):
        audit.record(
            action="customer.not_a_duplicate",
            subject=f"duplicate_pair:{pair.pk}",
            customer_id=customer_id,
            staff_id=by_id,
            at=at,
            reason=pair.note,
        )
    return pair
