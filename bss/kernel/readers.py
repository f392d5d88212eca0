"""Headquarters see all and change nothing (S33-1): no POST of theirs is answered."""

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from bss.kernel import access

SAFE: Final = ("GET", "HEAD", "OPTIONS")

OWN_THINGS: Final = (
    "login",
    "logout",
    "set_language",
    "theme",
    "account_*",
    "mfa_*",
    "usersessions_*",
    "identity:prove",
    "identity:password",
    "identity:end_own_session",
    "desk:save_view",
    "desk:drop_view",
    "oversight:read_notices",
    "oauth_*",
    "openid_connect_*",
)
"""Names of addresses where people change what is theirs alone: their language, their password."""


class ReaderError(PermissionDenied):
    """403: whoever only reads has sent a change."""

    def __init__(self) -> None:
        super().__init__(_("总部角色只查询、不修改（S33-1）。"))


class ReadersChangeNothing:
    """Middleware: whatever a view allows, a reader's change is refused before it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Raises: ReaderError."""
        match = request.resolver_match
        if request.method in SAFE or (match and is_own_thing(match.view_name)):
            return
        if access.edits_nothing(request.user):
            raise ReaderError


def is_own_thing(url_name: str) -> bool:
    return any(fnmatchcase(url_name, pattern) for pattern in OWN_THINGS)
