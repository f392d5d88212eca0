"""Who is acting, and from where: said once at the edge, known to every entry written below it."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who it is: a member of staff, in a session, or through an interface (接口编号)."""

    staff_id: int | None = None
    session: str = ""
    interface: str = ""


def _nobody() -> Person:
    return Person()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """The person (asked for only when something is written), the way in, the place, the reason.

    ``source`` is the way in: ``web``, ``api``, ``task …``, ``command …``.
    """

    person: Callable[[], Person] = _nobody
    source: str = ""
    address: str = ""
    reason: str = ""


_NOBODY = Acting()
_present: ContextVar[Acting] = ContextVar("acting", default=_NOBODY)


def present() -> Acting:
    """Who acts now, as the innermost ``acting`` says."""
    return _present.get()


@contextmanager
def acting(
    *,
    staff_id: int | None = None,
    source: str = "",
    address: str = "",
    reason: str = "",
    person: Callable[[], Person] | None = None,
) -> Iterator[None]:
    """Inside, entries that do not say it themselves are of this person, from there, for this.

    What is not given is taken from the ``acting`` around this one. ``person`` is for edges that
    know who it is only when asked, as a request does.
    """
    outer = _present.get()
    if person is None:
        person = outer.person if staff_id is None else lambda: Person(staff_id=staff_id)
    token = _present.set(
        replace(
            outer,
            person=person,
            source=(source or outer.source)[:60],
            address=(address or outer.address)[:45],
            reason=(reason or outer.reason)[:200],
        )
    )
    try:
        yield
    finally:
        _present.reset(token)


def session_mark(session_key: str | None) -> str:
    """What the audit keeps of a session's key: it tells sessions apart and opens none."""
    if not session_key:
        return ""
    return hashlib.sha256(b"audit session:" + session_key.encode()).hexdigest()[:12]
