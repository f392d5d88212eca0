"""``python -m billing.gateways.simulator [--directory DIR] [--port N]``: until it is ended."""

import argparse
import contextlib
import os
import sys
from pathlib import Path

from billing.gateways.simulator.server import Simulator
from bss.embedded import places


def main() -> None:
    parser = argparse.ArgumentParser(prog="billing.gateways.simulator")
    parser.add_argument("--directory", type=Path, default=places.current().secrets / "gateways")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    asked = parser.parse_args()
    simulator = Simulator(asked.directory, port=asked.port)
    sys.stdout.write(f"simulated gateways: http://127.0.0.1:{simulator.server_port}\n")
    sys.stdout.flush()
    with contextlib.suppress(KeyboardInterrupt):
        simulator.serve_forever()


if __name__ == "__main__":
    os.umask(0o077)
    main()
