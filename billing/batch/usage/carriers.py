"""Side by side: each carrier draws and copies whole shards on a connection of its own.

A carrier's tables are committed before the load is, and belong to no month until the load attaches
them: a load that dies leaves tables behind that nobody sees, and the next one drops them.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import Full, Queue

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
    _pool: ThreadPoolExecutor | None = None
    _work: list[Future[Part]] = field(default_factory=list)

    def give(self, job: Job) -> None:
        """Have the job done. Raises: what a carrier raised."""
        if not self.count:
            job(self.own)
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.count)
            self._work = [self._pool.submit(self._carry) for _ in range(self.count)]
        self._put(job)

    def finish(self) -> list[Part]:
        """What was brought, ready to be attached, when all jobs are done."""
        for _ in self._work:
            self._put(None)
        parts = [self.own, *(work.result() for work in self._work)]
        self.own.complete()
        return [part for part in parts if part.targets]

    def leave(self) -> None:
        """End the threads; after ``finish`` they have ended already."""
        if self._pool is not None:
            for work in self._work:
                if not work.done():
                    self._jobs.put(_abandon)
            self._pool.shutdown()

    def _put(self, job: Job | None) -> None:
        while True:
            for work in self._work:
                if work.done():
                    work.result()
            try:
                self._jobs.put(job, timeout=PATIENCE_S)
            except Full:
                continue
            return

    def _carry(self) -> Part:
        part = Part(self.own.file_id)
        try:
            with transaction.atomic():
                while job := self._jobs.get():
                    job(part)
                part.complete()
        finally:
            connection.close()
        return part


def _abandon(part: Part) -> None:
    raise AbandonedError
