"""Placing and lifting legal holds."""

from datetime import date, datetime

from django.db import transaction

from bss.kernel import audit
from bss.kernel.errors import BadInputError
from bss.kernel.periods import business_date
from customers.models import LegalHold
from customers.queries.locked import lock_customer

NO_REASON = "请写明保留的依据，例如案号或来函编号。"
IN_THE_PAST = "保留期限不能早于今天。"
NOT_THERE = "这条法律保留已经解除。"


@transaction.atomic
def place_hold(
    *, customer_id: int, reason: str, until: date | None, at: datetime, by_id: int | None
) -> LegalHold:
    """From now on nothing of this customer is erased, by wish or by period.

    Raises: BadInputError; Customer.DoesNotExist.
    """
    if not reason.strip():
        raise BadInputError(("reason", NO_REASON))
    if until is not None and until < business_date(at):
        raise BadInputError(("until", IN_THE_PAST))
    customer = lock_customer(customer_id)
    hold = LegalHold.objects.create(
        customer=customer,
        reason=reason.strip()[:200],
        until=until,
        placed_at=at,
        placed_by_id=by_id,
    )
    _record("customer.hold", hold, at=at, by_id=by_id)
    return hold


@transaction.atomic
def lift_hold(*, hold_id: int, at: datetime, by_id: int | None) -> LegalHold:
    """The reason to keep is gone. Raises: BadInputError; LegalHold.DoesNotExist."""
    hold = LegalHold.objects.select_for_update().get(pk=hold_id)
    if hold.lifted_at is not None:
        raise BadInputError(("", NOT_THERE))
    hold.lifted_at, hold.lifted_by_id = at, by_id
    hold.save(update_fields=["lifted_at", "lifted_by"])
    _record("customer.hold_lifted", hold, at=at, by_id=by_id)
    return hold


def _record(action: str, hold: LegalHold, *, at: datetime, by_id: int | None) -> None:
    audit.record(
        action=action,
        subject=f"legal_hold:{hold.pk}",
        customer_id=hold.customer_id,
        staff_id=by_id,
        at=at,
        reason=hold.reason,
        detail={"until": str(hold.until or "")},
    )
