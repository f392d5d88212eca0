"""A session as a whole sign-in leaves it."""

from typing import Any

from django.test import Client

from bss.identity.stepup import PROVED, proof_of

_force_login = Client.force_login


def force_login_proved(client: Client, user: Any, backend: str | None = None) -> None:
    """Let this person in without a password, as if they had just given it."""
    _force_login(client, user, backend)
    session = client.session
    session[PROVED] = proof_of(user.pk)
    session.save()
