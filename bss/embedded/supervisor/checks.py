"""What must be right before anything starts; each fault is one sentence."""

import os
import shutil
import socket
from pathlib import Path

from bss.embedded.errors import HouseError

FREE_AT_START_MB = 500
FREE_WHILE_RUNNING_MB = 100


def port_from_environment() -> int:
    """Raises: HouseError."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise HouseError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def check_port(host: str, port: int) -> None:
    """Raises: HouseError, when another program has the port or it may not be taken."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise HouseError(
                f"Port {port} needs root; choose one from 1024: make run PORT=8000"
            ) from None
        except OSError as error:
            raise HouseError(
                f"Port {port} of {host} is taken ({error.strerror}); choose another: "
                f"make run PORT={port + 1 if port < 65535 else 8000}"
            ) from None


def check_disk(directory: Path, *, needed_mb: int = FREE_AT_START_MB) -> None:
    """Raises: HouseError, when the disk is as good as full."""
    existing = next(path for path in (directory, *directory.parents) if path.exists())
    free_mb = shutil.disk_usage(existing).free // 2**20
    if free_mb < needed_mb:
        raise HouseError(
            f"The disk of {directory} is full: {free_mb} MB are free, {needed_mb} MB are needed."
        )
