"""The life of a subscription: its state, number and owner, present and history together.

Every function locks its row, lets the state machine decide, writes the history row and announces
what happened; network work is opened by whoever listens.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.outbox import announce
from customers.batch import moves
from customers.models import (
    Customer,
    NumberAssignment,
    Ownership,
    Service,
    Subscription,
    SubscriptionState,
)
from customers.queries.locked import lock_subscription
from customers.rules.areas import DEFAULT_AREA, area_of_number
from customers.rules.services import MOBILE_SERVICES


@transaction.atomic
def create(
    *,
    owner_id: int,
    service: str,
    number: str,
    area: str = "",
    line: str = Subscription.Line.ENTERPRISE,
    payment: str = Subscription.Payment.POSTPAID,
    real_name: bool = True,
    speed_kbps: int | None = None,
    install_address: str = "",
    home_areas: Iterable[str] = (),
    at: datetime,
) -> Subscription:
    """A new subscription that waits for its installation; its number is taken from now on.

    The area of a fixed line or broadband is in its number; a mobile's is given, else its owner's.

    Raises: BadInputError.
    """
    subscription = _new(
        owner_id=owner_id,
        service=service,
        number=number,
        area=area,
        home_areas=home_areas,
        line=line,
        payment=payment,
        real_name=real_name,
        speed_kbps=speed_kbps,
        install_address=install_address,
    )
    _begin(subscription, state=Subscription.State.PENDING, at=at)
    return subscription


@transaction.atomic
def take_over(
    *,
    owner_id: int,
    service: str,
    number: str,
    since: datetime,
    state: str = Subscription.State.ACTIVE,
    stop_reason: str = "",
    area: str = "",
    line: str = Subscription.Line.ENTERPRISE,
    payment: str = Subscription.Payment.POSTPAID,
    real_name: bool = True,
    speed_kbps: int | None = None,
    install_address: str = "",
    home_areas: Iterable[str] = (),
) -> Subscription:
    """A user who is there already: in service, and in this state, since that moment.

    Raises: BadInputError.
    """
    subscription = _new(
        owner_id=owner_id,
        service=service,
        number=number,
        area=area,
        home_areas=home_areas,
        line=line,
        payment=payment,
        real_name=real_name,
        speed_kbps=speed_kbps,
        install_address=install_address,
        state=state,
        stop_reason=stop_reason,
        in_service_at=since,
        suspended_at=since if state == Subscription.State.SUSPENDED else None,
    )
    _begin(subscription, state=state, stop_reason=stop_reason, at=since)
    return subscription


@transaction.atomic
def install(*, subscription_id: int, at: datetime) -> Subscription:
    """In service from this moment. Source: EFF-2, PAR-5."""
    return _move(subscription_id, "install", event="subscription.installed", at=at)


@transaction.atomic
def hold(*, subscription_id: int, at: datetime) -> Subscription:
    """停机保号. Source: CRD-6 (who may is the caller's question)."""
    return _move(subscription_id, "hold", event="subscription.held", at=at)


@transaction.atomic
def resume(*, subscription_id: int, at: datetime) -> Subscription:
    """Back from hold; a stop is lifted by ``lift_stop`` only. Source: CRD-6."""
    subscription = lock_subscription(subscription_id)
    if subscription.state == Subscription.State.SUSPENDED:
        raise BadInputError(("subscription", "停机的用户只能由缴清欠费或移出黑名单恢复。"))
    return _move(subscription_id, "resume", event="subscription.resumed", at=at)


@transaction.atomic
def suspend(*, subscription_ids: Collection[int], reason: str, at: datetime) -> list[int]:
    """Stop all of them that are active, at once; gives whom it stopped. Source: CRD-1, CAN-6."""
    return moves.suspend_many(subscription_ids, reason=reason, at=at)


@transaction.atomic
def lift_stop(
    *, subscription_ids: Collection[int], at: datetime, reason: str = moves.DEBT
) -> list[int]:
    """End the stops of this reason together; gives whom it resumed. Source: CRD-1."""
    return moves.lift_many(subscription_ids, at=at, reason=reason)


@transaction.atomic
def pre_terminate(*, subscription_ids: Collection[int], at: datetime) -> list[int]:
    """预销号 of those in debt stop; gives whom it was. Source: CRD-4."""
    return moves.pre_terminate_many(subscription_ids, at=at)


@transaction.atomic
def terminate(*, subscription_id: int, at: datetime) -> Subscription:
    """The end: its number is given back."""
    subscription = _move(subscription_id, "terminate", event="subscription.terminated", at=at)
    subscription.number_history.filter(valid_until__isnull=True).update(valid_until=at)
    return subscription


@transaction.atomic
def change_number(*, subscription_id: int, number: str, at: datetime) -> Subscription:
    """Another number from this moment; who called which is told by the history."""
    subscription = lock_subscription(subscription_id)
    before = subscription.number
    subscription.number_history.filter(valid_until__isnull=True).update(valid_until=at)
    _assign_number(subscription, number, at=at)
    subscription.number = number
    subscription.save(update_fields=["number"])
    announce(
        "subscription.number_changed",
        {"subscription_id": subscription.pk, "before": before, "number": number},
        at=at,
    )
    return subscription


@transaction.atomic
def change_owner(*, subscription_id: int, owner_id: int, at: datetime) -> Subscription:
    """Another owner from this moment. Source: ACC-8 (the accounts are billing's)."""
    subscription = lock_subscription(subscription_id)
    before = subscription.owner_id
    subscription.owner_history.filter(valid_until__isnull=True).update(valid_until=at)
    Ownership.objects.create(subscription=subscription, owner_id=owner_id, valid_from=at)
    subscription.owner_id = owner_id
    # The address is sealed anew: it belongs to the new owner's data key from now on.
    subscription.save(update_fields=["owner", "install_address"])
    announce(
        "subscription.owner_changed",
        {"subscription_id": subscription.pk, "before": before, "owner_id": owner_id},
        at=at,
    )
    return subscription


@transaction.atomic
def set_speed(*, subscription_id: int, speed_kbps: int, at: datetime) -> None:
    """The broadband's speed from now on."""
    _set(subscription_id, at=at, speed_kbps=speed_kbps)


@transaction.atomic
def set_static_ip(*, subscription_id: int, static_ip: bool, at: datetime) -> None:
    """With or without a static address. Source: PAR-9, PAR-14."""
    _set(subscription_id, at=at, static_ip=static_ip)


@transaction.atomic
def set_long_distance(*, subscription_id: int, long_distance: bool, at: datetime) -> None:
    """Domestic direct-dial long distance. Source: PAR-6."""
    _set(subscription_id, at=at, long_distance=long_distance)


def _new(*, number: str, area: str, home_areas: Iterable[str], **fields: Any) -> Subscription:
    """The row with its area; not yet with its history."""
    if fields["service"] not in Service.values:
        raise BadInputError(("service", "未知的业务类型。"))
    if not (number.isascii() and number.isdigit() and len(number) <= 20):
        raise BadInputError(
            ("number", Sentence("%(number)r 不是号码：只含数字，至多 20 位。", number=number))
        )
    if fields["service"] not in MOBILE_SERVICES:
        area = area_of_number(number, home_areas=home_areas) or area
    if not area:
        owner = Customer.objects.filter(pk=fields["owner_id"])
        area = owner.values_list("area", flat=True).first() or DEFAULT_AREA
    subscription: Subscription = Subscription(number=number, area=area, **fields)
    subscription.save(force_insert=True)
    return subscription


def _begin(subscription: Subscription, *, state: str, stop_reason: str = "", at: datetime) -> None:
    """The first rows of the three histories."""
    SubscriptionState.objects.create(
        subscription=subscription, state=state, stop_reason=stop_reason, valid_from=at
    )
    Ownership.objects.create(
        subscription=subscription, owner_id=subscription.owner_id, valid_from=at
    )
    _assign_number(subscription, subscription.number, at=at)


def _assign_number(subscription: Subscription, number: str, *, at: datetime) -> None:
    if NumberAssignment.objects.filter(number=number, valid_until__isnull=True).exists():
        raise BadInputError(
            ("number", Sentence("号码 %(number)s 已有人使用，请另选号码。", number=number))
        )
    NumberAssignment.objects.create(subscription=subscription, number=number, valid_from=at)


def _move(subscription_id: int, transition: str, *, event: str, at: datetime) -> Subscription:
    """One step of the state machine, with its history row and event.

    Raises: django_fsm.TransitionNotAllowed.
    """
    subscription = lock_subscription(subscription_id)
    getattr(subscription, transition)(at=at)
    subscription.save()
    subscription.state_history.filter(valid_until__isnull=True).update(valid_until=at)
    SubscriptionState.objects.create(
        subscription=subscription,
        state=subscription.state,
        stop_reason=subscription.stop_reason,
        valid_from=at,
    )
    announce(event, {"subscription_id": subscription.pk}, at=at)
    return subscription


def _set(subscription_id: int, *, at: datetime, **becomes: Any) -> None:
    subscription = lock_subscription(subscription_id)
    for field, value in becomes.items():
        setattr(subscription, field, value)
    subscription.save(update_fields=list(becomes))
    announce("subscription.provisioned", {"subscription_id": subscription.pk, **becomes}, at=at)
