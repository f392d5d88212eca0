"""A resource of the open interface: list, one by id; what differs is declared by the subclass."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bss.kernel.api import fields, filters, problems, window
from bss.kernel.api.bodies import BoundedJSONParser
from bss.kernel.api.permissions import MayUseApi
from bss.kernel.api.source import HasSource
from bss.kernel.api.throttles import AddressThrottle, SourceThrottle


class ApiView(APIView):
    """Every API view: a token and so a source, ``api.use``, JSON in, problems out.

    ``needs``: the permission of each method beside ``api.use``; an interface has it as a scope.
    """

    permission_classes = (IsAuthenticated, HasSource, MayUseApi)
    throttle_classes = (SourceThrottle,)
    parser_classes = (BoundedJSONParser,)
    permission = "api.use"
    needs: ClassVar[Mapping[str, str]] = {}

    def perform_authentication(self, request: Request) -> None:
        """Count the address first: guessing a token is not free of charge."""
        throttle = AddressThrottle()
        if not throttle.allow_request(request, self):
            self.throttled(request, throttle.wait() or 0)
        super().perform_authentication(request)

    def get_exception_handler(self) -> Callable[..., Any]:
        return problems.handle


class Resource(ApiView, ABC):
    """What list and detail share. ``rows`` is limited to the caller's scope by the subclass."""

    route: ClassVar[str]
    id_lookup: ClassVar[str] = "code"
    attributes: ClassVar[Mapping[str, filters.Attribute]] = {}

    @abstractmethod
    def rows(self) -> QuerySet[Any]:
        """What the caller reaches."""

    @abstractmethod
    def shown(self, row: Any) -> dict[str, Any]:
        """One row as the official document has it."""

    def key_of(self, id: str) -> Any:
        """The id of the address as the rows keep it."""
        return filters.text(id)

    def href(self, id: str) -> str:
        """The address of the resource with this id."""
        return self.request.build_absolute_uri(reverse(self.route, args=[id]))

    def list(self, request: Request) -> Response:
        """The part of the list that is asked for, filtered, with the fields that are asked for."""
        part = window.Window.of(request.query_params)
        found = self.rows().filter(filters.asked_for(request.query_params, self.attributes))
        items = [fields.selected(self.shown(row), request.query_params) for row in found[part.rows]]
        return window.answer(request, items, window=part, total=found.count())

    def one(self, request: Request, id: str) -> Response:
        """The one with this id; 304 when the caller has it already. Raises: Http404."""
        row = self.rows().filter(**{self.id_lookup: self.key_of(id)}).first()
        if row is None:
            raise Http404
        return with_etag(request, fields.selected(self.shown(row), request.query_params))


def with_etag(request: Request, resource: Mapping[str, Any]) -> Response:
    """The resource with its entity tag, or 304 without a body."""
    response = Response(resource)
    tag = quote_etag(hashlib.sha256(repr(resource).encode()).hexdigest()[:32])
    django_request: HttpRequest = request._request
    unchanged = get_conditional_response(django_request, etag=tag)
    if unchanged is not None and unchanged.status_code == 304:
        response = Response(status=304)
    response["ETag"] = tag
    return response
