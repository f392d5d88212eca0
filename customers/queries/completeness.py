"""The completeness score of many customers at once: what is sealed is counted, never opened."""

from typing import Any

from django.db.models import Case, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from customers.models import Contact, Customer, Document
from customers.rules.completeness import LABELS, WEIGHTS, WHOLE

OF_DOCUMENT = {
    "document_type": "type",
    "document_number": "number",
    "document_address": "address",
}
OF_CONTACT = {"contact_name": "name", "contact_phone": "phone"}
OF_CUSTOMER = {"name": "name", "postal_address": "postal_address"}


def with_completeness(customers: QuerySet[Customer]) -> QuerySet[Any]:
    """The same customers, each with ``completeness`` in points of a hundred. Source: S40-6."""
    return customers.annotate(
        completeness=_points(OF_CUSTOMER)
        + _of_main(Document, OF_DOCUMENT)
        + _of_main(Contact, OF_CONTACT)
    )


def incomplete(customers: QuerySet[Any]) -> QuerySet[Any]:
    """Those of customers ``with_completeness`` that lack something."""
    return customers.filter(completeness__lt=WHOLE)


def missing_of(customer_ids: list[int]) -> dict[int, list[str]]:
    """Customer → what it lacks, in the order of the form, as message ids."""
    lacking: dict[int, set[str]] = {
        key: {field for field, there in zip(OF_CUSTOMER, given, strict=True) if not there}
        | {*OF_DOCUMENT, *OF_CONTACT}
        for key, *given in Customer.objects.filter(pk__in=customer_ids)
        .annotate(**_filled(OF_CUSTOMER))
        .values_list("pk", *(f"has_{field}" for field in OF_CUSTOMER))
    }
    for model, columns in ((Document, OF_DOCUMENT), (Contact, OF_CONTACT)):
        main = model.objects.filter(customer__in=customer_ids, main=True)  # type: ignore[attr-defined]
        rows = main.annotate(**_filled(columns))
        for key, *given in rows.values_list("customer", *(f"has_{field}" for field in columns)):
            lacking[key] -= {f for f, there in zip(columns, given, strict=True) if there}
    return {key: [LABELS[f] for f in LABELS if f in fields] for key, fields in lacking.items()}


def _filled(columns: dict[str, str]) -> dict[str, Any]:
    return {
        f"has_{field}": Case(When(_is_there(column), then=Value(1)), default=Value(0))
        for field, column in columns.items()
    }


def _points(columns: dict[str, str]) -> Any:
    total: Any = Value(0, output_field=IntegerField())
    for field, column in columns.items():
        total += Case(
            When(_is_there(column), then=Value(WEIGHTS[field])),
            default=Value(0),
            output_field=IntegerField(),
        )
    return total


def _is_there(column: str) -> Q:
    """The column holds something; for a sealed one, a token."""
    return ~Q(**{column: ""})


def _of_main(model: Any, columns: dict[str, str]) -> Any:
    """The points of the customer's main document or contact; none where there is none."""
    main = model.objects.filter(customer=OuterRef("pk"), main=True).annotate(p=_points(columns))
    return Coalesce(Subquery(main.values("p")[:1]), Value(0))
