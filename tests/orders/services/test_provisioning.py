from datetime import timedelta

import pytest

from orders.models import Order, WorkOrder
from orders.provisioning.protocol import Answer, Command
from orders.services import provisioning, withdrawal
from tests.builders.orders import (
    NOON,
    a_company,
    a_new,
    a_single,
    a_subscription,
    accepted,
    an_opening,
    moment,
    names_of,
)

pytestmark = pytest.mark.django_db

NOW = moment("2026-09-10T12:00:30")
LINE = "01062009001"


class Platform:
    """Answers what the test says, and remembers what it was asked."""

    def __init__(self, answer: Answer | None = None) -> None:
        self.answer = answer or Answer(done=True)
        self.asked: list[Command] = []

    def execute(self, command: Command) -> Answer:
        self.asked.append(command)
        return self.answer


def run(platform: Platform, *, now=NOW) -> int:  # type: ignore[no-untyped-def]
    claimed = provisioning.claim(now=now)
    return provisioning.execute(claimed, platform=platform, at=NOON, now=now)


def an_opening_with_a_new_line() -> Order:
    company = a_company()
    phone = a_subscription(company, "m2g")
    new = (a_new("f1", "fixed", number=LINE),)
    return accepted(an_opening(company, "f1", phone, new=new))


def test_the_platform_does_what_is_ready_and_leaves_field_work_to_people() -> None:
    order = an_opening_with_a_new_line()
    platform = Platform()

    assert run(platform) == 6
    assert run(platform) == 0

    states = {name: each.state for name, each in names_of(order).items()}
    assert states[f"reserve_resource {LINE}"] == WorkOrder.State.DONE
    assert states[f"install {LINE}"] == WorkOrder.State.READY
    assert states[f"join_vpn {LINE}"] == WorkOrder.State.WAITING
    assert [command.type for command in platform.asked][:3] == [
        "reserve_resource",
        "change_plan",
        "open_vas",
    ]
    assert platform.asked[2].detail == {"product": "caller_id"}


def test_what_one_process_has_claimed_another_does_not_get() -> None:
    an_opening_with_a_new_line()

    assert len(provisioning.claim(now=NOW)) == 6
    assert provisioning.claim(now=NOW) == []
    later = NOW + timedelta(seconds=provisioning.CLAIM_S)
    assert len(provisioning.claim(now=later)) == 6


def test_a_passing_trouble_is_tried_again_with_growing_pauses_and_then_given_up() -> None:
    order = accepted(a_single(a_subscription(a_company(), "m2g"), "replace_sim"))
    platform = Platform(Answer(done=False, error="70 忙", retry=True))
    now, pauses = NOW, []

    for _ in range(provisioning.ATTEMPTS):
        run(platform, now=now)
        work_order = order.work_orders.get()
        pauses.append((work_order.retry_after - now).total_seconds())
        now = work_order.retry_after

    assert pauses == [5, 10, 20, 40, 80]
    assert (work_order.state, work_order.last_error) == (WorkOrder.State.FAILED, "70 忙")
    assert work_order.attempts == 5


def test_a_final_failure_keeps_its_text_and_can_be_completed_by_hand() -> None:
    order = accepted(a_single(a_subscription(a_company(), "m2g"), "replace_sim"))

    run(Platform(Answer(done=False, error="31 卡号无效")))

    work_order = order.work_orders.get()
    assert (work_order.state, work_order.last_error) == (WorkOrder.State.FAILED, "31 卡号无效")
    from orders.services import work_orders

    work_orders.complete(order_id=order.pk, at=NOON)
    assert Order.objects.get(pk=order.pk).state == Order.State.COMPLETED


def test_an_order_withdrawn_meanwhile_is_left_alone() -> None:
    order = accepted(a_single(a_subscription(a_company(), "m2g"), "replace_sim"))
    claimed = provisioning.claim(now=NOW)
    withdrawal.withdraw(order_id=order.pk, at=NOON)

    provisioning.execute(claimed, platform=Platform(), at=NOON, now=NOW)

    assert order.work_orders.get().state == WorkOrder.State.CANCELLED
