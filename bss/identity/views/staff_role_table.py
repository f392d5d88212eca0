"""A1 角色: what each role may do, how far it reaches, and which roles stay apart."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bss.identity.rules.staff_roles import ALL_OTHERS, APART
from bss.kernel.access import PERMISSIONS, requires
from bss.kernel.models import Role
from bss.kernel.pages.said import said


@dataclass(frozen=True, slots=True)
class Row:
    """One permission: its code, its words, and for each role whether it has it."""

    code: str
    words: str
    held: tuple[bool, ...]


@requires("staff.view")
def role_table(request: HttpRequest) -> HttpResponse:
    """Permission × role, read only: roles are changed with the product, not by hand."""
    at_work = Count("staff", filter=Q(staff__is_active=True))
    roles = list(Role.objects.annotate(people=at_work).order_by("code"))
    rows = [
        Row(code, said(words), tuple(code in role.permissions for role in roles))
        for code, words in PERMISSIONS.items()
    ]
    context = {
        "roles": roles,
        "areas": [list(found) for _, found in groupby(rows, key=lambda r: r.code.split(".")[0])],
        "apart": roles_apart(),
    }
    return render(request, "identity/staff_roles.html", context)


def roles_apart() -> list[tuple[str, list[str], str]]:
    """(role, those it does not go with, why); no others named: it goes with none."""
    names = {code: said(name) for code, name in Role.objects.values_list("code", "name")}
    return [
        (
            names.get(rule.role, rule.role),
            [names.get(o, o) for o in rule.others if o != ALL_OTHERS],
            said(rule.why),
        )
        for rule in APART
    ]
