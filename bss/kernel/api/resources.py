"""A resource of the open interface: list, one by id; what differs is declared by the subclass."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from rest_framework.parsers import JSONParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bss.kernel.api import fields, filters, problems, window
from bss.kernel.api.permissions import MayUseApi


class ApiView(APIView):
    """Every API view: token or session, ``api.use``, JSON in, problems out."""

    permission_classes = (IsAuthenticated, MayUseApi)
    parser_classes = (JSONParser,)
    permission = "api.use"

    def get_exception_handler(self) -> Callable[..., Any]:
        return problems.handle


class Resource(ApiView):
    """What list and detail share. ``rows`` is limited to the caller's scope by the subclass."""

    route: ClassVar[str]
    id_lookup: ClassVar[str] = "code"
    attributes: ClassVar[Mapping[str, filters.Attribute]] = {}

    def rows(self) -> QuerySet[Any]:
        raise NotImplementedError

    def shown(self, row: Any) -> dict[str, Any]:
        raise NotImplementedError

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
