"""Sealed text: encrypted at rest, found again by a keyed digest, never in clear in the database."""

import hashlib
import hmac
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import models


def _fernet() -> Fernet:
    import base64

    digest = hashlib.sha256(b"seal:" + settings.FIELD_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def seal(text: str) -> str:
    return _fernet().encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """Raises: ValueError when the field key is not the one that sealed it."""
    if not sealed:
        return ""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise ValueError("FIELD_KEY is not the key that sealed this value") from error


def blind_index(text: str) -> str:
    """The keyed digest by which an exact value is found without opening any."""
    key = b"index:" + settings.FIELD_KEY.encode()
    return hmac.new(key, text.strip().upper().encode(), hashlib.sha256).hexdigest()


class SealedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that is encrypted in the database and clear in Python."""

    def get_prep_value(self, value: Any) -> Any:
        return seal(value) if value else ""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str:
        return unseal(value) if value else ""
