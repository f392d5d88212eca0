"""TM Forum's own documents: what a request is held against, and what the documentation shows.

The files in ``specs/tmf`` are Swagger 2; their definitions are JSON schemas as they stand.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from jsonschema import Draft4Validator, FormatChecker

FILES = {
    "TMF622": "TMF622-ProductOrdering-v4.0.0.json",
    "TMF629": "TMF629-Customer-v4.0.0.json",
    "TMF678": "TMF678-CustomerBill-v4.0.0.json",
}


def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


formats = FormatChecker(formats=())
formats.checks("date-time", raises=ValueError)(_is_moment)


@cache
def document(api: str) -> dict[str, Any]:
    """The official Swagger document, such as of ``TMF629``."""
    path = settings.BASE_DIR / "specs" / "tmf" / FILES[api]
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def base_path(api: str) -> str:
    """The official base path without slashes at its ends: ``tmf-api/…/v4``."""
    return str(document(api)["basePath"]).strip("/")


@cache
def validator(api: str, name: str) -> Draft4Validator:
    """What holds a value against one official definition."""
    definitions = document(api)["definitions"]
    schema = {"$ref": f"#/definitions/{name}", "definitions": definitions}
    return Draft4Validator(schema, format_checker=formats)


def faults(api: str, name: str, value: object) -> list[tuple[str, str]]:
    """(place, what is wrong) of everything in which a value breaks its definition."""
    found = sorted(validator(api, name).iter_errors(value), key=lambda e: [str(p) for p in e.path])
    return [(".".join(map(str, error.absolute_path)), error.message[:200]) for error in found]


def components() -> dict[str, Any]:
    """Every official definition as an OpenAPI 3 component, named ``TMF629_Customer``."""
    return {
        f"{api}_{name}": _as_openapi_3(definition, api)
        for api in FILES
        for name, definition in _definitions(api)
    }


def reference(api: str, name: str) -> dict[str, str]:
    """Where the documentation finds an official definition."""
    return {"$ref": f"#/components/schemas/{api}_{name}"}


def with_official_components(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """Hook of drf-spectacular: put the official definitions beside the paths that use them."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(components())
    return result


def _definitions(api: str) -> Iterator[tuple[str, Any]]:
    yield from document(api)["definitions"].items()


def _as_openapi_3(value: Any, api: str) -> Any:
    if isinstance(value, dict):
        return {key: _as_openapi_3(part, api) for key, part in value.items()}
    if isinstance(value, list):
        return [_as_openapi_3(part, api) for part in value]
    if isinstance(value, str) and value.startswith("#/definitions/"):
        return value.replace("#/definitions/", f"#/components/schemas/{api}_", 1)
    return value
