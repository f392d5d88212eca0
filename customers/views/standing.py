"""How a record stands while it is typed: check digits, completeness, who it may be already."""

from dataclasses import dataclass
from typing import Any

from customers.forms import typed_record
from customers.models import Customer
from customers.queries.duplicates import likely_duplicates
from customers.queries.scope import visible_customers
from customers.queries.shown_names import shown_name
from customers.rules.completeness import completeness
from customers.rules.documents import document_fault
from customers.rules.record_fields import (
    MANDATORY,
    RecordFields,
    contact_faults,
    missing_fields,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """A customer that may be the same; without a code when the viewer may not reach it."""

    name: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the side of the form shows. Source: S40-6, S40-7."""

    score: int
    filled: int
    fields: tuple[tuple[str, bool], ...]
    document_typed: bool
    document_fault: str
    contact_faults: tuple[str, ...]
    duplicates: tuple[Duplicate, ...]

    @property
    def total(self) -> int:
        return len(self.fields)


def standing_of(
    data: Any, *, staff: Any, known: RecordFields | None = None, besides_id: int | None = None
) -> Standing:
    """The standing of what is typed; what is left empty is taken from the ``known`` record."""
    typed = typed_record(data)
    whole = _over(known, typed) if known else typed
    missing = set(missing_fields(whole))
    number = typed.document_number.strip()
    faults = contact_faults(
        name=whole.contact_name, phone=whole.contact_phone, customer_name=whole.name
    )
    return Standing(
        score=completeness(whole),
        filled=len(MANDATORY) - len(missing),
        fields=tuple((label, field not in missing) for field, label in MANDATORY),
        document_typed=bool(number),
        document_fault=document_fault(type=typed.document_type, number=number) if number else "",
        contact_faults=tuple(sentence for _, sentence in faults),
        duplicates=duplicates_of(typed, staff=staff, besides_id=besides_id),
    )


def duplicates_of(
    typed: RecordFields, *, staff: Any, besides_id: int | None = None
) -> tuple[Duplicate, ...]:
    """Who this may be already; customers of other managers are mentioned, not shown."""
    found = likely_duplicates(
        name=typed.name,
        document_number=typed.document_number,
        phone=typed.contact_phone,
        besides_id=besides_id,
    )
    reached = set(
        visible_customers(staff).filter(pk__in=[c.pk for c in found]).values_list("pk", flat=True)
    ) if found else set()  # fmt: skip
    return tuple(_duplicate(customer, shown=customer.pk in reached) for customer in found)


def _duplicate(customer: Customer, *, shown: bool) -> Duplicate:
    return Duplicate(
        name=shown_name(customer) if shown else "", code=customer.code if shown else ""
    )


def _over(known: RecordFields, typed: RecordFields) -> RecordFields:
    fields = [field for field, _ in MANDATORY]
    return RecordFields(
        **{field: getattr(typed, field).strip() or getattr(known, field) for field in fields}
    )
