"""What a cashier's drawer should hold, and where it stands."""

from datetime import date

from django.db.models import Prefetch, QuerySet, Sum

from billing.models import CountedMeans, DrawerCount, DrawerMovement, Payment, Shift
from billing.rules.cash_count import DESK_MEANS


def open_shift_of(cashier_id: int | None) -> Shift | None:
    """The shift in which this person takes money now."""
    if cashier_id is None:
        return None
    found = Shift.objects.filter(cashier=cashier_id, state=Shift.State.OPEN)
    return found.select_related("channel").first()


def taken_in_own_drawer(payment: Payment, cashier_id: int | None) -> bool:
    """Whether this person took the payment at the desk."""
    return DrawerMovement.objects.filter(
        journal=payment.journal_id, shift__cashier=cashier_id
    ).exists()


def journals_in_open_drawer(cashier_id: int) -> set[int]:
    """The journals whose money lies in this person's open drawer."""
    own = DrawerMovement.objects.filter(shift__cashier=cashier_id, shift__state=Shift.State.OPEN)
    return set(own.values_list("journal_id", flat=True))


def system_totals(shift_id: int) -> dict[str, int]:
    """Means → fen that came in less what was given back; the float is not among it."""
    sums = (
        DrawerMovement.objects.filter(shift=shift_id)
        .values_list("means")
        .annotate(sum=Sum("amount_fen"))
        .order_by("means")
    )
    return dict.fromkeys(DESK_MEANS, 0) | dict(sums)


def counted_shifts() -> QuerySet[Shift]:
    """Shifts with their people, counts (the last one is last) and closes."""
    counts = DrawerCount.objects.prefetch_related(
        Prefetch("means", queryset=CountedMeans.objects.order_by("id"))
    ).order_by("number")
    return Shift.objects.select_related(
        "cashier", "channel", "close", "close__confirmed_by"
    ).prefetch_related(Prefetch("counts", queryset=counts))


def shifts_of_hall(channel_id: int, day: date) -> list[Shift]:
    """All shifts of a hall's day, in the order in which they were opened."""
    return list(counted_shifts().filter(channel=channel_id, day=day).order_by("id"))


def movements_by_means(channel_id: int, day: date) -> dict[int, dict[str, int]]:
    """Shift → means → fen of a hall's day."""
    sums = (
        DrawerMovement.objects.filter(shift__channel=channel_id, shift__day=day)
        .values_list("shift", "means")
        .annotate(sum=Sum("amount_fen"))
        .order_by("shift", "means")
    )
    found: dict[int, dict[str, int]] = {}
    for shift, means, sum_fen in sums:
        found.setdefault(shift, {})[means] = sum_fen
    return found
