"""Who may use the open interface, and for what."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from bss.kernel import access
from bss.kernel.readers import SAFE, ReaderError

# The permissions that operations ask for beside ``api.use``: what an interface can be given.
API_SCOPES = ("customer.view", "order.view", "order.accept", "bundle.open", "account.view")


class MayUseApi(BasePermission):
    """The caller has ``api.use`` and what the operation needs (``view.needs``).

    What is read is in the scope of ``api.use``: an interface reaches no further than the role
    that lets its person use it.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        require(request, "api.use")
        if needed := getattr(view, "needs", {}).get(request.method):
            require(request, needed)
        if request.method not in SAFE and access.edits_nothing(request.user):
            raise ReaderError
        return access.admit(request.user, "api.use")


def require(request: Request, permission: str) -> None:
    """Raises: PermissionDenied with a sentence that names the permission."""
    if not access.can(request.user, permission):
        sentence = _("没有 %(permission)s 权限，请联系主管或接口负责人")
        raise PermissionDenied(sentence % {"permission": permission})
