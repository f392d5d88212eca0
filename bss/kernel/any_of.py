"""One of many keys, given to the database as one array.

``pk__in`` makes a parameter of every key: for a hundred thousand keys Django and the database's
parser take longer over the list than the database over the rows.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import F
from django.db.models.lookups import Lookup


class AnyOf(Lookup):
    """``Bundle.objects.filter(AnyOf("pk", keys))``; no key, no row."""

    lookup_name = "any_of"
    prepare_rhs = False

    def __init__(self, column: str | Any, keys: Iterable[int]) -> None:
        super().__init__(F(column) if isinstance(column, str) else column, list(keys))

    def get_prep_lhs(self) -> Any:
        return self.lhs

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY (%s::bigint[])", (*params, self.rhs)
