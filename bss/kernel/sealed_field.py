"""The model field of sealed text: a token in the database, clear text where Python asks for it.

Reading a row opens nothing; the first look at the attribute does, together with the keys of the
other rows that were just read. Writing seals under the data key that the row's ``key`` path leads
to, so it goes through ``save`` or ``bulk_create``; whatever would write clear text is refused, here
and by the table's own constraint (``sealed_or_empty``).
"""

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models.query_utils import DeferredAttribute


class ClearTextRefusedError(TypeError):
    """A sealed column would have got, or been compared with, clear text."""


class Sealed:
    """A sealed value as the database holds it; ``open`` gives it in clear."""

    __slots__ = ("_clear", "bound_to", "token")

    def __init__(self, token: str, *, bound_to: str) -> None:
        self.token = token
        self.bound_to = bound_to
        self._clear: str | None = None

    def open(self) -> str:
        """The text; nothing, once its key was destroyed."""
        from bss.kernel import sealing
        from bss.kernel.data_keys import KeyDestroyedError

        if self._clear is None:
            try:
                self._clear = sealing.unseal(self.token, bound_to=self.bound_to)
            except KeyDestroyedError:
                self._clear = ""
        return self._clear

    @property
    def key_id(self) -> UUID | None:
        from bss.kernel import sealing

        return sealing.key_of(self.token)

    def __reduce__(self) -> tuple[Any, ...]:
        return _sealed, (self.token, self.bound_to)

    def __repr__(self) -> str:
        return "<sealed>"

    __str__ = __repr__


def _sealed(token: str, bound_to: str) -> Sealed:
    return Sealed(token, bound_to=bound_to)


class _OpensWhenAsked(DeferredAttribute):
    """The attribute of an instance: opens what the database gave at the first look."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        return value.open() if isinstance(value, Sealed) else value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that is encrypted in the database and clear in Python.

    ``key`` is the path from the row to its data key's id, such as ``customer.data_key_id``.
    """

    descriptor_class = _OpensWhenAsked

    def __init__(self, *args: Any, key: str = "", **kwargs: Any) -> None:
        self.key = key
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        if self.key:
            kwargs["key"] = self.key
        return name, "bss.kernel.sealing.SealedTextField", args, kwargs

    @property
    def bound_to(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        """The value sealed under the row's key; as it was when it has not been changed."""
        from bss.kernel import sealing

        value = model_instance.__dict__.get(self.attname)
        if not value:
            return ""
        key_id = self._key_of(model_instance)
        if isinstance(value, Sealed) and value.key_id == key_id:
            return value
        clear = value.open() if isinstance(value, Sealed) else value
        if not isinstance(clear, str):
            raise ClearTextRefusedError(f"{self}: {type(clear).__name__} cannot be sealed")
        token = sealing.seal(clear, key_id=key_id, bound_to=self.bound_to)
        return Sealed(token, bound_to=self.bound_to)

    def get_prep_value(self, value: Any) -> Any:
        if not value:
            return ""
        if isinstance(value, Sealed):
            return value.token
        raise ClearTextRefusedError(
            f"{self} is sealed: write it by save() or bulk_create(); "
            "it can neither be updated by a queryset nor compared with text"
        )

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        from bss.kernel import data_keys, sealing

        if not value:
            return ""
        if key_id := sealing.key_of(value):
            data_keys.note(key_id)
        return Sealed(value, bound_to=self.bound_to)

    def value_to_string(self, obj: Any) -> str:
        """Fixtures hold the token, never the text."""
        prepared = self.get_prep_value(self.pre_save(obj, add=False))
        return str(prepared)

    def _key_of(self, row: Any) -> UUID:
        found = row
        for name in filter(None, self.key.split(".")):
            found = getattr(found, name, None)
        if not isinstance(found, UUID):
            raise ClearTextRefusedError(f"{self}: there is no data key at {self.key or 'its row'}")
        return found


class SealedOrEmpty(models.Func):
    """The condition of the tables' own constraint; the migrations name it."""

    template = "(%(expressions)s = '' OR %(expressions)s ~ '^(k1[.]|gAAAA)')"
    output_field = models.BooleanField()


def sealed_or_empty(column: str, *, name: str) -> models.CheckConstraint:
    """The database itself refuses clear text in this column."""
    return models.CheckConstraint(condition=SealedOrEmpty(models.F(column)), name=name)
