"""The product's processes; the container image starts the very same commands."""

import sys
from collections.abc import Sequence

WEB_WORKERS = 2
WEB_THREADS = 4
WORKER_PROCESSES = 2


def web(bind: str) -> list[str]:
    return [
        "gunicorn", "bss.wsgi", "--bind", bind, "--worker-class", "gthread",
        "--workers", str(WEB_WORKERS), "--threads", str(WEB_THREADS),
        "--limit-request-line", "4094", "--limit-request-fields", "64",
        "--limit-request-field_size", "8190",
        "--timeout", "120", "--graceful-timeout", "15", "--no-control-socket",
    ]  # fmt: skip


def worker() -> list[str]:
    return [
        "celery", "--quiet", "-A", "bss.celery", "worker", "--loglevel", "WARNING",
        "--concurrency", str(WORKER_PROCESSES), "--without-mingle", "--without-gossip",
    ]  # fmt: skip


def beat() -> list[str]:
    return [
        "celery", "--quiet", "-A", "bss.celery", "beat", "--loglevel", "WARNING", "--pidfile", "",
        "--scheduler", "bss.kernel.heartbeat.HeartbeatScheduler",
    ]  # fmt: skip


def by_module(command: Sequence[str]) -> list[str]:
    """The command as ``python -m``: works wherever the checkout was moved to."""
    return [sys.executable, "-m", *command]
