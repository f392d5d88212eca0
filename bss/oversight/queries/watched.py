"""Audit entries as the pre-warning rules see them, in the order of the chain."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from bss.kernel.models import AuditEntry, AuditLink
from bss.kernel.periods import BUSINESS_ZONE
from bss.oversight.models import RelativeNumber, WatchSetting
from bss.oversight.rules.prewarning import DEFAULTS, Event, Limits, Rule, What
from complaints.models import Case
from customers.models import Contact, Customer, Subscription
from orders.models import Order

WORK_WITHIN = timedelta(days=30)
"""An order accepted, or a case worked on, so shortly before explains a look at the customer."""

READ = Q(kind=AuditEntry.Kind.READ) | Q(action="customer.reveal")
EXPORTED = Q(action__in=("list.export", "audit.export"))
FAILED_SIGN_IN = Q(action="sign_in.failed")
Pair = tuple[int | None, int | None]
"""A person and a customer."""

WATCHED = READ | EXPORTED | FAILED_SIGN_IN


def limits_in_force() -> dict[Rule, Limits]:
    """Each rule's limits: the newest version, or what the product ships."""
    newest = WatchSetting.objects.order_by("rule", "-id").distinct("rule")
    found = {
        Rule(row.rule): Limits(
            threshold=row.threshold,
            window_minutes=row.window_minutes,
            from_time=row.from_time,
            until_time=row.until_time,
            active=row.active,
        )
        for row in newest
    }
    return {rule: found.get(rule, DEFAULTS[rule]) for rule in Rule}


def newly_sealed(*, after: int, until: int) -> list[AuditEntry]:
    """What the rules look at in this part of the chain."""
    links = AuditLink.objects.filter(seq__gt=after, seq__lte=until).values("entry_id")
    return list(AuditEntry.objects.filter(WATCHED, pk__in=links).order_by("pk"))


def sealed_around(entries: Collection[AuditEntry], *, back: timedelta, until: int) -> list[Event]:
    """These entries and what the same people did before them, as events of the rules."""
    staff = {entry.staff_id for entry in entries if entry.staff_id is not None}
    addresses = {entry.address for entry in entries if entry.staff_id is None and entry.address}
    moments = [entry.at for entry in entries]
    sealed = Exists(AuditLink.objects.filter(entry_id=OuterRef("pk"), seq__lte=until))
    people = Q(staff__in=staff) | Q(staff__isnull=True, address__in=addresses)
    near = Q(at__gt=min(moments) - back, at__lte=max(moments))
    return events_of(AuditEntry.objects.filter(WATCHED, people, near).filter(sealed))


def events_of(entries: "QuerySet[AuditEntry]") -> list[Event]:
    """Entries with what the rules want to know of the customer and the person."""
    rows = list(entries.order_by("pk"))
    customers = {row.customer_id for row in rows if row.customer_id is not None}
    people = {row.staff_id for row in rows if row.staff_id is not None}
    protected = set(
        Customer.objects.filter(pk__in=customers, listed=Customer.Listed.RED).values_list(
            "pk", flat=True
        )
    )
    relatives = _relatives(people, customers)
    work = _work(people, protected)
    return [
        Event(
            entry_id=row.pk,
            what=_what(row),
            whom=whom_of(row),
            at=row.at.astimezone(BUSINESS_ZONE),
            customer_id=row.customer_id,
            is_relative=(row.staff_id, row.customer_id) in relatives,
            is_protected=row.customer_id in protected,
            has_work=any(
                row.at - WORK_WITHIN <= at <= row.at
                for at in work.get((row.staff_id, row.customer_id), ())
            ),
        )
        for row in rows
    ]


def whom_of(entry: AuditEntry) -> str:
    """Whom an entry speaks of: the person, or the place nobody has proved to be at."""
    if entry.staff_id is not None:
        return f"staff:{entry.staff_id}"
    return f"address:{entry.address}" if entry.address else entry.subject


def _what(entry: AuditEntry) -> What:
    if entry.action == "sign_in.failed":
        return What.FAILED_SIGN_IN
    if entry.action in ("list.export", "audit.export"):
        return What.EXPORT
    return What.READ


def _relatives(people: Iterable[int], customers: Iterable[int]) -> set[tuple[int, int]]:
    """(person, customer) where the customer owns, or is reached by, a number of their family."""
    numbers: dict[str, set[int]] = {}
    registered = RelativeNumber.objects.filter(staff__in=list(people), removed_at__isnull=True)
    for staff_id, number in registered.values_list("staff_id", "number"):
        numbers.setdefault(number, set()).add(staff_id)
    if not numbers:
        return set()
    lines = Subscription.objects.filter(owner__in=list(customers), number__in=list(numbers))
    contacts = Contact.objects.filter(customer__in=list(customers), phone__in=list(numbers))
    owned = [
        *lines.values_list("number", "owner_id"),
        *contacts.values_list("phone", "customer_id"),
    ]
    return {(staff_id, customer) for number, customer in owned for staff_id in numbers[number]}


def _work(people: Iterable[int], customers: Iterable[int]) -> dict[Pair, list[datetime]]:
    """When these people last had an order or a case of these customers in hand."""
    found: dict[Pair, list[datetime]] = {}
    theirs = list(people)
    wanted = list(customers)
    orders = Order.objects.filter(customer__in=wanted, accepted_by__in=theirs)
    owned = Case.objects.filter(customer__in=wanted, owner__in=theirs)
    handled = Case.objects.filter(customer__in=wanted, handler__in=theirs)
    for rows in (
        orders.values_list("accepted_by_id", "customer_id", "accepted_at"),
        owned.values_list(F("owner_id"), "customer_id", "accepted_at"),
        handled.values_list(F("handler_id"), "customer_id", "accepted_at"),
    ):
        for staff_id, customer_id, at in rows:
            found.setdefault((staff_id, customer_id), []).append(at)
    return found
