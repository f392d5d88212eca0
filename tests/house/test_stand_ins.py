"""Processes that stand in for other houses' systems, and give way to real ones."""

import socket
import subprocess
import sys
import time

import pytest

from bss.embedded.places import CHECKOUT
from bss.embedded.supervisor.stand_ins import STAND_INS, addresses

PATIENCE_S = 20


def test_what_has_a_real_address_is_not_played() -> None:
    names = [one.variable for one in STAND_INS]
    real = dict.fromkeys((one.real or one.variable for one in STAND_INS), "named")
    assert addresses(real) == {}
    played = addresses({})
    assert list(played) == names
    assert len(set(played.values())) == len(names)


@pytest.mark.parametrize("stand_in", STAND_INS, ids=lambda one: one.name)
def test_each_listens_at_the_address_that_the_product_is_told(stand_in) -> None:
    address = addresses({})[stand_in.variable]
    with subprocess.Popen(
        [sys.executable, "-m", *stand_in.command(address)], cwd=CHECKOUT
    ) as played:
        try:
            assert _answers(int(address.rpartition(":")[2]))
        finally:
            played.terminate()


def _answers(port: int) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False
