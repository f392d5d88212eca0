"""``python -m tests.bench.worker``: a second worker, until its standard input is closed.

It takes part in batch runs as ``bss.kernel.tasks`` lets a Celery worker do, and says when it is up.
"""

import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import django

LOOK_S = 0.05


@contextmanager
def second_worker() -> Iterator[None]:
    """Another process that helps with every batch run of this process's database."""
    command = [sys.executable, "-m", "tests.bench.worker"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
        assert worker.stdin
        assert worker.stdout
        worker.stdout.readline()
        try:
            yield
        finally:
            worker.stdin.close()


def main() -> None:
    django.setup()
    from bss.kernel.acting import acting
    from bss.kernel.batch.sweep import runs_to_help, take_part
    from bss.wiring import RUNS

    sys.stdout.write("up\n")
    sys.stdout.flush()
    with acting(source="bench"):
        while not select.select([sys.stdin], [], [], LOOK_S)[0]:
            for run_id, _ in runs_to_help(RUNS):
                take_part(run_id, RUNS, for_s=float("inf"))


if __name__ == "__main__":
    main()
