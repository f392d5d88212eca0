"""What was asked, as it is kept with the order and printed on the acceptance form."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from orders.rules.requests import AnyOrder

PERSONAL = frozenset({"install_address"})


def recorded(request: AnyOrder) -> dict[str, Any]:
    """The request as JSON: without what is empty, and without personal data in clear."""
    return {key: value for key, value in _plain(asdict(request)).items() if key != "type"}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            str(key): _plain(item)
            for key, item in value.items()
            if key not in PERSONAL and item not in (None, "", (), {})
        }
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
