"""``offset`` and ``limit``: which part of a list is asked for, and how the answer says so."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from rest_framework.request import Request
from rest_framework.response import Response

from bss.kernel.errors import BadInputError

ROWS_BY_DEFAULT = 20
ROWS_AT_MOST = 500
OFFSET_AT_MOST = 10_000_000


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a list; ``limit`` over the most is cut to it."""

    offset: int
    limit: int

    @classmethod
    def of(cls, query: QueryDict) -> "Window":
        """Raises: BadInputError for anything but whole numbers from 0."""
        return cls(
            offset=_whole(query, "offset", 0, most=OFFSET_AT_MOST),
            limit=min(_whole(query, "limit", ROWS_BY_DEFAULT), ROWS_AT_MOST),
        )

    @property
    def rows(self) -> slice:
        return slice(self.offset, self.offset + self.limit)


def answer(request: Request, items: Sequence[object], *, window: Window, total: int) -> Response:
    """200 when this is the whole list, 206 when it is a part; counts and neighbours as headers."""
    response = Response(list(items), status=200 if len(items) == total else 206)
    response["X-Total-Count"] = str(total)
    response["X-Result-Count"] = str(len(items))
    links = []
    if window.offset + window.limit < total and window.limit:
        links.append(_link(request, window.offset + window.limit, window.limit, "next"))
    if window.offset > 0:
        links.append(_link(request, max(0, window.offset - window.limit), window.limit, "prev"))
    if links:
        response["Link"] = ", ".join(links)
    return response


def _link(request: Request, offset: int, limit: int, rel: str) -> str:
    query = request.query_params.copy()
    query["offset"], query["limit"] = str(offset), str(limit)
    return f'<{request.build_absolute_uri(request.path)}?{query.urlencode()}>; rel="{rel}"'


def _whole(query: QueryDict, name: str, default: int, *, most: int | None = None) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise BadInputError((name, "应为从 0 起的整数"))
    value = int(text)
    if most is not None and value > most:
        raise BadInputError((name, "超出可查询的范围"))
    return value
