"""The specification of both machines: every state × every transition, and where it leads."""

from itertools import product

import pytest
from django_fsm import TransitionNotAllowed

from orders.models import Order, WorkOrder
from orders.services.states import move, sources_of, target_of
from tests.builders.orders import NOON, a_company, a_single, a_subscription, accepted

ORDER = {
    ("accepted", "begin"): "in_progress",
    ("accepted", "complete"): "completed",
    ("in_progress", "complete"): "completed",
    ("accepted", "cancel"): "cancelled",
    ("in_progress", "cancel"): "cancelled",
}
ORDER_MOVES = {
    "begin": {},
    "complete": {"at": NOON},
    "cancel": {"at": NOON, "rule": "EFF-6"},
}
WORK_ORDER = {
    ("waiting", "make_ready"): "ready",
    ("ready", "finish"): "done",
    ("failed", "finish"): "done",
    ("ready", "fail"): "failed",
    ("failed", "try_again"): "ready",
    ("waiting", "cancel"): "cancelled",
    ("ready", "cancel"): "cancelled",
    ("failed", "cancel"): "cancelled",
}
WORK_ORDER_MOVES = {
    "make_ready": {},
    "finish": {"at": NOON},
    "fail": {"error": "端口已满"},
    "try_again": {},
    "cancel": {},
}


@pytest.mark.parametrize(("state", "move_name"), [*product(Order.State.values, ORDER_MOVES)])
def test_an_order_moves_only_as_the_table_says(state: str, move_name: str) -> None:
    order = Order(state=state)

    if (state, move_name) not in ORDER:
        with pytest.raises(TransitionNotAllowed):
            getattr(order, move_name)(**ORDER_MOVES[move_name])
    else:
        getattr(order, move_name)(**ORDER_MOVES[move_name])
        assert order.state == ORDER[state, move_name]


@pytest.mark.parametrize(
    ("state", "move_name"), [*product(WorkOrder.State.values, WORK_ORDER_MOVES)]
)
def test_a_work_order_moves_only_as_the_table_says(state: str, move_name: str) -> None:
    work_order = WorkOrder(state=state)

    if (state, move_name) not in WORK_ORDER:
        with pytest.raises(TransitionNotAllowed):
            getattr(work_order, move_name)(**WORK_ORDER_MOVES[move_name])
    else:
        getattr(work_order, move_name)(**WORK_ORDER_MOVES[move_name])
        assert work_order.state == WORK_ORDER[state, move_name]


@pytest.mark.parametrize("transition", [WorkOrder.make_ready, WorkOrder.finish, WorkOrder.cancel])
def test_a_set_based_move_starts_where_the_machine_says(transition: object) -> None:
    name = transition.__name__  # type: ignore[attr-defined]

    assert {(source, name): target_of(transition) for source in sources_of(transition)} == {
        key: target for key, target in WORK_ORDER.items() if key[1] == name
    }


@pytest.mark.django_db
def test_a_set_based_move_writes_what_the_transition_writes() -> None:
    company = a_company()
    one, other = (
        accepted(a_single(a_subscription(company, "fixed"), "hold")).work_orders.get()
        for _ in range(2)
    )

    one.finish(at=NOON)
    one.save()
    moved = move(
        WorkOrder.objects.filter(pk=other.pk),
        WorkOrder.finish,
        done_at=NOON,
        done_by_id=None,
        last_error="",
    )

    fields = ("state", "done_at", "done_by_id", "last_error", "attempts")
    rows = WorkOrder.objects.filter(pk__in=[one.pk, other.pk]).values_list(*fields)
    assert moved == 1
    assert len(set(rows)) == 1
