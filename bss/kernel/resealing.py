"""Values of the first format, sealed by the ring itself, are sealed anew under their data keys."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Cast

from bss.kernel import sealing
from bss.kernel.sealed_field import Sealed, SealedTextField


def sealed_columns() -> Iterator[SealedTextField]:
    """Every sealed column of the product."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, SealedTextField):
                yield field


def of_the_first_format(field: SealedTextField) -> models.QuerySet[models.Model]:
    """The rows whose value the data key does not protect yet; ``token`` is the value as stored."""
    stored = field.model._base_manager.annotate(token=Cast(field.name, models.TextField()))
    return stored.exclude(token="").exclude(token__startswith=f"{sealing.FORMAT}.")


def reseal_some(field: SealedTextField, *, limit: int = 200) -> int:
    """Seal the next rows under their data keys; gives how many.

    Locks: the rows, by primary key.
    """
    path = field.key.replace(".", "__")
    with transaction.atomic():
        found = of_the_first_format(field).filter(**{f"{path}__isnull": False}).order_by("pk")
        rows = list(found.select_for_update(of=("self",)).values_list("pk", "token", path)[:limit])
        for pk, token, key_id in rows:
            text = sealing.unseal(token, bound_to=field.bound_to)
            fresh = sealing.seal(text, key_id=key_id, bound_to=field.bound_to)
            value = Sealed(fresh, bound_to=field.bound_to)
            field.model._base_manager.filter(pk=pk).update(**{field.name: value})
    return len(rows)
