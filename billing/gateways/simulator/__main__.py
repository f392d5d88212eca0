"""``python -m billing.gateways.simulator [--directory DIR] [--port N]``: until it is ended."""

import argparse
import contextlib
import os
import sys
from pathlib import Path

from billing.gateways.simulator.server import Simulator
from bss.embedded import places

PORT_FILE = "simulator.port"


def main() -> None:
    parser = argparse.ArgumentParser(prog="billing.gateways.simulator")
    parser.add_argument("--directory", type=Path, default=places.current().secrets / "gateways")
    parser.add_argument("--port", type=int, default=0)
    asked = parser.parse_args()
    simulator = _bind(asked.directory, asked.port)
    (asked.directory / PORT_FILE).write_text(str(simulator.server_port))
    sys.stdout.write(f"simulated gateways: http://127.0.0.1:{simulator.server_port}\n")
    sys.stdout.flush()
    with contextlib.suppress(KeyboardInterrupt):
        simulator.serve_forever()


def _bind(directory: Path, port: int) -> Simulator:
    """Where it was before, so that codes shown then still lead to it; else any free port."""
    known = directory / PORT_FILE
    before = int(known.read_text()) if not port and known.exists() else port
    try:
        return Simulator(directory, port=before)
    except OSError:
        if port:
            raise
        return Simulator(directory)


if __name__ == "__main__":
    os.umask(0o077)
    main()
