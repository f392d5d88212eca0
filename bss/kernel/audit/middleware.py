"""Every request acts as its person, from its address, in its session."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from bss.kernel.acting import Person, acting, session_mark
from bss.kernel.callers import address_of

API = "/tmf-api/"


class ActingMiddleware:
    """Stands after authentication; asks for the person only when something is recorded.

    ``request.interface_number`` (接口编号), where an interface signed the request in, is kept too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        source = "api" if request.path.startswith(API) else "web"
        with acting(person=lambda: person_of(request), source=source, address=address_of(request)):
            return self.get_response(request)


def person_of(request: HttpRequest) -> Person:
    """Whoever the request has been signed in as by now, by session or by token."""
    user = getattr(request, "user", None)
    session = getattr(request, "session", None)
    return Person(
        staff_id=user.pk if user is not None and user.is_authenticated else None,
        session=session_mark(session.session_key if session is not None else None),
        interface=str(getattr(request, "interface_number", ""))[:20],
    )
