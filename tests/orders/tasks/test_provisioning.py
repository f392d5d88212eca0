import pytest

from bss.kernel.outbox import drain
from bss.wiring import EVENTS
from orders.models import Order, WorkOrder
from orders.provisioning.platform import local_simulator
from orders.provisioning.protocol import Line
from orders.tasks import provisioning
from tests.builders.orders import (
    NOON,
    a_company,
    a_single,
    a_subscription,
    accepted,
    an_opening,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_quiet_network():  # type: ignore[no-untyped-def]
    local_simulator.cache_clear()
    yield
    simulator = local_simulator()
    simulator.shutdown()
    simulator.server_close()
    local_simulator.cache_clear()


def test_an_order_of_existing_members_completes_itself_over_the_wire() -> None:
    company = a_company()
    order = accepted(
        an_opening(company, a_subscription(company, "fixed"), a_subscription(company, "m2g"))
    )

    assert provisioning.execute_ready(order.pk) == 10

    assert Order.objects.get(pk=order.pk).state == Order.State.COMPLETED
    assert len(local_simulator().network.done) == 10


def test_a_failure_of_the_network_stands_on_the_work_order() -> None:
    phone = a_subscription(a_company(), "m2g")
    order = accepted(a_single(phone, "replace_sim"))
    trouble = {"number": phone.number, "code": "31", "text": "卡号无效"}
    local_simulator().network.answer(Line(1, "TELL", trouble))

    assert provisioning.execute_ready() == 0

    work_order = order.work_orders.get()
    assert (work_order.state, work_order.last_error) == (WorkOrder.State.FAILED, "31 卡号无效")


def test_an_accepted_order_is_handed_to_a_worker_after_the_commit(
    django_capture_on_commit_callbacks,  # type: ignore[no-untyped-def]
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    order = accepted(a_single(a_subscription(a_company(), "m2g"), "replace_sim"), at=NOON)
    handed: list[object] = []
    monkeypatch.setattr(
        provisioning.execute_ready, "apply_async", lambda args, **_: handed.append(args)
    )

    with django_capture_on_commit_callbacks(execute=True):
        drain(EVENTS, reraise=True)

    assert handed == [(order.pk,)]
