"""Processes that stand in for other houses' systems, where the environment names no real ones."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StandIn:
    """A simulator: its name, the variable that names a real one, the module that plays it.

    ``real``: the variable that says that there are real ones, where it is another.
    """

    name: str
    variable: str
    module: str
    real: str = ""

    def command(self, address: str) -> list[str]:
        return [self.module, "--port", address.rpartition(":")[2]]


STAND_INS = (
    StandIn("sms", "SMSC_ADDRESS", "billing.messaging.smsc"),
    StandIn("mail", "MAIL_ADDRESS", "billing.messaging.postbox"),
    StandIn("gateways", "GATEWAYS_ADDRESS", "billing.gateways.simulator", real="GATEWAYS_DIR"),
)


def addresses(environment: Mapping[str, str]) -> dict[str, str]:
    """Variable → the address at which its stand-in will listen; what has a real one is left out."""
    return {
        one.variable: f"127.0.0.1:{_free_port()}"
        for one in STAND_INS
        if not environment.get(one.real or one.variable)
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
