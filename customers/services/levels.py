"""The thresholds of VIP and group classes are data; a change holds from the next grading on."""

from datetime import datetime

from django.db import transaction

from bss.kernel import audit
from bss.kernel.errors import BadInputError
from customers.models import ClassLevel

NO_THRESHOLD = "请至少填写一个门槛：月均帐单或话机数。"
CHANGED = ("monthly_fen", "monthly_included", "phones", "phones_included", "automatic")


@transaction.atomic
def change_level(
    *,
    class_id: int,
    monthly_fen: int | None,
    monthly_included: bool,
    phones: int | None,
    phones_included: bool,
    automatic: bool,
    at: datetime,
    by_id: int,
) -> ClassLevel:
    """Other thresholds. Raises: BadInputError; ClassLevel.DoesNotExist. Locks: the level."""
    if monthly_fen is None and phones is None:
        raise BadInputError(("", NO_THRESHOLD))
    level: ClassLevel = ClassLevel.objects.select_for_update().get(customer_class=class_id)
    before = {name: getattr(level, name) for name in CHANGED}
    level.monthly_fen, level.monthly_included = monthly_fen, monthly_included
    level.phones, level.phones_included = phones, phones_included
    level.automatic = automatic
    level.save(update_fields=CHANGED)
    audit.record(
        action="customer_class.set_level",
        subject=f"customer_class:{class_id}",
        at=at,
        staff_id=by_id,
        detail={"before": before, "after": {name: getattr(level, name) for name in CHANGED}},
    )
    return level
