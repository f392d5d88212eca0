"""How far long work is: it tells, and whoever listens hears; nobody has to.

A listener belongs to the running context: a terminal, a batch step whose page shows it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """``done`` of ``total`` of what ``name`` counts; ``total`` is None while nobody can know it."""

    name: str
    done: int
    total: int | None = None


Listener = Callable[[Mark], None]
_listeners: ContextVar[tuple[Listener, ...]] = ContextVar("progress_listeners", default=())


def tell(name: str, done: int, total: int | None = None) -> None:
    """Say how far it is; cheap when nobody listens."""
    for listener in _listeners.get():
        listener(Mark(name=name, done=done, total=total))


def is_heard() -> bool:
    """Whether somebody listens: what costs a question need not be asked otherwise."""
    return bool(_listeners.get())


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Inside, ``listener`` hears what is told, beside those who listen already."""
    token = _listeners.set((*_listeners.get(), listener))
    try:
        yield
    finally:
        _listeners.reset(token)
