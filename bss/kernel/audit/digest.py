"""The keyed digest of an entry and of a link: what only a holder of ``AUDIT_KEY`` can make."""

import hashlib
import hmac
import struct

from django.conf import settings

BEFORE_ALL = bytes(32)

# The content that a digest covers, as text, of the row that ``{e}`` names. The trigger of migration
# ``audit_only_grows`` has the same words; moments are whole microseconds, whatever the time zone.
CANONICAL = """jsonb_build_array(
    {e}.id, {e}.kind, (extract(epoch FROM {e}.at) * 1000000)::bigint,
    (extract(epoch FROM {e}.recorded_at) * 1000000)::bigint, {e}.staff_id, {e}.action,
    {e}.subject, {e}.customer_id, {e}.reason, {e}.source, {e}.address, {e}.session,
    {e}.interface, {e}.detail
)::text"""


def key() -> bytes:
    return hashlib.sha256(b"audit:" + settings.AUDIT_KEY.encode()).digest()


def entry_digest(canonical: str, *, key: bytes) -> bytes:
    """The digest that the database must have put into the entry."""
    return hmac.digest(key, canonical.encode(), "sha256")


def link_hash(previous: bytes, *, seq: int, entry_id: int, digest: bytes, key: bytes) -> bytes:
    """The hash of a link: over the one before, its own place, its entry and that one's digest."""
    message = b"".join((previous, struct.pack(">qq", seq, entry_id), digest))
    return hmac.digest(key, message, "sha256")
