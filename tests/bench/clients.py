"""Clients side by side: processes of their own, that all begin at the same moment."""

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, connections, transaction

CLIENTS = 8
# Work with one item: the client's number, then a running number of that client.
Work = Callable[[int, int], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What all clients did together in the time that each was given."""

    done: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.done / self.seconds


def side_by_side(work: Work, *, clients: int, seconds: float, begin: Work | None = None) -> Rate:
    """Let so many processes do ``work`` again and again for so long; count what was done.

    ``begin`` is called once by each before the clock starts (to connect, to warm up).
    Raises: RuntimeError when one of them fails.
    """
    connections.close_all()  # a forked child must not inherit them
    context = multiprocessing.get_context("fork")
    ready = context.Barrier(clients)
    answers = context.SimpleQueue()

    def client(number: int) -> None:
        if begin is not None:
            begin(number, -1)
        ready.wait()
        began = time.perf_counter()
        done = 0
        while time.perf_counter() - began < seconds:
            work(number, done)
            done += 1
        answers.put((done, time.perf_counter() - began))

    processes = [context.Process(target=client, args=(number,)) for number in range(clients)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise RuntimeError("a client failed; what it said stands above")
    told = [answers.get() for _ in processes]
    return Rate(done=sum(done for done, _ in told), seconds=max(took for _, took in told))


def raw_pairs(seconds: float) -> float:
    """What the driver and the disk can do at all, per second: two rows and a commit, 8 clients."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS raw_pair"
            " (id bigserial PRIMARY KEY, account bigint, amount bigint)"
        )

    def write(client: int, number: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO raw_pair (account, amount) VALUES (%s, %s), (%s, %s)",
                [client, -number, number, number],
            )

    return side_by_side(write, clients=CLIENTS, seconds=seconds, begin=write).per_second
