"""How complete a customer's record is: the seven mandatory fields, each with its weight.

The install address is none of them: it belongs to each fixed line, and is asked for with its order.

Source: S40-6, S40-8.
"""

from collections.abc import Collection, Mapping
from typing import Final

from customers.rules.record_fields import MANDATORY, RecordFields, missing_fields

WEIGHTS: Final[Mapping[str, int]] = {
    "name": 20,
    "document_type": 10,
    "document_number": 20,
    "document_address": 10,
    "contact_name": 10,
    "contact_phone": 15,
    "postal_address": 15,
}
"""Field → points of a hundred: by what a customer is known and reached weighs most."""

WHOLE: Final = sum(WEIGHTS.values())
"""Units: points; a record that lacks nothing."""

LABELS: Final[Mapping[str, str]] = dict(MANDATORY)


def completeness(fields: RecordFields) -> int:
    """Units: points of a hundred."""
    return points_without(missing_fields(fields))


def points_without(missing: Collection[str]) -> int:
    """What a record scores that lacks these fields. Units: points of a hundred."""
    return WHOLE - sum(WEIGHTS[field] for field in missing)
