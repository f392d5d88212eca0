"""No NUL in what is asked or sent: no person types one, and PostgreSQL cannot keep it."""

from collections.abc import Callable, Iterator

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict


class PlainText:
    """An address or a form with a NUL in it is answered 400, before anything is looked up by it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, *_: object) -> None:
        """In here, and not in ``__call__``, so that the refusal is the house's page for 400.

        The CSRF middleware has read the form already. Views that it does not guard are the open
        interface's, which answers in its own words.
        """
        if getattr(view, "csrf_exempt", False):
            return
        if any("\x00" in text for text in (request.path, *_texts(request.GET))):
            raise BadRequest("NUL")
        if request.method == "POST" and any("\x00" in text for text in _texts(request.POST)):
            raise BadRequest("NUL")


def _texts(sent: QueryDict) -> Iterator[str]:
    for name, values in sent.lists():
        yield name
        yield from values
