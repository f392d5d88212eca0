"""停复机指令: opened for changes of state, executed by the platform in the order of the changes."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from bss.kernel.errors import BadInputError
from customers.models import SubscriptionState
from customers.queries.locked import hold_subscriptions
from orders.models import NetworkOrder
from orders.provisioning.protocol import Answer, Command, Provisioner
from orders.services.states import move

CLAIM_S = 120
FIRST_RETRY_S = 5
ATTEMPTS = 5

READ = (
    *("type", "state", "attempts", "subscription__service"),
    *("subscription__number", "subscription__state"),
)

State = NetworkOrder.State
UNDER_WAY = (State.READY, State.RUNNING)


@transaction.atomic
def open_for(*, type_: str, subscription_ids: Collection[int], at: datetime) -> int:
    """One order for each of these changes of state that has none yet; give how many.

    The last change wins: what an earlier one left to do is superseded, also when the news of the
    earlier one comes later. What is being executed just now is waited for.

    Locks: the subscriptions, so that two changes of one are opened one after the other.
    """
    subscriptions = hold_subscriptions(subscription_ids)
    changes = SubscriptionState.objects.filter(
        subscription__in=subscriptions,
        valid_from=at,
        state__in=STATES_OF[type_],
        network_order__isnull=True,
    )
    opened = NetworkOrder.objects.bulk_create(
        NetworkOrder(
            change=change,
            subscription_id=change.subscription_id,
            type=type_,
            reason=change.stop_reason,
            asked_at=at,
        )
        for change in changes.order_by("pk")
    )
    move(
        NetworkOrder.objects.filter(_is_followed(), subscription__in=subscriptions),
        NetworkOrder.supersede,
    )
    return len(opened)


@transaction.atomic
def claim(*, now: datetime, limit: int = 200) -> list[NetworkOrder]:
    """What the platform is to do next, for this process alone; the first of each subscription.

    A claim ends by itself, so that a killed worker's come back.
    Units: ``now`` is technical time, not business time.
    Locks: the network orders, skipping those that another process has.
    """
    earlier = NetworkOrder.objects.filter(
        subscription=OuterRef("subscription"), change__lt=OuterRef("change"), state__in=UNDER_WAY
    )
    due = NetworkOrder.objects.filter(
        Q(due_at__isnull=True) | Q(due_at__lte=now), ~Exists(earlier), state__in=UNDER_WAY
    )
    claimed = list(
        due.select_for_update(of=["self"], skip_locked=True)
        .select_related("subscription")
        .only(*READ)
        .order_by("pk")[:limit]
    )
    _of(claimed, NetworkOrder.claim, due_at=now + timedelta(seconds=CLAIM_S))
    return claimed


def execute(
    claimed: Iterable[NetworkOrder], *, platform: Provisioner, at: datetime, now: datetime
) -> int:
    """Have the platform do what was claimed; give how many are done."""
    done = []
    for order in claimed:
        answer = platform.execute(_command(order))
        if answer.done:
            done.append(order)
        else:
            _note_failure(order, answer, now=now)
    return _of(done, NetworkOrder.finish, done_at=at, last_error="")


@transaction.atomic
def try_again(*, network_order_id: int) -> None:
    """Give a failed one back to the platform, after its cause is mended. Raises: BadInputError."""
    failed = NetworkOrder.objects.filter(~_is_followed(), pk=network_order_id)
    if not move(failed, NetworkOrder.try_again, attempts=0, due_at=None):
        raise BadInputError(("network_order", "指令没有失败，或用户状态已再次变更，不需要重试。"))


STATES_OF: dict[str, tuple[str, ...]] = {
    NetworkOrder.Type.STOP: ("suspended",),
    NetworkOrder.Type.RESTORE: ("active",),
    NetworkOrder.Type.REMOVE: ("pre_terminated",),
}


def _is_followed() -> Exists:
    """A later change of the same subscription has its own order."""
    later = NetworkOrder.objects.filter(
        subscription=OuterRef("subscription"), change__gt=OuterRef("change")
    )
    return Exists(later)


def _of(orders: Collection[NetworkOrder], transition: object, **dates: object) -> int:
    if not orders:
        return 0
    rows: QuerySet[NetworkOrder] = NetworkOrder.objects.filter(pk__in=[one.pk for one in orders])
    return move(rows, transition, **dates)


@transaction.atomic
def _note_failure(order: NetworkOrder, answer: Answer, *, now: datetime) -> None:
    """Later once more; at the end of the attempts failed, or superseded when there is a later."""
    attempts = order.attempts + 1
    noted = {"attempts": attempts, "last_error": answer.error[:200]}
    if answer.retry and attempts < ATTEMPTS:
        pause = timedelta(seconds=FIRST_RETRY_S * 2 ** (attempts - 1))
        _of([order], NetworkOrder.postpone, due_at=now + pause, **noted)
    else:
        _of([order], NetworkOrder.fail, **noted)
    move(NetworkOrder.objects.filter(_is_followed(), pk=order.pk), NetworkOrder.supersede)


def _command(order: NetworkOrder) -> Command:
    return Command(
        work_order=f"N{order.pk}",
        type=order.type,
        service=order.subscription.service,
        number=order.subscription.number,
    )
