"""The audit's key, which no database knows, and where its daily anchors are printed."""

import hashlib
import os
from pathlib import Path

from bss.embedded import addresses, places

AUDIT_KEY = os.environ.get("AUDIT_KEY") or addresses.local_secret("audit")
AUDIT_ANCHOR_DIR = Path(
    os.environ.get("AUDIT_ANCHOR_DIR") or places.current().root / "audit-anchors"
)

_BLOCK_BYTES = 64


def session_options(*, key: str, business_time: str) -> str:
    """What a database session knows from its start: the two pads of HMAC-SHA-256, for triggers.

    They come with the connection's start-up packet: never in a statement, a log or a table.
    """
    block = hashlib.sha256(b"audit:" + key.encode()).digest().ljust(_BLOCK_BYTES, b"\0")
    settings = {
        "bss.audit_inner": bytes(byte ^ 0x36 for byte in block).hex(),
        "bss.audit_outer": bytes(byte ^ 0x5C for byte in block).hex(),
    }
    if business_time:
        settings["bss.business_time"] = business_time.strip().replace(" ", "T")
    return " ".join(f"-c {name}={value}" for name, value in settings.items())
