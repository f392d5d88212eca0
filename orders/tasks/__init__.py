"""What the workers do for orders; a worker finds the tasks that are named here."""

from orders.tasks.provisioning import execute_network, execute_ready

__all__ = ["execute_network", "execute_ready"]
