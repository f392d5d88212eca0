"""A session as a whole sign-in leaves it."""

from typing import Any

from django.test import Client

from bss.identity.at_work import AT_WORK
from bss.identity.stepup import PROVED, proof_of
from bss.kernel import clock

_force_login = Client.force_login
ADDRESS = "127.0.0.1"


def force_login_proved(client: Client, user: Any, backend: str | None = None) -> None:
    """Let this person in without a password, as if they had just given it."""
    _force_login(client, user, backend)
    session = client.session
    session[PROVED] = proof_of(user.pk)
    session[AT_WORK] = a_session_at_work()
    session.save()


def a_session_at_work(**changes: object) -> dict[str, object]:
    """What a session knows of its work session; no row stands for this one."""
    now = clock.real_now().timestamp()
    fresh = {"id": 0, "seen": now, "idle_s": 3600, "ends": now + 43_200, "address": ADDRESS}
    return {**fresh, **changes}
