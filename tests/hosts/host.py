"""A worker host: a machine of its own as far as name, network, processes and files go."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bss.embedded.places import CHECKOUT

APART = ("unshare", "--net", "--mount", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc")
PROBE = ("ip", "link", "add", "probe0", "type", "veth", "peer", "name", "probe1")
TOLD_SIGNS = 5_000
ENTER = """
echo apart; read -r plugged
hostname "$1"; ip link set lo up
ip address add "$2/30" dev "$3"; ip link set "$3" up
mount -t tmpfs -o mode=000 hidden "$4"
shift 4
exec "$@"
"""
"""Arguments: name, address, cable, hidden directory, then the command."""


def refusal() -> str:
    """Why this machine gives no namespaces; nothing when it does."""
    if missing := [name for name in ("unshare", "ip") if shutil.which(name) is None]:
        return f"{missing[0]} is not installed (apt-get install util-linux iproute2)"
    tried = subprocess.run([*APART, *PROBE], capture_output=True, text=True)
    return tried.stderr.strip() if tried.returncode else ""


@dataclass(slots=True)
class Host:
    """``number`` makes its network: the servers' end of the cable has .1, the host .2."""

    name: str
    number: int
    log: Path
    process: "subprocess.Popen[str] | None" = field(default=None)

    @property
    def servers_address(self) -> str:
        return f"10.83.{self.number}.1"

    @property
    def address(self) -> str:
        return f"10.83.{self.number}.2"

    @property
    def network(self) -> str:
        return f"10.83.{self.number}.0/30"

    @property
    def cable(self) -> str:
        return f"to-{self.name}"

    def lay_cable(self) -> None:
        """Its other end is plugged in when the host starts."""
        _ip("link", "add", self.cable, "type", "veth", "peer", "name", self._end)
        _ip("address", "add", f"{self.servers_address}/30", "dev", self.cable)
        _ip("link", "set", self.cable, "up")

    def start(self, environment: Mapping[str, str], *, hidden: Path) -> None:
        """Be a worker there, as ``make worker`` starts one; it sees nothing of what is hidden."""
        worker = [sys.executable, "-m", "bss.embedded.supervisor.worker", "--concurrency", "1"]
        place = [self.name, self.address, self._end, str(hidden)]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [*APART, "sh", "-ec", ENTER, "host", *place, *worker],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=CHECKOUT,
                env=dict(environment),
            )
        assert self.process.stdin
        assert self.process.stdout
        assert self.process.stdout.readline() == "apart\n", self.log.read_text()
        _ip("link", "set", self._end, "netns", str(self.process.pid))
        self.process.stdin.write("plugged\n")
        self.process.stdin.flush()

    def unplug(self) -> None:
        _ip("link", "set", self.cable, "down")

    def plug(self) -> None:
        _ip("link", "set", self.cable, "up")

    def switch_off(self) -> None:
        """All that runs there is gone at once; without its cable nobody hears of it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def sees(self, path: Path) -> bool:
        """Whether its processes find the file."""
        assert self.process is not None
        inside = ["nsenter", "--mount", f"--target={self.process.pid}", "test", "-e", str(path)]
        return subprocess.run(inside).returncode == 0

    def said(self) -> str:
        """The last words of its worker."""
        return self.log.read_text()[-TOLD_SIGNS:] if self.log.exists() else ""

    @property
    def _end(self) -> str:
        return f"{self.name}0"


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)
