"""``make audit``: known faults of what is locked, as a report; it never fails and never hangs.

pip-audit reads ``requirements/runtime.lock``, npm what ``package-lock.json`` says. Where the
registries cannot be reached the report says so: whoever reads it decides.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bss.embedded.places import CHECKOUT

LONGEST_S = 120
LOCK = "requirements/runtime.lock"
LINES_AT_MOST = 60


def commands() -> Sequence[tuple[str, Sequence[str]]]:
    """(title, command) of each audit."""
    python = (
        sys.executable, "-m", "pip_audit", "--requirement", LOCK, "--no-deps", "--disable-pip",
        "--progress-spinner", "off", "--timeout", "10",
    )  # fmt: skip
    node = (
        "npm",
        "audit",
        "--package-lock-only",
        "--fetch-retries",
        "0",
        "--fetch-timeout",
        "10000",
    )
    return (("Python (pip-audit)", python), ("JavaScript (npm audit)", node))


def report(
    audits: Sequence[tuple[str, Sequence[str]]],
    *,
    longest_s: float = LONGEST_S,
    at: Path = CHECKOUT,
) -> str:
    """What each audit says, or why it could not say anything."""
    return "\n".join(
        f"== {title} ==\n{_said(command, longest_s=longest_s, at=at)}\n"
        for title, command in audits
    )


def _said(command: Sequence[str], *, longest_s: float, at: Path) -> str:
    try:
        done = subprocess.run(
            command,
            cwd=at,
            env={**os.environ, "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=longest_s,
        )
    except FileNotFoundError:
        return f"not audited: {command[0]} is not installed here"
    except subprocess.TimeoutExpired:
        return f"not audited: no answer within {longest_s:.0f} s"
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    if "Traceback (most recent call last):" in lines:
        return f"not audited: {lines[-1][:300]}"
    return "\n".join(lines[:LINES_AT_MOST]) or f"ended with {done.returncode} and said nothing"


def main() -> None:
    sys.stdout.write(report(commands()))


if __name__ == "__main__":
    main()
