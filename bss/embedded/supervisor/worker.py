"""``make worker``: a worker on a machine whose servers are elsewhere."""

import os
import sys
from collections.abc import Mapping

from bss.embedded.places import CHECKOUT
from bss.embedded.supervisor import commands

NEEDED = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "AUDIT_KEY")
FIELD_KEYS = ("FIELD_KEY", "FIELD_KEYS")


def lacking(environment: Mapping[str, str]) -> list[str]:
    """What it must be told: a key that it made itself would seal what nobody else can read."""
    names = [name for name in NEEDED if not environment.get(name)]
    if not any(environment.get(name) for name in FIELD_KEYS):
        names.append(FIELD_KEYS[0])
    return names


def main() -> None:
    """Become the worker, with the arguments given; or say in one sentence what it lacks."""
    if names := lacking(os.environ):
        sys.exit(
            f"! A worker on a machine of its own needs {', '.join(names)}, as the house has them:"
            " docs/operations.md, “Workers on other machines”."
        )
    os.chdir(CHECKOUT)
    command = commands.by_module(commands.worker())
    os.execv(command[0], [*command, *sys.argv[1:]])


if __name__ == "__main__":
    main()
