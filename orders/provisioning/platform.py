"""Which platform executes automatic work orders: the configured one, else the local simulator."""

from functools import lru_cache

from django.conf import settings

from orders.provisioning.client import TcpProvisioner
from orders.provisioning.simulator import Simulator


def provisioner() -> TcpProvisioner:
    """An adapter to ``PROVISIONING_ADDRESS`` (``host:port``), or to a simulator in this process."""
    address = settings.PROVISIONING_ADDRESS
    if not address:
        simulator = local_simulator()
        return TcpProvisioner("127.0.0.1", simulator.port)
    host, _, port = address.rpartition(":")
    return TcpProvisioner(host, int(port))


@lru_cache(maxsize=1)
def local_simulator() -> Simulator:
    """The simulator of this process, started when it is first asked."""
    return Simulator().start()
