import pytest

from orders.provisioning.client import TcpProvisioner
from orders.provisioning.protocol import Command, Line, ProtocolError
from orders.provisioning.simulator import Network, Simulator

COMMAND = Command(
    work_order="42",
    type="open_vas",
    service="fixed",
    number="01062000011",
    detail={"product": "caller_id"},
)


def tell(network: Network, **values: str) -> None:
    network.answer(Line(1, "TELL", values))


def test_a_line_survives_the_wire_whatever_is_in_it() -> None:
    line = Line(17, "FAIL", {"code": "31", "text": "端口 已满 = 100%\n"})

    assert Line.decode(line.encode()) == line
    assert line.encode().count(b"\n") == 1


@pytest.mark.parametrize("raw", [b"", b"EXEC 1\n", b"1\n", b"1 EXEC novalue\n", b"\xff 1\n"])
def test_what_is_no_line_is_said_to_be_none(raw: bytes) -> None:
    with pytest.raises(ProtocolError):
        Line.decode(raw)


@pytest.fixture
def simulator():  # type: ignore[no-untyped-def]
    running = Simulator().start()
    yield running
    running.shutdown()
    running.server_close()


def test_the_network_does_a_command_once_and_says_so_again(simulator: Simulator) -> None:
    with TcpProvisioner("127.0.0.1", simulator.port) as platform:
        assert platform.execute(COMMAND).done
        assert platform.execute(COMMAND).done

    assert simulator.network.done == {"42": COMMAND.values()}


def test_the_network_fails_as_often_as_it_is_told(simulator: Simulator) -> None:
    tell(simulator.network, number="01062000011", code="31", text="端口已满", times="1")

    with TcpProvisioner("127.0.0.1", simulator.port) as platform:
        first = platform.execute(COMMAND)
        assert (first.done, first.error, first.retry) == (False, "31 端口已满", False)
        assert platform.execute(COMMAND).done


def test_a_passing_trouble_asks_for_another_try(simulator: Simulator) -> None:
    tell(simulator.network, number="01062000011", verb="RETRY", code="70", text="忙")

    with TcpProvisioner("127.0.0.1", simulator.port) as platform:
        assert platform.execute(COMMAND).retry


def test_a_platform_that_does_not_answer_in_time_is_tried_again(simulator: Simulator) -> None:
    tell(simulator.network, delay_ms="300")

    with TcpProvisioner("127.0.0.1", simulator.port, timeout_s=0.05) as platform:
        answer = platform.execute(COMMAND)

    assert (answer.done, answer.retry) == (False, True)


def test_a_platform_that_is_not_there_is_tried_again() -> None:
    gone = Simulator()
    port = gone.port
    gone.server_close()

    with TcpProvisioner("127.0.0.1", port) as platform:
        answer = platform.execute(COMMAND)

    assert (answer.done, answer.retry) == (False, True)
    assert answer.error.startswith("开通平台无应答")
