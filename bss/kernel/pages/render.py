"""Render a page whole or one named part of it; give a refused form back with its reasons."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bss.kernel.errors import BadInputError
from bss.kernel.rulebook import RefusedError


def render_part(
    request: HttpRequest, template: str, part: str, context: Mapping[str, Any]
) -> HttpResponse:
    """The whole page, or only its ``{% partialdef part %}`` when htmx asks for that."""
    htmx = getattr(request, "htmx", None)
    if htmx and not htmx.boosted and not htmx.history_restore_request:
        template = f"{template}#{part}"
    return render(request, template, dict(context))


def render_refused(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    refused: RefusedError | BadInputError | None = None,
) -> HttpResponse:
    """The form again, as it was typed, with every reason, as 422.

    The template shows them with ``{% refusals refusals %}``; a form's own faults need no
    ``refused``: ``{% form_errors form %}`` shows them.
    """
    refusals: Iterable[Any] = ()
    if isinstance(refused, RefusedError):
        refusals = refused.refusals
    elif isinstance(refused, BadInputError):
        refusals = refused.faults
    return render(request, template, {**context, "refusals": tuple(refusals)}, status=422)
