"""The black and the red list: who is on it, why, and until when (CAN-6, CRD-3)."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from bss.kernel import audit
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.outbox import announce
from bss.kernel.periods import business_date
from customers.batch.moves import lift_blacklist_stops
from customers.models import Customer, Listing
from customers.queries.locked import lock_customer

NONE = Customer.Listed.NONE
NO_REASON = "请写明原因。"
ALREADY = "客户已在%(list)s中；要改变期限，请先移出，再列入。"
OTHER = "客户在%(list)s中；请先移出，再列入另一名单。"
NOT_LISTED = "客户不在名单中；请刷新页面查看。"
ENDS_IN_THE_PAST = "有效期至不能早于今天。"
EXPIRED = "到期自动移出"


@transaction.atomic
def put_on(
    *,
    customer_id: int,
    listed: str,
    reason: str,
    expires_on: date | None = None,
    at: datetime,
    by_id: int | None = None,
) -> Listing:
    """On the list from now on, until taken off or through ``expires_on``.

    Raises: BadInputError: no reason, an end that has passed, or on a list already.
    Locks:  the customer.
    """
    customer = lock_customer(customer_id)
    faults = []
    if not reason.strip():
        faults.append(("reason", NO_REASON))
    if expires_on is not None and expires_on < business_date(at):
        faults.append(("expires_on", ENDS_IN_THE_PAST))
    if faults:
        raise BadInputError(*faults)
    if customer.listed != NONE:
        sentence = ALREADY if customer.listed == listed else OTHER
        raise BadInputError(("listed", Sentence(sentence, list=customer.get_listed_display())))
    _become(customer, listed, reason=reason, expires_on=expires_on, at=at, by_id=by_id)
    return Listing.objects.get(customer=customer, valid_until__isnull=True)


@transaction.atomic
def take_off(*, customer_id: int, reason: str, at: datetime, by_id: int | None = None) -> None:
    """Off whichever list it is on; off the black one its stops end at once (CAN-6).

    Raises: BadInputError: no reason, or on no list. Locks: the customer.
    """
    customer = lock_customer(customer_id)
    if not reason.strip():
        raise BadInputError(("reason", NO_REASON))
    if customer.listed == NONE:
        raise BadInputError(("", NOT_LISTED))
    _become(customer, NONE, reason=reason, expires_on=None, at=at, by_id=by_id)


@transaction.atomic
def list_customer(
    *, customer_id: int, listed: str, reason: str, at: datetime, by_id: int | None = None
) -> Customer:
    """From whatever list it is on to this one, or to none.

    Raises: BadInputError: there is no such list. Locks: the customer.
    """
    if listed not in Customer.Listed.values:
        raise BadInputError(
            ("listed", Sentence("名单应为 %(kinds)s。", kinds=", ".join(Customer.Listed.values)))
        )
    customer = lock_customer(customer_id)
    _become(customer, listed, reason=reason, expires_on=None, at=at, by_id=by_id)
    return customer


def end_expired(*, at: datetime) -> int:
    """Take off whose last day has passed; how many. Each in a transaction of its own."""
    open_ones = Listing.objects.filter(valid_until__isnull=True, expires_on__lt=business_date(at))
    due = open_ones.filter(customer__merged_into__isnull=True).order_by("customer_id")
    keys = list(due.values_list("customer_id", flat=True))
    return sum(_end_expired(customer_id=key, at=at) for key in keys)


@transaction.atomic
def _end_expired(*, customer_id: int, at: datetime) -> bool:
    """Whether it still was to be done: somebody may have been there first."""
    customer = lock_customer(customer_id)
    open_one = Listing.objects.filter(customer=customer, valid_until__isnull=True).first()
    if open_one is None or open_one.expires_on is None or open_one.expires_on >= business_date(at):
        return False
    _become(customer, NONE, reason=EXPIRED, expires_on=None, at=at, by_id=None)
    return True


def begin(
    kinds: Mapping[int, str], *, reasons: Mapping[int, str], at: datetime, by_id: int | None
) -> None:
    """The records of many customers that are on a list from now on; the caller holds them."""
    end(list(kinds), reason="", at=at, by_id=by_id)
    Listing.objects.bulk_create(
        Listing(
            customer_id=customer_id,
            kind=kind,
            reason=reasons[customer_id][:200],
            valid_from=at,
            listed_by_id=by_id,
        )
        for customer_id, kind in kinds.items()
    )


def end(customer_ids: list[int], *, reason: str, at: datetime, by_id: int | None) -> None:
    """Their records end; whatever list they were on."""
    Listing.objects.filter(customer__in=customer_ids, valid_until__isnull=True).update(
        valid_until=at, ended_because=reason.strip()[:200], ended_by=by_id
    )


def _become(
    customer: Customer,
    listed: str,
    *,
    reason: str,
    expires_on: date | None,
    at: datetime,
    by_id: int | None,
) -> None:
    before = customer.listed
    customer.listed = listed
    customer.listed_reason = "" if listed == NONE else reason.strip()[:200]
    customer.save(update_fields=["listed", "listed_reason"])
    end([customer.pk], reason=reason, at=at, by_id=by_id)
    if listed != NONE:
        Listing.objects.create(
            customer=customer,
            kind=listed,
            reason=reason.strip()[:200],
            expires_on=expires_on,
            valid_from=at,
            listed_by_id=by_id,
        )
    if before == Customer.Listed.BLACK != listed:
        lift_blacklist_stops(owner_id=customer.pk, at=at)
    audit.record(
        action="customer.list",
        subject=f"customer:{customer.pk}",
        customer_id=customer.pk,
        staff_id=by_id,
        at=at,
        reason=reason,
        detail={"before": before, "after": listed, "expires_on": str(expires_on or "")},
    )
    announce("customer.listed", {"customer_id": customer.pk, "listed": listed}, at=at)
