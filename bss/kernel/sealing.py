"""Sealed text: encrypted at rest by its owner's data key, clear only where it is asked for.

A token is ``k1.<data key>.<nonce and ciphertext>`` (AES-256-GCM). It is bound to its column and
its key: moved elsewhere, it does not open. Tokens of the first format (Fernet) still open, until
``manage.py rotate_keys`` has sealed them anew.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from secrets import token_bytes
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bss.kernel import data_keys, key_ring
from bss.kernel.key_ring import NONCE_BYTES
from bss.kernel.sealed_field import SealedTextField, sealed_or_empty

__all__ = [
    "SealedTextField",
    "blind_index",
    "key_of",
    "seal",
    "seal_all",
    "sealed_or_empty",
    "unseal",
]

FORMAT = "k1"


def seal(text: str, *, key_id: UUID, bound_to: str) -> str:
    """The token of ``text``; nothing is sealed as nothing. Raises: KeyDestroyedError."""
    return seal_all([text], key_id=key_id, bound_to=bound_to)[0] if text else ""


def seal_all(texts: Sequence[str], *, key_id: UUID, bound_to: str) -> list[str]:
    """The tokens of many texts under one key, which is opened once. Raises: KeyDestroyedError."""
    encrypt, bound = AESGCM(data_keys.opened(key_id)).encrypt, _bound(bound_to, key_id)
    start = f"{FORMAT}.{key_id.hex}."
    nonces = token_bytes(NONCE_BYTES * len(texts))

    def token(text: str, place: int) -> str:
        nonce = nonces[place * NONCE_BYTES : (place + 1) * NONCE_BYTES]
        sealed = nonce + encrypt(nonce, text.encode(), bound)
        return start + base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()

    return [token(text, place) if text else "" for place, text in enumerate(texts)]


def unseal(token: str, *, bound_to: str) -> str:
    """The text of a token.

    Raises: KeyDestroyedError; ValueError when it was sealed for another column, by another key,
        or was altered.
    """
    if not token:
        return ""
    key_id = key_of(token)
    if key_id is None:
        return _unsealed_fernet(token)
    packed = token.rpartition(".")[2]
    sealed = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
    box = AESGCM(data_keys.opened(key_id))
    try:
        clear = box.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _bound(bound_to, key_id))
    except InvalidTag as error:
        raise ValueError(f"a sealed value does not belong to {bound_to} or was altered") from error
    return clear.decode()


def key_of(token: str) -> UUID | None:
    """The data key that a token names; None for one of the first format."""
    if not token.startswith(FORMAT + "."):
        return None
    return UUID(token[len(FORMAT) + 1 : len(FORMAT) + 33])


def blind_index(text: str) -> str:
    """The keyed digest by which an exact value is found without opening any."""
    key = key_ring.index_key()
    return hmac.new(key, text.strip().upper().encode(), hashlib.sha256).hexdigest()


def _bound(place: str, key_id: UUID) -> bytes:
    return f"{FORMAT} {place} ".encode() + key_id.bytes


def _unsealed_fernet(token: str) -> str:
    secrets = key_ring.secrets_by_number().values()
    boxes = [
        Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"seal:" + one.encode()).digest()))
        for one in secrets
    ]
    try:
        return MultiFernet(boxes).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise ValueError("no key of FIELD_KEYS is the one that sealed this value") from error
