"""``fields=``: only some first-level attributes of a resource."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

ALWAYS = ("id", "href")


def selected(resource: Mapping[str, Any], query: QueryDict) -> dict[str, Any]:
    """The resource with the asked attributes, ``id`` and ``href`` always among them."""
    asked = [name.strip() for value in query.getlist("fields") for name in value.split(",")]
    if not any(asked):
        return dict(resource)
    return {name: value for name, value in resource.items() if name in ALWAYS or name in asked}
