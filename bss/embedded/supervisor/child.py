"""One supervised program: started, watched, started again when it dies, ended."""

import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bss.embedded import processes
from bss.embedded.supervisor import output

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
STEADY_AFTER_S = 60.0


@dataclass
class Child:
    """Restarted with a growing pause; a run of a minute makes the pause short again.

    ``last_signal``: what it gets when we are gone.
    """

    name: str
    command: Sequence[str]
    cwd: Path
    environment: Mapping[str, str]
    last_signal: signal.Signals
    process: subprocess.Popen[bytes] | None = None
    pause_s: float = FIRST_PAUSE_S
    started_at: float = field(default=0.0)
    start_again_at: float = field(default=0.0)

    def start(self) -> None:
        """Call from the main thread: the child dies with the thread that started it.

        It dies at once: the servers go down too, and a worker that is asked to end, politely or
        not, may wait for its broker for ever. Its own processes end with it.
        """
        self.process = subprocess.Popen(
            self.command,
            cwd=self.cwd,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=processes.die_with_parent(self.last_signal),
        )
        self.started_at = time.monotonic()
        assert self.process.stdout is not None
        output.relay(self.process.stdout, name=self.name)

    def watch(self) -> None:
        """Note a death, and start again when its pause is over."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            if now - self.started_at >= STEADY_AFTER_S:
                self.pause_s = FIRST_PAUSE_S
            output.say(f"ended with {self.process.returncode}; again in {self.pause_s:.0f} s",
                       name=self.name)  # fmt: skip
            self.start_again_at = now + self.pause_s
            self.pause_s = min(self.pause_s * 2, LONGEST_PAUSE_S)
            self.process = None
        if self.process is None and now >= self.start_again_at:
            self.start()

    def ask_to_end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            processes.send(self.process.pid, signal.SIGTERM)

    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def kill(self) -> None:
        """End it and everything it started (its session's process group)."""
        if self.process is not None:
            processes.send_group(self.process.pid, signal.SIGKILL)
            self.process.wait()
