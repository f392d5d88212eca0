"""Who may use the open interface."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from bss.kernel import access


class MayUseApi(BasePermission):
    """The caller's roles carry ``api.use``."""

    message = "此工号没有使用开放接口的权限，请联系主管授予 api.use"

    def has_permission(self, request: Request, view: Any) -> bool:
        return access.can(request.user, "api.use")
