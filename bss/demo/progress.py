"""How far the demo is: bars on a terminal, a line per finished stage elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.management.base import OutputWrapper
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.progress import TaskID as Task

Tell = Callable[[str, int, int], None]


@contextmanager
def shown(stdout: OutputWrapper) -> Iterator[Tell]:
    """Give ``tell(what, done, of)``, whose news are shown on ``stdout`` as it suits."""
    if not stdout.isatty():
        yield _lines(stdout)
        return
    with _bars(stdout) as bars:
        tasks: dict[str, Task] = {}

        def tell(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=of)
            bars.update(tasks[what], completed=done)

        yield tell


def _bars(stdout: OutputWrapper) -> Progress:
    return Progress(
        TextColumn("{task.description:<18}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(file=stdout),  # type: ignore[arg-type]
    )


def _lines(stdout: OutputWrapper) -> Tell:
    began = time.monotonic()

    def tell(what: str, done: int, of: int) -> None:
        if done == of:
            passed_s = int(time.monotonic() - began)
            stdout.write(f"{passed_s // 60:3d}:{passed_s % 60:02d}  {what}  {of}")
            stdout.flush()

    return tell
