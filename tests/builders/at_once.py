"""Several connections at once, each stopped where the test wants it: by locks, as in life."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection, transaction

PATIENCE_S = 10.0


@contextmanager
def aside() -> Iterator[Callable[[Callable[[], object]], "Future[object]"]]:
    """Start acts in threads with connections of their own; at the end all must have ended well."""
    with ThreadPoolExecutor(8) as threads:
        started: list[Future[object]] = []

        def start(act: Callable[[], object]) -> "Future[object]":
            def run() -> object:
                try:
                    return act()
                finally:
                    connection.close()

            started.append(threads.submit(run))
            return started[-1]

        yield start
        for one in started:
            one.result(timeout=PATIENCE_S)


@contextmanager
def held(sql: str, *values: object) -> Iterator[None]:
    """Keep the locks of a statement until the block ends."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        yield


def until_waiting(sessions: int = 1) -> None:
    """Go on when so many other sessions wait for a lock."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0] >= sessions:
                return
        time.sleep(0.01)
    raise AssertionError(f"nobody waits: {sessions} sessions were to wait for a lock")
