"""The daily anchor: the chain's head on paper, which nobody with the database can take back."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from bss.kernel import outbox
from bss.kernel.audit.seal import seal
from bss.kernel.errors import BadInputError
from bss.kernel.models.audit_chain import AuditLink
from bss.kernel.periods import BUSINESS_ZONE

PATTERN = "audit-anchor-*.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The chain as it was: how many links, and the last one's hash."""

    name: str
    seq: int
    hash: bytes


def write_anchor(*, at: datetime, written_at: datetime) -> Path:
    """Seal what waits and print the head of the chain into the day's file.

    ``at`` is the business moment that names the day, ``written_at`` the wall clock. An anchor
    that is there already stays: the earlier one holds the more.
    """
    seal(at=written_at)
    head = AuditLink.objects.order_by("-seq").values_list("seq", "hash").first()
    seq, own = (head[0], bytes(head[1])) if head else (0, bytes(32))
    folder = Path(settings.AUDIT_ANCHOR_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"audit-anchor-{at.astimezone(BUSINESS_ZONE):%Y-%m-%d}.txt"
    text = f"count {seq}\nhead {own.hex()}\nwritten {written_at.isoformat(timespec='seconds')}\n"
    try:
        with path.open("x", encoding="ascii") as file:
            file.write(text + f"check {_check(text)}\n")
    except FileExistsError:
        return path
    outbox.announce("audit.anchored", {"file": path.name, "count": seq, "head": own.hex()}, at=at)
    return path


def read_anchor(path: Path) -> Anchor:
    """Raises: BadInputError, when the file is not an anchor or was damaged."""
    try:
        text = path.read_text(encoding="ascii")
        body, _, check = text.rpartition("check ")
        words = dict(line.split(" ", 1) for line in body.splitlines())
        if check.strip() != _check(body):
            raise ValueError("check")
        return Anchor(name=path.name, seq=int(words["count"]), hash=bytes.fromhex(words["head"]))
    except (OSError, ValueError, KeyError) as error:
        raise BadInputError(("anchor", f"{path} is not an anchor that can be read.")) from error


def all_anchors() -> list[Anchor]:
    """Every anchor in ``AUDIT_ANCHOR_DIR``, by day."""
    return [read_anchor(path) for path in sorted(Path(settings.AUDIT_ANCHOR_DIR).glob(PATTERN))]


def _check(text: str) -> str:
    """Against a slip of the hand in copying; who wants to deceive has the head to contend with."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
