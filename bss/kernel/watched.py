"""Watched tables: a trigger writes into the audit what was inserted, changed or deleted there.

A model says so in its ``Meta``: ``triggers = [Watched(customer="owner_id")]``. The audit keeps the
changed columns alone, before and after; who and from where come from ``audit.acting``.
"""

from typing import Any

import pgtrigger
from django.db import models

# Set-based work says once what it did (``audit.as_one``); its rows say nothing then.
NOT_AS_ONE = "current_setting('bss.audit_as_one', true) IS DISTINCT FROM 'on'"


class Watched(pgtrigger.Trigger):
    """What is written of a table.

    ``customer``: the SQL of the customer's id, in terms of the row ``r``. ``key``: the column that
    names the row, when not its primary key. ``hidden``: columns of
    which only the change is told, as of every sealed one. ``masked``: names and numbers, which
    are told masked. ``silent``: columns of which nothing is told.
    """

    name = "audit"
    level = pgtrigger.Row
    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    condition = pgtrigger.Condition(NOT_AS_ONE)
    declare = [("r", "RECORD")]

    def __init__(
        self,
        *,
        customer: str = "NULL",
        key: str = "",
        hidden: tuple[str, ...] = (),
        masked: tuple[str, ...] = (),
        silent: tuple[str, ...] = (),
    ) -> None:
        super().__init__()
        self.customer = customer
        self.key = key
        self.hidden = hidden
        self.masked = masked
        self.silent = silent

    def get_func(self, model: Any) -> str:
        sealed = (str(field.column) for field in model._meta.concrete_fields if _is_sealed(field))
        hidden = sorted({*self.hidden, *sealed})
        table = model._meta.concrete_model._meta.model_name
        return f"""
            IF TG_OP = 'DELETE' THEN r := OLD; ELSE r := NEW; END IF;
            PERFORM kernel_audit_change(
                '{table}', TG_OP, r.{self.key or _key_of(model)}::text,
                ({self.customer})::bigint, to_jsonb(OLD), to_jsonb(NEW),
                {_array(hidden)}, {_array(self.masked)}, {_array(self.silent)}
            );
            RETURN NULL;
        """


def _is_sealed(field: "models.Field[Any, Any]") -> bool:
    from bss.kernel.sealed_field import SealedTextField

    return isinstance(field, SealedTextField | models.BinaryField)


def _key_of(model: type[models.Model]) -> str:
    key = model._meta.pk
    assert key is not None
    return str(key.column)


def _array(columns: "tuple[str, ...] | list[str]") -> str:
    return "'{" + ",".join(columns) + "}'::text[]"
