"""Who may use the open interface, and for what."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from bss.kernel import access

# The permissions that operations ask for beside ``api.use``: what an interface can be given.
API_SCOPES = ("customer.view", "order.view", "order.accept", "bundle.open", "account.view")


class MayUseApi(BasePermission):
    """The caller has ``api.use`` and what the operation needs (``view.needs``)."""

    def has_permission(self, request: Request, view: Any) -> bool:
        require(request, "api.use")
        if needed := getattr(view, "needs", {}).get(request.method):
            require(request, needed)
        return True


def require(request: Request, permission: str) -> None:
    """Raises: PermissionDenied with a sentence that names the permission."""
    if not access.can(request.user, permission):
        sentence = _("没有 %(permission)s 权限，请联系主管或接口负责人")
        raise PermissionDenied(sentence % {"permission": permission})
