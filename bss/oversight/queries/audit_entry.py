"""One audit entry with its place in the chain, verified on the spot."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model

from bss.kernel.audit.digest import CANONICAL, entry_digest, key, link_hash
from bss.kernel.models import AuditEntry, AuditLink

EMPTY = (None, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One column before and after; None: it was not there."""

    column: str
    label: str
    before: Any
    after: Any


def link_of(entry: AuditEntry) -> AuditLink | None:
    """The entry's place in the chain, or None while it waits."""
    return AuditLink.objects.filter(entry_id=entry.pk).first()


def is_whole(entry: AuditEntry, link: AuditLink | None) -> bool:
    """Whether the entry and its link are as the product wrote them."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT e.digest, {CANONICAL.format(e='e')} FROM kernel_auditentry e WHERE id = %s",
            [entry.pk],
        )
        stored, canonical = cursor.fetchone()
    secret, digest = key(), bytes(stored)
    if entry_digest(canonical, key=secret) != digest:
        return False
    if link is None:
        return True
    previous = bytes(link.previous)
    own = link_hash(previous, seq=link.seq, entry_id=entry.pk, digest=digest, key=secret)
    return own == bytes(link.hash)


def changes_of(entry: AuditEntry) -> list[Changed]:
    """The columns that the entry tells of, in the words of the model where it has some."""
    before, after = _part(entry, "before"), _part(entry, "after")
    words = _words_of(entry.subject.partition(":")[0])
    return [
        Changed(
            column=column,
            label=words.get(column, ""),
            before=before.get(column),
            after=after.get(column),
        )
        for column in sorted({*before, *after})
        if before.get(column) not in EMPTY or after.get(column) not in EMPTY
    ]


def rest_of(entry: AuditEntry) -> list[tuple[str, Any]]:
    """What else the entry tells."""
    told = {"before", "after"} if changes_of(entry) else set()
    return [(name, _listed(value)) for name, value in entry.detail.items() if name not in told]


def _listed(value: Any) -> Any:
    """Several words or figures, as one reads them; anything else as it is."""
    plain = isinstance(value, list) and all(isinstance(one, str | int) for one in value)
    return ", ".join(map(str, value)) if plain else value


def _part(entry: AuditEntry, name: str) -> dict[str, Any]:
    part = entry.detail.get(name)
    return part if isinstance(part, dict) else {}


def _words_of(noun: str) -> dict[str, str]:
    """Column → the model's own Chinese name of it."""
    model: type[Model] | None = next(
        (model for model in apps.get_models() if model._meta.model_name == noun), None
    )
    if model is None:
        return {}
    return {
        str(field.column): str(field.verbose_name)
        for field in model._meta.concrete_fields
        if not str(field.verbose_name).isascii()
    }
