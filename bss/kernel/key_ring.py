"""The keys that wrap data keys: read from the environment, the first one wraps, all unwrap.

``FIELD_KEYS`` is ``number:secret`` separated by commas, the one that wraps first;
``FIELD_KEY`` alone is number 1. A new one is put last everywhere, then first, then
``manage.py rotate_keys``, and then the old one may go (docs/operations.md).
"""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from secrets import token_bytes
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
NONCE_BYTES = 12
FIRST = 1
_HMAC_BLOCK_BYTES = 64


def secrets_by_number() -> Mapping[int, str]:
    """The ring as configured: number → secret, in the order of ``FIELD_KEYS``."""
    return _parsed(settings.FIELD_KEYS, settings.FIELD_KEY)


def newest() -> int:
    """The number of the key that wraps from now on."""
    return next(iter(secrets_by_number()))


def wrap(data_key: bytes, *, key_id: UUID, version: int) -> bytes:
    """The data key as it is stored; bound to its row. Raises: KeyError for an unknown version."""
    nonce = token_bytes(NONCE_BYTES)
    return nonce + _wrapping(version).encrypt(nonce, data_key, _bound(key_id))


def unwrap(wrapped: bytes, *, key_id: UUID, version: int) -> bytes:
    """Raises: ValueError when the ring has no such key, or it is another secret."""
    try:
        box = _wrapping(version)
        return box.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _bound(key_id))
    except KeyError as error:
        raise ValueError(f"FIELD_KEYS has no key number {version}") from error
    except InvalidTag as error:
        raise ValueError(f"key number {version} of FIELD_KEYS did not wrap this") from error


def index_key() -> bytes:
    """The key of blind indexes, which no rotation changes.

    ``INDEX_KEY`` (hexadecimal) when it is set; else it follows from key number 1 alone.
    """
    if settings.INDEX_KEY:
        return bytes.fromhex(settings.INDEX_KEY)
    first = secrets_by_number().get(FIRST)
    if first is None:
        raise ImproperlyConfigured("INDEX_KEY must be set once FIELD_KEYS has no number 1.")
    return _short(b"index:" + first.encode())


def _short(key: bytes) -> bytes:
    """What HMAC makes of a long key: the same digests, and the secret is not in it."""
    return hashlib.sha256(key).digest() if len(key) > _HMAC_BLOCK_BYTES else key


def _wrapping(version: int) -> AESGCM:
    return AESGCM(_derived(secrets_by_number()[version]))


@lru_cache(maxsize=16)
def _derived(secret: str) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"wo-bss: wrapping data keys")
    return kdf.derive(secret.encode())


def _bound(key_id: UUID) -> bytes:
    return b"data key " + key_id.bytes


@lru_cache(maxsize=16)
def _parsed(ring: str, first: str) -> Mapping[int, str]:
    found: dict[int, str] = {}
    for part in filter(None, (part.strip() for part in ring.split(","))):
        number, colon, secret = part.partition(":")
        if not (number.isdecimal() and colon and secret):
            raise ImproperlyConfigured("FIELD_KEYS is written number:secret,number:secret.")
        found[int(number)] = secret
    if first:
        found.setdefault(FIRST, first)
    if not found:
        raise ImproperlyConfigured("Neither FIELD_KEYS nor FIELD_KEY is set.")
    return found
