"""Side by side: each carrier draws and copies whole shards on a connection of its own.

A carrier's tables are committed before the load is, and belong to no month until the load attaches
them: a load that dies leaves tables behind that nobody sees, and the next one drops them.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from queue import Full, Queue
from threading import Semaphore

from django.db import connection, transaction

from billing.batch.usage.parts import Part

Job = Callable[[Part], None]
PATIENCE_S = 0.1


class AbandonedError(Exception):
    """The load failed: what its carriers brought is not wanted."""


@dataclass(slots=True)
class Carriers:
    """So many threads that do jobs; with none of them, whoever gives a job does it."""

    count: int
    own: Part
    _jobs: Queue[Job | None] = field(default_factory=lambda: Queue(maxsize=1))
    _idle: Semaphore = field(default_factory=lambda: Semaphore(0))
    _pool: ThreadPoolExecutor | None = None
    _work: list[Future[list[Part]]] = field(default_factory=list)

    def give(self, job: Job) -> None:
        """Have the job done. Raises: what a carrier raised."""
        if not self.count:
            job(self.own)
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.count)
            self._work = [self._pool.submit(self._carry) for _ in range(self.count)]
        self._put(job)

    def close(self) -> None:
        """Say that there are no more jobs: carriers go on to make their tables ready."""
        for _ in self._work:
            self._put(None)

    def settle(self) -> None:
        """Wait until all jobs are done, after ``close``. Raises: what a carrier raised."""
        for _ in self._work:
            while not self._idle.acquire(timeout=PATIENCE_S):
                self._look()

    def finish(self) -> list[Part]:
        """What was brought, ready to be attached, after ``close``."""
        parts = [self.own, *chain.from_iterable(work.result() for work in self._work)]
        self.own.complete()
        return [part for part in parts if part.targets]

    def leave(self) -> None:
        """End the threads; after ``finish`` they have ended already."""
        for work in self._work:
            while not work.done():
                try:
                    self._jobs.put(_abandon, timeout=PATIENCE_S)
                except Full:
                    continue
                break
        if self._pool is not None:
            self._pool.shutdown()

    def _put(self, job: Job | None) -> None:
        while True:
            self._look()
            try:
                self._jobs.put(job, timeout=PATIENCE_S)
            except Full:
                continue
            return

    def _look(self) -> None:
        """Raises: what a carrier raised."""
        for work in self._work:
            if work.done():
                work.result()

    def _carry(self) -> list[Part]:
        parts = [Part(self.own.file_id)]
        try:
            with transaction.atomic():
                while job := self._jobs.get():
                    if parts[-1].is_full:
                        parts[-1].complete()
                        parts.append(Part(self.own.file_id))
                    job(parts[-1])
                self._idle.release()
                parts[-1].complete()
        finally:
            connection.close()
        return parts


def _abandon(part: Part) -> None:
    raise AbandonedError
