"""What no address of the house asks: a NUL, which PostgreSQL has no text for."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse


class QuestionsInText:
    """An address with a NUL in it is answered 400, before any page looks something up by it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """In here, and not in ``__call__``, so that the refusal is the house's page for 400."""
        if "\x00" in request.path or any(
            "\x00" in text for pair in request.GET.lists() for text in (pair[0], *pair[1])
        ):
            raise BadRequest("NUL")
