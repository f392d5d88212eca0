"""Who may use the open interface, and whose data they reach."""

from typing import Any

from django.db.models import Q
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from bss.kernel import access


class MayUseApi(BasePermission):
    """The caller's roles carry ``api.use``."""

    message = "此工号没有使用开放接口的权限，请联系主管授予 api.use"

    def has_permission(self, request: Request, view: Any) -> bool:
        return access.can(request.user, "api.use")


def in_scope(staff: Any, *, customer: str = "") -> Q:
    """The rows this caller reaches: an account manager's own customers', else all.

    ``customer`` is the path from the row to its customer, such as ``account__owner__``.
    """
    if access.sees_own_customers_only(staff):
        return Q(**{f"{customer}account_manager": staff})
    return Q()
