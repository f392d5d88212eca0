"""The OAuth server of the house: client credentials of interface numbers, and nothing else."""

from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes
from oauthlib.common import Request
from rest_framework.exceptions import APIException

from bss.identity.api.authentication import check_interface
from bss.identity.models import InterfaceNumber
from bss.identity.queries.interfaces import interface_of_client
from bss.kernel import clock
from bss.kernel.api.permissions import API_SCOPES
from bss.kernel.permissions import PERMISSIONS


class InterfaceScopes(BaseScopes):
    """The scopes are permission codes; an interface can have those that it was opened with."""

    def get_all_scopes(self) -> dict[str, str]:
        return {code: PERMISSIONS[code] for code in API_SCOPES}

    def get_available_scopes(self, application: Any = None, *args: Any, **more: Any) -> list[str]:
        interface = _interface_of(application)
        return list(interface.scopes) if interface else []

    def get_default_scopes(self, application: Any = None, *args: Any, **more: Any) -> list[str]:
        return self.get_available_scopes(application)


class InterfaceValidator(OAuth2Validator):
    """A client is an interface number that is open, in its hours and at its place (S85-3)."""

    def authenticate_client(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        if not super().authenticate_client(request, *args, **kwargs):
            return False
        interface = _interface_of(request.client)
        if interface is None:
            return False
        try:
            check_interface(interface, address=request.headers["caller"], at=clock.real_now())
        except APIException:
            return False
        return True


def _interface_of(application: Any) -> InterfaceNumber | None:
    return interface_of_client(application.client_id) if application else None
